package dev.parley.cli;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The incident as a group chat, with Debian's own Alertmanager.
@DisplayName("On call")
class AlertsTest {

    private static final String SALES = "+12025550101";
    private static final String ANN = "+12025550111";
    private static final String BOB = "+12025550112";

    @TempDir
    private Path directory;

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String http(String method, String url, String body) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    @DisplayName("an alert is texted to a group, one of whom acknowledges it from a phone, and all hear of that")
    void acknowledged() throws Exception {
        var alertmanager = Peers.program("prometheus-alertmanager", "prometheus-alertmanager");
        try (var world = DemoWorld.start(directory.resolve("demo"))) {
            var lines = world.api().get("/api/v1/lines").ok().path("items");
            var sales = lines.valueStream()
                    .filter(line -> line.path("number").asString("").equals(SALES))
                    .findFirst()
                    .orElseThrow()
                    .path("id")
                    .asString("");
            var group = world.api()
                    .post(
                            "/api/v1/conversations",
                            Map.of(
                                    "line",
                                    sales,
                                    "title",
                                    "On call",
                                    "participants",
                                    List.of(
                                            Map.of("number", ANN, "name", "Ann"),
                                            Map.of("number", BOB, "name", "Bob"))))
                    .ok()
                    .path("id")
                    .asString("");
            int hook = freePort();
            int am = freePort();
            var receiver = DemoWorld.java(
                    directory.resolve("receiver.log"),
                    List.of(
                            "alerts",
                            "--url",
                            world.state().path("url").asString(""),
                            "--token",
                            world.state().path("token").asString(""),
                            "--conversation",
                            group,
                            "--listen",
                            "127.0.0.1:" + hook));
            Files.writeString(directory.resolve("alertmanager.yml"), """
                    route: {receiver: parley, group_by: [alertname], group_wait: 100ms, group_interval: 1s}
                    receivers:
                      - name: parley
                        webhook_configs: [{url: "http://127.0.0.1:%d/", send_resolved: true}]
                    """.formatted(hook));
            var watch = new ProcessBuilder(
                            alertmanager.toString(),
                            "--config.file=" + directory.resolve("alertmanager.yml"),
                            "--storage.path=" + directory.resolve("alertmanager"),
                            "--web.listen-address=127.0.0.1:" + am,
                            "--web.external-url=http://127.0.0.1:" + am,
                            "--cluster.listen-address=")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("alertmanager.log").toFile())
                    .start();
            try {
                var api = "http://127.0.0.1:" + am + "/api/v2";
                Await.until("the receiver listens", () -> read("receiver.log").contains("Receiving alerts"));
                Await.until("Alertmanager is ready", () -> isThere(api + "/status"), () -> read("alertmanager.log"));
                http("POST", api + "/alerts", """
                        [{"labels": {"alertname": "ParleyLinkNotReady", "link": "aggregator"},
                          "annotations": {"summary": "Link aggregator has not been ready."}}]
                        """);
                var fires = "FIRING: Link aggregator has not been ready. Reply ACK to silence.";
                Await.until(
                        "both have it",
                        () -> world.inbox(ANN).contains(fires)
                                && world.inbox(BOB).contains(fires),
                        () -> read("receiver.log") + read("alertmanager.log"));

                world.text(BOB, SALES, "ack 2h");

                Await.until(
                        "Ann hears of it",
                        () -> world.inbox(ANN).contains("Silenced by Bob for 2 h: 1 alert."),
                        () -> world.inbox(ANN) + read("receiver.log"));
                var silences = http("GET", api + "/silences", "");
                assertTrue(silences.contains("\"createdBy\":\"Bob\"") && silences.contains("aggregator"), silences);
                assertEquals(1, world.inbox(BOB).stream().filter(fires::equals).count());
            } finally {
                DemoWorld.end(watch);
                DemoWorld.end(receiver);
            }
        }
    }

    private static boolean isThere(String url) {
        try {
            return http("GET", url, "").contains("versionInfo");
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
