package dev.parley.sim;

import com.sun.net.httpserver.HttpServer;
import dev.parley.sim.network.Handset;
import dev.parley.sim.network.Received;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.smpp.SmppListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Kannel's bearerbox and smsbox as an SMPP system that is not ours: Debian's `kannel`. Skipped
/// where it is missing, or failed if the environment says `PARLEY_PEERS=required`.
@Timeout(120)
class KannelTest {

    private static final String KANNEL = "+12025550199";
    private static final String ANN = "+12025550111";
    private static final String LONG = "A long text {with brackets}. ".repeat(10) + "End.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final Smsc smsc = new Smsc();
    private final List<Process> running = new ArrayList<>();
    private final List<String> receipts = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private SmppListener port;

    @SuppressWarnings("NullAway.Init")
    private HttpServer ears;

    @BeforeEach
    void start() throws IOException {
        port = SmppListener.open(any(), smsc);
        ears = HttpServer.create(any(), 0);
        ears.createContext("/receipt", http -> {
            receipts.add(http.getRequestURI().getQuery());
            http.sendResponseHeaders(200, -1);
            http.close();
        });
        ears.start();
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (var process : running.reversed()) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        ears.stop(0);
        port.close();
        smsc.close();
    }

    @Test
    void bindsSendsGetsItsReceiptsAndReceives() throws Exception {
        talk();
    }

    @Test
    void saysAndHearsNothingThatTsharkCannotDecode() throws Exception {
        try (var capture = Capture.start(port.port(), directory)) {
            talk();
            for (var command :
                    List.of("0x00000009", "0x80000009", "0x00000004", "0x80000004", "0x00000005", "0x80000005")) {
                Await.until(
                        "a captured " + command,
                        Duration.ofSeconds(30),
                        capture::commands,
                        all -> all.contains(command));
            }
            assertEquals(List.of(), capture.malformed());
        }
    }

    private void talk() throws Exception {
        Peers.program("bearerbox");
        Peers.program("smsbox");
        int sendPort = freePort();
        var configuration = configured(sendPort);
        started("bearerbox", configuration);
        Await.until("Kannel's bind", Duration.ofSeconds(30), port::sessions, sessions -> sessions == 1);
        started("smsbox", configuration);
        try (var http = HttpClient.newHttpClient()) {
            Await.until(
                    "the first text taken",
                    Duration.ofSeconds(30),
                    () -> sent(http, sendPort, "Hello from Kannel"),
                    status -> status == 202);
            assertEquals(202, sent(http, sendPort, LONG));
        }
        Await.until("both at Ann's", this::texts, List.of("Hello from Kannel", LONG)::equals);
        // Kannel asks for a receipt of each of the three parts, and tells of the last of a long text.
        Await.until(
                "receipts",
                () -> List.copyOf(receipts),
                all -> all.stream().filter("type=1"::equals).count() >= 2);
        smsc.text(smsc.used(ANN), KANNEL, "ping");
        Await.until("Kannel's reply", this::texts, texts -> texts.contains("pong to ping"));
    }

    private List<String> texts() {
        return smsc.handset(ANN).map(Handset::received).orElse(List.of()).stream()
                .map(Received::text)
                .toList();
    }

    private int sent(HttpClient http, int sendPort, String text) {
        var uri = URI.create("http://127.0.0.1:" + sendPort
                + "/cgi-bin/sendsms?username=parley&password=secret&dlr-mask=3&from=" + written(KANNEL) + "&to="
                + written(ANN) + "&text=" + written(text) + "&dlr-url="
                + written("http://127.0.0.1:" + ears.getAddress().getPort() + "/receipt?type=%d"));
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            return 0; // smsbox does not listen yet
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static String written(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Path configured(int sendPort) throws IOException {
        return Files.writeString(
                directory.resolve("kannel.conf"), """
                group = core
                admin-port = %d
                admin-interface = "127.0.0.1"
                admin-password = secret
                smsbox-port = %d
                smsbox-interface = "127.0.0.1"
                box-allow-ip = "127.0.0.1"
                log-level = 1
                dlr-storage = internal
                sms-combine-concatenated-mo = true

                group = smsc
                smsc = smpp
                smsc-id = sim
                host = 127.0.0.1
                port = %d
                transceiver-mode = true
                smsc-username = kannel
                smsc-password = secret
                system-type = ""
                interface-version = 34
                enquire-link-interval = 5
                source-addr-autodetect = true
                dest-addr-ton = 1
                dest-addr-npi = 1
                max-pending-submits = 10

                group = smsbox
                bearerbox-host = 127.0.0.1
                sendsms-port = %d
                sendsms-interface = "127.0.0.1"
                log-level = 1

                group = sendsms-user
                username = parley
                password = secret
                max-messages = 10
                concatenation = true

                group = sms-service
                keyword = default
                text = "pong to %%a"
                catch-all = true
                """.formatted(freePort(), freePort(), port.port(), sendPort));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void started(String program, Path configuration) throws IOException {
        running.add(new ProcessBuilder(Peers.program(program).toString(), configuration.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(program + ".log").toFile())
                .start());
    }
}
