package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import dev.parley.world.MariaDbServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The daemon on a database server that somebody else runs, which goes away and comes back.
@DisplayName("A database server of the user's own")
class ServerDatabaseTest {

    private static final String DESK = "+12025550100";
    private static final String SALES = "+12025550101";
    private static final String ANN = "+12025550111";
    private static final String BOB = "+12025550112";
    private static final String CHLOE = "+12025550113";
    private static final String DAN = "+12025550114";

    /// ESME_RX_T_APPN: "not now, try again later" (SMPP v3.4 §5.1.3).
    private static final int RECEIVER_TEMPORARY = 0x64;

    @TempDir
    private Path directory;

    private final Deque<Process> processes = new ArrayDeque<>();

    @Test
    @DisplayName("the main job works, and while the database is away nothing is lost, over a modem and over SMPP")
    void awayAndBack() throws Exception {
        try (var database = MariaDbServer.start(directory.resolve("mariadb"))) {
            try {
                var simulator = simulator();
                var api = daemon(simulator, database);
                simulator.put("/modems/modem-1", Map.of("airTimeMs", 10)).ok();
                for (var line : List.of(DESK, SALES)) {
                    send(api, line, ANN, "one from " + line);
                    awaitInbox(simulator, ANN, line, "one from " + line);
                }

                // One that Bob's phone gets, and one whose response comes, while the database is away.
                handset(simulator, BOB, Map.of("reach", "off"));
                var toBob = send(api, SALES, BOB, "for Bob");
                Await.until("the SMSC has it", () -> status(api, toBob).equals("sent"));
                simulator.put("/smsc", Map.of("latencyMs", 4_000)).ok();
                long submitted = submitted(simulator);
                var toDan = send(api, SALES, DAN, "for Dan");
                Await.until("the SMSC has the next too", () -> submitted(simulator) > submitted);

                database.stop();
                var refused = api.post("/api/v1/messages", Map.of("to", ANN, "text", "not accepted"));
                assertEquals(503, refused.status(), refused.body().toString());
                text(simulator, ANN, DESK, "Away one");
                text(simulator, ANN, SALES, "Away two");
                text(simulator, ANN, SALES, "Away three");
                text(simulator, CHLOE, SALES, "Away four");
                handset(simulator, BOB, Map.of("reach", "on"));
                awaitInbox(simulator, BOB, SALES, "for Bob");
                Await.until(
                        "the SMSC was told to try later, of a text of each phone and of both receipts",
                        () -> notNow(simulator) >= 4,
                        () -> simulator.get("/smsc").body().toString());
                database.startAgain();

                Await.until("it is ready again", () -> api.get("/readyz").status() == 200);
                for (var text : List.of("Away one", "Away two", "Away three", "Away four")) {
                    Await.until("\"" + text + "\" is in its thread", () -> found(api, text) > 0);
                }
                for (var message : List.of(toBob, toDan)) {
                    Await.until(
                            "its receipt has settled it",
                            () -> status(api, message).equals("delivered"));
                }
                simulator.put("/smsc", Map.of("latencyMs", 0)).ok();
                for (var line : List.of(DESK, SALES)) {
                    send(api, line, ANN, "two from " + line);
                    awaitInbox(simulator, ANN, line, "one from " + line, "two from " + line);
                }
                awaitInbox(simulator, DAN, SALES, "for Dan");
                awaitInbox(simulator, BOB, SALES, "for Bob");
                Await.until("the SMSC has nothing left", () -> smsc(simulator, "waiting") == 0);
                for (var text : List.of("Away one", "Away two", "Away three", "Away four")) {
                    assertEquals(1, found(api, text), text);
                }
            } finally {
                end();
            }
        }
    }

    /// @return the message's path
    private static String send(Json api, String line, String to, String text) {
        var answer =
                api.post("/api/v1/messages", Map.of("line", MainJobTest.lineId(api, line), "to", to, "text", text));
        assertEquals(202, answer.status(), answer.body().toString());
        return "/api/v1/messages/" + answer.body().path("id").asString("");
    }

    private static String status(Json api, String message) {
        return api.get(message).ok().path("deliveries").path(0).path("status").asString("");
    }

    private static int found(Json api, String text) {
        return api.get("/api/v1/messages?query=" + text.replace(" ", "%20"))
                .ok()
                .path("items")
                .size();
    }

    private static String handset(String number) {
        return "/handsets/" + number.replace("+", "%2B");
    }

    private static void handset(Json simulator, String number, Map<String, Object> how) {
        simulator.put(handset(number), how).ok();
    }

    private static void text(Json simulator, String from, String to, String text) {
        simulator
                .post(handset(from) + "/messages", Map.of("to", to, "text", text))
                .ok();
    }

    private static long smsc(Json simulator, String figure) {
        return simulator.get("/smsc").ok().path(figure).asLong(-1);
    }

    private static long submitted(Json simulator) {
        return smsc(simulator, "submitted");
    }

    /// How often the SMSC was told by the daemon to send a text or a receipt again.
    private static long notNow(Json simulator) {
        return simulator
                .get("/smsc")
                .ok()
                .path("deliverAnswers")
                .path("" + RECEIVER_TEMPORARY)
                .asLong(0);
    }

    private static void awaitInbox(Json simulator, String number, String line, String... texts) {
        Await.until(
                number + " has " + List.of(texts) + " from " + line,
                () -> inbox(simulator, number, line).equals(List.of(texts)),
                () -> inbox(simulator, number, line).toString());
    }

    private static List<String> inbox(Json simulator, String number, String line) {
        return simulator
                .get(handset(number) + "/messages")
                .ok()
                .valueStream()
                .filter(message -> message.path("from").asString("").equals(line))
                .map(message -> message.path("text").asString(""))
                .toList();
    }

    private Json simulator() throws IOException {
        var dir = directory.resolve("sim");
        Files.createDirectories(dir);
        processes.push(DemoWorld.program(
                "dev.parley.sim.Sim",
                directory.resolve("simulator.log"),
                List.of(
                        "--control",
                        "127.0.0.1:0",
                        "--smsc",
                        "127.0.0.1:0",
                        "--modem",
                        "modem-1=" + DESK,
                        "--dir",
                        dir.toString())));
        var state = dir.resolve("sim.json");
        Await.until("the simulated network is ready", () -> Files.exists(state));
        return new Json(
                Json.MAPPER.readTree(Files.readString(state)).path("control").asString(""), Optional.empty());
    }

    private Json daemon(Json simulator, MariaDbServer database) throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var config = directory.resolve("parley.yaml");
        Files.writeString(config, """
                http: {listen: "127.0.0.1:%d"}
                database: %s
                lines:
                  - {number: "%s", name: Front desk, links: [modem-1]}
                  - {number: "%s", name: Sales, links: [aggregator]}
                links:
                  modem-1: {kind: modem, port: "%s"}
                  aggregator: {kind: smpp, host: 127.0.0.1, port: %d, systemId: parley, password: secret}
                """.formatted(
                        port,
                        database.yaml(),
                        DESK,
                        SALES,
                        simulator.get("/modems/modem-1").ok().path("pty").asString(""),
                        smsc(simulator, "port")));
        run("user", List.of("user", "add", "--config", config.toString(), "--name", "admin", "--role", "admin"));
        run("token", List.of("token", "add", "--config", config.toString(), "--user", "admin"));
        var token = Files.readString(directory.resolve("token.log"))
                .lines()
                .filter(line -> line.startsWith("parley_"))
                .findFirst()
                .orElseThrow();
        var log = directory.resolve("daemon.log");
        var daemon = DemoWorld.java(log, List.of("run", "--config", config.toString()));
        processes.push(daemon);
        var api = new Json("http://127.0.0.1:" + port, Optional.of(token));
        Await.until("the daemon is ready", () -> {
            if (!daemon.isAlive()) {
                throw new AssertionError("the daemon ended: see " + log);
            }
            try {
                return api.trySend("GET", "/readyz", Optional.empty()).status() == 200;
            } catch (IOException | JacksonException _) {
                return false;
            }
        });
        return api;
    }

    private void run(String name, List<String> arguments) throws Exception {
        var log = directory.resolve(name + ".log");
        var process = DemoWorld.java(log, arguments);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new AssertionError(name + " failed:\n" + Files.readString(log));
        }
    }

    private void end() {
        processes.forEach(DemoWorld::end);
    }
}
