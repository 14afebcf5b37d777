package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

    private static boolean isTaken(String line) {
        try {
            var text = Map.of("line", line, "to", "+12025550113", "text", "After it");
            return world.api()
                            .trySend("POST", "/api/v1/messages", Optional.of(text))
                            .status()
                    == 202;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Order(2)
    @DisplayName("a sound one is taken over as a whole, by the same process, and texts go on")
    void reload() throws Exception {
        Files.writeString(config(), Files.readString(config()).replace("Front desk", "Reception"));
        world.hangUp();
        Await.until("the line has its new name", () -> isCalled("Reception"), world::logs);
        world.hangUp(); // fails if it is not the process that it was
        var line = world.api()
                .get("/api/v1/lines")
                .ok()
                .path("items")
                .path(1)
                .path("id")
                .asString("");
        // The second reload may be on its way, and the port closed for a moment.
        Await.until("a text is taken", () -> isTaken(line), world::logs);
        Await.until("it arrives", () -> world.inbox("+12025550113").contains("After it"), world::logs);
    }

    @Test
    @Order(3)
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
    @Order(4)
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
