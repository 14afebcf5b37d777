package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What an operator does with a daemon that runs: reload, start it twice by mistake, back up, restore.
@DisplayName("Operating a daemon")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsTest {

    private static final byte[] HEALTHZ =
            "GET /healthz HTTP/1.1\r\nHost: parley\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path directory;

    private static DemoWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
        world.end();
        world.takeOver();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static Path config() {
        return Path.of(world.state().path("config").asString(""));
    }

    private static String log() {
        try {
            return Files.readString(world.directory().resolve("daemon-0.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine() {
        return world.api()
                .get("/api/v1/lines")
                .ok()
                .path("items")
                .path(0)
                .path("name")
                .asString("");
    }

    private static boolean isCalled(String name) {
        try {
            return firstLine().equals(name);
        } catch (UncheckedIOException | AssertionError _) {
            return false; // between the old one and the new
        }
    }

    private record Ended(int status, String said) {}

    private static Ended command(String... arguments) throws Exception {
        var log = Files.createTempFile(directory, "command", ".log");
        var process = DemoWorld.java(log, List.of(arguments));
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> "still running: " + List.of(arguments));
        return new Ended(process.exitValue(), Files.readString(log));
    }

    @Test
    @Order(1)
    @DisplayName("a configuration with a mistake is told of, and nothing of it is taken over")
    void mistake() throws Exception {
        var sound = Files.readString(config());
        try {
            Files.writeString(config(), sound.replace("Front desk", "Reception") + "\nnonsense: 1\n");
            world.hangUp();
            Await.until("the mistake is told", () -> log().contains("nonsense"));
            assertEquals("Front desk", firstLine());
        } finally {
            Files.writeString(config(), sound);
        }
    }

    @Test
    @Order(2)
    @DisplayName("a sound one is taken over as a whole, by the same process, and texts go on")
    void reload() throws Exception {
        Files.writeString(config(), Files.readString(config()).replace("Front desk", "Reception"));
        world.hangUp();
        Await.until("the line has its new name", () -> isCalled("Reception"), world::logs);
        world.hangUp(); // changes nothing, and fails if it is not the process that it was
        var line = world.api()
                .get("/api/v1/lines")
                .ok()
                .path("items")
                .path(1)
                .path("id")
                .asString("");
        world.api()
                .post("/api/v1/messages", Map.of("line", line, "to", "+12025550113", "text", "After it"))
                .ok();
        Await.until("it arrives", () -> world.inbox("+12025550113").contains("After it"), world::logs);
    }

    /// One client after another, each on a connection of its own, until `enough`.
    private static Thread clients(AtomicBoolean enough, Collection<String> refused, AtomicInteger served) {
        var url = URI.create(world.state().path("url").asString(""));
        return Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                try (var socket = new Socket(url.getHost(), url.getPort())) {
                    socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
                    socket.getOutputStream().write(HEALTHZ);
                    var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    if (answer.startsWith("HTTP/1.1 200 ")) {
                        served.incrementAndGet();
                    } else {
                        refused.add("answered: " + answer);
                    }
                } catch (IOException e) {
                    refused.add(e.toString());
                }
            }
        });
    }

    @Test
    @Order(3)
    @DisplayName("no client is refused meanwhile: who comes between the old one and the new waits at the door")
    void door() throws Exception {
        var enough = new AtomicBoolean();
        var refused = new ConcurrentLinkedQueue<String>();
        var served = new AtomicInteger();
        var clients = List.of(clients(enough, refused, served), clients(enough, refused, served));
        try {
            Await.until("clients are served", () -> served.get() > 20);
            for (var name : List.of("Desk", "Reception")) {
                int before = served.get();
                Files.writeString(
                        config(),
                        Files.readString(config()).replaceAll("name: (Reception|Desk),", "name: " + name + ","));
                world.hangUp();
                Await.until("the line has its new name", () -> isCalled(name), world::logs);
                Await.until("clients are served again", () -> served.get() > before + 20, world::logs);
            }
        } finally {
            enough.set(true);
            for (var client : clients) {
                client.join();
            }
        }
        assertEquals(List.of(), List.copyOf(refused));
    }

    @Test
    @Order(4)
    @DisplayName("a second daemon on the same database is refused with a sentence, and changes nothing")
    void second() throws Exception {
        var other = directory.resolve("other.yaml");
        Files.writeString(
                other, Files.readString(config()).replaceFirst("listen: \"[^\"]*\"", "listen: \"127.0.0.1:0\""));
        var refused = command("run", "--config", other.toString());
        assertEquals(1, refused.status(), refused.said());
        assertTrue(refused.said().contains("Another Parley daemon uses this database"), refused.said());
        assertEquals(1.0, world.metric("parley_database_held"));
    }

    @Test
    @Order(6)
    @DisplayName("data of the release before is restored and brought up to date, and its conversations go on")
    void releaseBefore() throws Exception {
        world.end();
        var restored = command(
                "restore",
                "--config",
                config().toString(),
                "--queue",
                "send",
                Path.of("src", "test", "resources", "releases", "before.sql.gz").toString());
        assertEquals(0, restored.status(), restored.said());
        var token = command("token", "add", "--config", config().toString(), "--user", "admin");
        assertEquals(0, token.status(), token.said());
        world.takeOver();
        var api = new Json(
                world.state().path("url").asString(""), Optional.of(token.said().strip()));

        var conversations = api.get("/api/v1/conversations")
                .ok()
                .path("items")
                .valueStream()
                .toList();
        var party = conversations.stream()
                .filter(each -> each.path("title").asString("").equals("Garden party"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of("Nora", "Omar", "Priya"),
                party.path("participants")
                        .valueStream()
                        .map(each -> each.path("name").asString(""))
                        .sorted()
                        .toList());
        var messages = "/api/v1/conversations/" + party.path("id").asString("") + "/messages";
        var said = api.get(messages)
                .ok()
                .path("items")
                .valueStream()
                .map(each -> each.path("text").asString(""))
                .toList();
        assertTrue(said.contains("I can be there at 9"), said::toString);
        assertEquals(12, api.get("/api/v1/contacts").ok().path("items").size());
        assertEquals(
                List.of("I can be there at 9"),
                api.get("/api/v1/messages?query=there%20at%209")
                        .ok()
                        .path("items")
                        .valueStream()
                        .filter(each -> each.path("direction").asString("").equals("inbound"))
                        .map(each -> each.path("text").asString(""))
                        .toList(),
                "the search finds what was said before");

        var optedOut = api.get("/api/v1/opt-outs").ok().path("items").path(0);
        assertEquals("+12025550175", optedOut.path("number").asString(""));
        assertEquals("opted-out", optedOut.path("state").asString(""));

        api.post(messages, Map.of("text", "It rains, we meet inside")).ok();
        Await.until(
                "a text to an old group arrives",
                () -> world.inbox("+12025550173").stream().anyMatch(text -> text.endsWith("It rains, we meet inside")),
                world::logs);
        world.text("+12025550171", party.path("line").path("number").asString(""), "Inside is fine");
        Await.until(
                "an answer to it is in the group",
                () -> api.get(messages)
                        .ok()
                        .path("items")
                        .valueStream()
                        .anyMatch(each -> each.path("text").asString("").equals("Inside is fine")),
                world::logs);
    }

    @Test
    @Order(5)
    @DisplayName(
            "a backup is taken while the daemon works, and restored with the texts that waited as they were told to be")
    void backup() throws Exception {
        var line = world.api()
                .get("/api/v1/lines")
                .ok()
                .path("items")
                .path(1)
                .path("id")
                .asString("");
        var later = Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        var waiting = world.api()
                .post(
                        "/api/v1/messages",
                        Map.of(
                                "line",
                                line,
                                "to",
                                "+12025550114",
                                "text",
                                "Dear ‘Dan’ \\ 😱\nbye",
                                "sendAt",
                                later.toString()))
                .ok()
                .path("id")
                .asString("");
        var file = directory.resolve("parley.sql.gz").toString();
        var taken = command("backup", "--config", config().toString(), file);
        assertEquals(0, taken.status(), taken.said());
        world.api()
                .post("/api/v1/messages", Map.of("line", line, "to", "+12025550115", "text", "Not in it"))
                .ok();

        var running = command("restore", "--config", config().toString(), file);
        assertEquals(1, running.status(), running.said());
        assertTrue(running.said().contains("Another Parley daemon uses this database"), running.said());

        world.end();
        var cut = directory.resolve("cut.sql.gz");
        var whole = Files.readAllBytes(Path.of(file));
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        assertEquals(
                1,
                command("restore", "--config", config().toString(), cut.toString())
                        .status());
        var restored = command("restore", "--config", config().toString(), "--queue", "expire", file);
        assertEquals(0, restored.status(), restored.said());
        world.takeOver();

        var message = world.api().get("/api/v1/messages/" + waiting).ok();
        assertEquals("Dear ‘Dan’ \\ 😱\nbye", message.path("text").asString(""));
        Await.until(
                "what waited has expired",
                () -> {
                    var delivery = world.api()
                            .get("/api/v1/messages/" + waiting)
                            .ok()
                            .path("deliveries")
                            .path(0);
                    // "no-link": its validity ended before it was handed over.
                    return delivery.path("status").asString("").equals("failed");
                },
                () -> world.api().get("/api/v1/messages/" + waiting).body().toString());
        assertEquals(
                0,
                world.api()
                        .get("/api/v1/messages?query=Not%20in%20it")
                        .ok()
                        .path("items")
                        .size());
    }
}
