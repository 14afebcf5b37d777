package dev.parley.modem;

import dev.parley.world.Await;
import dev.parley.world.Busy;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// What people who run gateways have reported of their modems, on the whole daemon: its modem links,
/// inbox and queue and a MariaDB server of its own. Each row is an odd modem on a pty, on a line of its
/// own ([FieldCases]); all are played at once, since what takes time is waiting.
@DisplayName("Odd modems of the field")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FieldTest {

    /// A link that should be ready and is not is acted on all the same.
    private static final double READY_MAX_SECONDS = 60;

    @TempDir
    private static Path directory;

    private static final Map<String, FieldCase> CASES = new TreeMap<>();
    private static final Map<String, CompletableFuture<String>> ENDS = new HashMap<>();
    private static final Map<FieldCase, String> NAMES = new HashMap<>();
    private static final Map<FieldCase, String> LINES = new HashMap<>();
    private static @Nullable Process daemon;
    private static @Nullable Json api;

    /// One row of the tables.
    record Row(String id, String kind, String modem, String right) {
        @Override
        public String toString() {
            return id + ": " + modem;
        }
    }

    static Stream<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        for (var table : List.of("modem-cases.json", "more-modem-cases.json")) {
            try (var in = Objects.requireNonNull(FieldTest.class.getResourceAsStream("/field/" + table), table)) {
                for (var row : Json.MAPPER.readTree(in)) {
                    rows.add(new Row(
                            row.path("id").asString(),
                            row.path("kind").asString(),
                            row.path("modem").asString(),
                            row.path("right").asString()));
                }
            }
        }
        return rows.stream();
    }

    @BeforeAll
    static void start() throws Exception {
        var config = new StringBuilder();
        var links = new StringBuilder();
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        config.append("http: {listen: \"127.0.0.1:%d\"}%ndatabase: {embedded: db}%nlines:%n".formatted(port));
        int number = 0;
        for (var one : FieldCases.all().entrySet()) {
            var modem = one.getValue().get();
            var name = "modem-" + number;
            CASES.put(one.getKey(), modem);
            NAMES.put(modem, name);
            modem.plug(directory.resolve(name));
            modem.before();
            config.append("  - {number: \"%s\", name: %s, links: [%s]}%n".formatted(line(number), one.getKey(), name));
            links.append("  %s: {kind: modem, port: %s%s}%n".formatted(name, name, modem.config));
            number++;
        }
        Files.writeString(directory.resolve("parley.yaml"), config + "links:\n" + links);
        run("user", "user", "add", "--config", config(), "--name", "admin", "--role", "admin");
        run("token", "token", "add", "--config", config(), "--user", "admin");
        var token = Files.readString(directory.resolve("token.log"))
                .lines()
                .filter(said -> said.startsWith("parley_"))
                .findFirst()
                .orElseThrow();
        api = new Json("http://127.0.0.1:" + port, Optional.of(token));
        startDaemon();
        var ids = new HashMap<String, String>();
        all("/api/v1/lines")
                .forEach(line ->
                        ids.put(line.path("number").asString(), line.path("id").asString()));
        NAMES.forEach((modem, name) -> LINES.put(
                modem, Objects.requireNonNull(ids.get(line(Integer.parseInt(name.substring("modem-".length())))))));
        CASES.forEach((id, modem) -> {
            var end = new CompletableFuture<String>();
            ENDS.put(id, end);
            Thread.ofPlatform().daemon().name(id).start(() -> play(modem, end));
        });
    }

    private static String config() {
        return directory.resolve("parley.yaml").toString();
    }

    private static String line(int number) {
        return "+12025559%03d".formatted(number);
    }

    private static void run(String log, String... arguments) throws Exception {
        var file = directory.resolve(log + ".log");
        var end = DemoWorld.java(file, List.of(arguments)).waitFor();
        assertEquals(0, end, () -> said(file));
    }

    private static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Json api() {
        return Objects.requireNonNull(api);
    }

    private static void startDaemon() throws IOException {
        var log = directory.resolve("daemon.log");
        var started = DemoWorld.java(log, List.of("run", "--config", config()));
        daemon = started;
        Await.until("the daemon is ready", () -> {
            if (!started.isAlive()) {
                throw new AssertionError("the daemon ended: " + said(log));
            }
            try {
                return api().trySend("GET", "/readyz", Optional.empty()).status() == 200;
            } catch (IOException | JacksonException _) {
                return false;
            }
        });
    }

    @AfterAll
    static void stop() {
        CASES.values().forEach(FieldCase::close);
        if (daemon != null) {
            DemoWorld.end(daemon);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @Order(1)
    void isRight(Row row) {
        var end = Objects.requireNonNull(ENDS.get(row.id()), () -> row.id() + " has no modem");
        assertEquals("", end.join(), row.right());
    }

    /// The serial library closes all ports by a shutdown hook of its own; the link has to be done
    /// before.
    @Test
    @Order(2)
    @DisplayName("a stop in the middle of a hand-over waits for its end, and the text goes once")
    void stopsInOrder() throws Exception {
        CompletableFuture.allOf(ENDS.values().toArray(CompletableFuture[]::new)).join();
        var modem = Objects.requireNonNull(CASES.get("X1_Ordinary"));
        int before = modem.sent.size();
        modem.airMillis = 3_000;
        var handOvers = modem.count("AT+CMGS=", 1_000);
        var message = RIG.send(modem, FieldCase.BOB, "in the middle");
        Await.until("it is on the air", () -> modem.count("AT+CMGS=", 1_000) > handOvers);
        var stopped = Objects.requireNonNull(daemon);
        stopped.destroy(); // SIGTERM
        stopped.waitFor();
        assertEquals(before + 1, modem.sent.size(), "the hand-over came to its end");
        modem.airMillis = 50;
        startDaemon();
        Await.until("it is sent", () -> List.of("sent", "delivered").contains(SEEN.status(message)));
        assertEquals(before + 1, modem.sent.size(), "and was the only one");
    }

    private static boolean isOver(long since, double seconds) {
        return System.nanoTime() - since > seconds * 1e9;
    }

    private static void play(FieldCase modem, CompletableFuture<String> end) {
        try {
            var begun = System.nanoTime();
            while (modem.readyFirst
                    && !SEEN.state(modem).equals("ready")
                    && !isOver(begun, READY_MAX_SECONDS * Busy.times())) {
                FieldModem.pause(1);
            }
            modem.act(RIG);
            modem.acted = true;
            var acted = System.nanoTime();
            while (modem.early
                    ? !isOver(acted, modem.within * Busy.times())
                            && modem.wrong(SEEN).isPresent()
                    : !isOver(acted, modem.within)) {
                FieldModem.pause(1);
            }
            end.complete(modem.wrong(SEEN).orElse(""));
        } catch (RuntimeException | AssertionError e) {
            end.complete(e.toString());
        }
    }

    // What is done and seen

    private static String linkOf(FieldCase modem) {
        return Objects.requireNonNull(NAMES.get(modem));
    }

    private static String lineOf(FieldCase modem) {
        return Objects.requireNonNull(LINES.get(modem));
    }

    private static final FieldCase.Rig RIG = new FieldCase.Rig() {
        @Override
        public String send(FieldCase from, String to, String text) {
            return asked(() -> api().post("/api/v1/messages", Map.of("line", lineOf(from), "to", to, "text", text)))
                    .ok()
                    .path("id")
                    .asString();
        }

        @Override
        public void restart(FieldCase link) {
            asked(() -> api().post("/api/v1/links/" + linkOf(link) + "/restart", Map.of()));
        }

        @Override
        public String ussd(FieldCase link, String code) {
            var answer = asked(() -> api().post("/api/v1/links/" + linkOf(link) + "/ussd", Map.of("code", code)));
            return answer.status() == 200
                    ? answer.body().path("text").asString()
                    : answer.body().toString();
        }
    };

    /// Asks again while the database is busy with all the others.
    private static Json.Answer asked(Supplier<Json.Answer> question) {
        return Await.value(
                "an answer",
                () -> Optional.of(question.get()).filter(answer -> answer.status() != 503 && answer.status() != 429));
    }

    private static List<JsonNode> all(String path) {
        var items = new ArrayList<JsonNode>();
        var from = "";
        do {
            var address = path + "?limit=200" + from;
            var page = asked(() -> api().get(address)).ok();
            page.path("items").forEach(items::add);
            from = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asString();
        } while (!from.isEmpty());
        return items;
    }

    /// What all of them look at is read once for all, every now and then.
    private static final FieldCase.Seen SEEN = new FieldCase.Seen() {
        private static final long FRESH_NANOS = 1_500_000_000L;

        private Map<String, JsonNode> links = Map.of();
        private Map<String, TreeMap<Long, String>> texts = Map.of();
        private long linksAt = System.nanoTime() - FRESH_NANOS;
        private long textsAt = System.nanoTime() - FRESH_NANOS;

        @Override
        public synchronized List<String> texts(FieldCase line) {
            if (System.nanoTime() - textsAt >= FRESH_NANOS) {
                var now = new HashMap<String, TreeMap<Long, String>>();
                for (var conversation : all("/api/v1/conversations")) {
                    var there = now.computeIfAbsent(
                            conversation.path("line").path("id").asString(), _ -> new TreeMap<>());
                    for (var message : all(
                            "/api/v1/conversations/" + conversation.path("id").asString() + "/messages")) {
                        if (message.path("direction").asString().equals("inbound")) {
                            there.put(
                                    Long.parseLong(message.path("id").asString()),
                                    message.path("text").asString());
                        }
                    }
                }
                texts = now;
                textsAt = System.nanoTime();
            }
            return List.copyOf(texts.getOrDefault(lineOf(line), new TreeMap<>()).values());
        }

        private synchronized JsonNode link(FieldCase link) {
            if (System.nanoTime() - linksAt >= FRESH_NANOS / 3) {
                var now = new HashMap<String, JsonNode>();
                all("/api/v1/links").forEach(one -> now.put(one.path("name").asString(), one));
                links = now;
                linksAt = System.nanoTime();
            }
            return Objects.requireNonNull(links.get(linkOf(link)));
        }

        @Override
        public String state(FieldCase link) {
            return link(link).path("state").asString();
        }

        @Override
        public String sentence(FieldCase link) {
            return link(link).path("sentence").asString();
        }

        /// One at a time: nobody else is to wait for them.
        @Override
        public synchronized String status(String message) {
            return asked(() -> api().get("/api/v1/messages/" + message))
                    .ok()
                    .path("deliveries")
                    .path(0)
                    .path("status")
                    .asString();
        }
    };
}
