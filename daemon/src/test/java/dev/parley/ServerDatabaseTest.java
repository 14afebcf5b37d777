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

    private static final String LINE = "+12025550100";
    private static final String ANN = "+12025550111";

    @TempDir
    private Path directory;

    private final Deque<Process> processes = new ArrayDeque<>();

    @Test
    @DisplayName("the main job works, and while the database is away nothing is lost")
    void awayAndBack() throws Exception {
        try (var database = MariaDbServer.start(directory.resolve("mariadb"))) {
            try {
                var simulator = simulator();
                var api = daemon(simulator, database);
                simulator.put("/modems/modem-1", Map.of("airTimeMs", 10)).ok();

                send(api, "one");
                Await.until("the first text arrives", () -> inbox(simulator).equals(List.of("one")));

                database.stop();
                var refused = api.post("/api/v1/messages", Map.of("to", ANN, "text", "not accepted"));
                assertEquals(503, refused.status(), refused.body().toString());
                simulator
                        .post("/handsets/%2B12025550111/messages", Map.of("to", LINE, "text", "while it was away"))
                        .ok();
                database.startAgain();

                Await.until("it is ready again", () -> api.get("/readyz").status() == 200);
                Await.until(
                        "the text that came meanwhile is in the thread",
                        () -> api.get("/api/v1/messages?query=while")
                                .body()
                                .toString()
                                .contains("while it was away"));
                send(api, "two");
                Await.until(
                        "the second text arrives, and the refused one does not",
                        () -> inbox(simulator).equals(List.of("one", "two")));
            } finally {
                end();
            }
        }
    }

    private static void send(Json api, String text) {
        var answer = api.post("/api/v1/messages", Map.of("to", ANN, "text", text));
        assertEquals(202, answer.status(), answer.body().toString());
    }

    private static List<String> inbox(Json simulator) {
        return simulator
                .get("/handsets/%2B12025550111/messages")
                .ok()
                .valueStream()
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
                        "modem-1=" + LINE,
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
                links:
                  modem-1: {kind: modem, port: "%s"}
                """.formatted(
                        port,
                        database.yaml(),
                        LINE,
                        simulator.get("/modems/modem-1").ok().path("pty").asString("")));
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
