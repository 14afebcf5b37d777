package dev.parley.cli;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What an operator types, against a daemon that runs: what is printed for a person and for a program,
/// and the status that a script goes by.
@DisplayName("The command line")
class CommandsTest {

    @TempDir
    private static Path directory;

    private static DemoWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private record Ended(int status, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }

        List<JsonNode> objects() {
            return out.lines().map(Json.MAPPER::readTree).toList();
        }

        Ended ok() {
            assertEquals(0, status, err);
            return this;
        }
    }

    private static Ended parley(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
        return new Ended(status, out.toString(), err.toString());
    }

    /// A command that asks the daemon, as the demo's admin.
    private static Ended asked(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", state("url"), "--token", state("token")));
        return parley(all.toArray(String[]::new));
    }

    /// A command that works on the database.
    private static Ended desk(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", state("config")));
        return parley(all.toArray(String[]::new));
    }

    private static String state(String key) {
        return world.state().path(key).asString("");
    }

    @Test
    @DisplayName("adds, lists and removes users, and says which it does not know")
    void users() {
        var id = desk("user", "add", "--name", "carla", "--role", "member", "--scope", "assigned")
                .ok()
                .out()
                .strip();
        assertTrue(desk("user", "list").ok().lines().stream()
                .anyMatch(line -> line.matches(id + " +member +assigned +carla")));
        var listed = desk("user", "list", "--json").ok().objects().stream()
                .filter(user -> user.path("name").asString().equals("carla"))
                .toList();
        assertEquals(1, listed.size());
        assertEquals(
                List.of("id", "role", "scope", "name"),
                List.copyOf(listed.getFirst().propertyNames()));

        desk("user", "remove", "--name", "carla").ok();
        assertFalse(desk("user", "list").ok().out().contains("carla"));
        var again = desk("user", "remove", "--name", "carla");
        assertEquals(1, again.status());
        assertEquals("parley: there is no user \"carla\"\n", again.err());
    }

    @Test
    @DisplayName("sets a password from the standard input, with which its user signs in")
    void password() throws Exception {
        desk("user", "add", "--name", "dora", "--role", "admin").ok();
        var log = directory.resolve("password.log");
        var process = DemoWorld.java(log, List.of("user", "password", "--name", "dora", "--config", state("config")));
        try (var in = process.outputWriter()) {
            in.write("seven odd geese\n");
        }
        assertEquals(0, process.waitFor(), () -> read(log));
        assertEquals(
                200,
                new Json(state("url"), java.util.Optional.empty())
                        .post("/api/v1/session", Map.of("username", "dora", "password", "seven odd geese"))
                        .status());
    }

    @Test
    @DisplayName("makes tokens whose secret is shown once, lists them without it, and revokes them")
    void tokens() {
        var made = desk("token", "add", "--user", "admin", "--name", "backup job", "--days", "7", "--json")
                .ok()
                .objects()
                .getFirst();
        var secret = made.path("token").asString();
        assertTrue(secret.startsWith("parley_"), secret);
        assertEquals(
                0, parley("links", "--url", state("url"), "--token", secret).status());

        var list = desk("token", "list", "--json").ok();
        assertFalse(list.out().contains(secret));
        var id = list.objects().stream()
                .filter(token -> token.path("name").asString().equals("backup job"))
                .map(token -> token.path("id").asString())
                .findFirst()
                .orElseThrow();
        assertTrue(desk("token", "list").ok().lines().stream().anyMatch(line -> line.startsWith(id + " ")));

        desk("token", "revoke", id).ok();
        assertEquals(1, desk("token", "revoke", id).status());
        Await.until(
                "the daemon knows it no more",
                () -> parley("links", "--url", state("url"), "--token", secret).status() == 1);
    }

    @Test
    @DisplayName("lists links with what they are, and who drives them")
    void links() {
        Await.until(
                "both links are ready",
                () -> asked("links", "--json").ok().objects().stream()
                        .allMatch(link -> link.path("state").asString().equals("ready")));
        assertEquals(
                List.of("modem-1 modem ready", "aggregator smpp ready"),
                asked("links").ok().lines().stream()
                        .map(line -> line.replaceAll(" +", " "))
                        .sorted((one, other) -> other.compareTo(one))
                        .toList());
        assertTrue(world.api()
                .get("/api/v1/links")
                .ok()
                .path("items")
                .valueStream()
                .allMatch(link -> link.path("lease").asString("").equals("held")));
    }

    @Test
    @DisplayName("sends by a line's number or name, and the conversation is listed")
    void send() {
        for (var line : List.of("+12025550101", "sales")) {
            var id = asked("send", "--line", line, "--to", "+12025550121", "Hello by " + line)
                    .ok()
                    .out()
                    .strip();
            assertEquals(
                    "Hello by " + line,
                    world.api().get("/api/v1/messages/" + id).ok().path("text").asString(""));
        }
        assertTrue(asked("send", "--line", "Sales", "--to", "+12025550121", "Once more", "--json")
                .ok()
                .objects()
                .getFirst()
                .has("id"));
        assertTrue(asked("conversations", "--json").ok().objects().stream()
                .anyMatch(conversation -> conversation.path("kind").asString().equals("direct")
                        && conversation.path("participants").asString().contains("+12025550121")));

        var refused = asked("send", "--line", "Sales", "--to", "911", "Help");
        assertEquals(1, refused.status());
        assertEquals("", refused.out());
        assertTrue(refused.err().startsWith("parley: not sent: "), refused.err());
    }

    @ParameterizedTest(name = "parley {0}")
    @DisplayName("ends with 2 where the command line is wrong, with 1 where nothing answers, and says why")
    @CsvSource(delimiter = '|', textBlock = """
            ''                                           | 2 | Say which command to run.
            nonsense                                     | 2 | Unmatched argument at index 0: 'nonsense'
            links --colour                               | 2 | Unknown option: '--colour'
            links --config a --url b                     | 2 | mutually exclusive
            user                                         | 2 | Say what to do: parley user add, list, password or remove.
            user add --name x --role king                | 2 | --role is "king"; expected admin or member
            token add --user admin --days 0              | 2 | --days is 0; expected 1 or more
            bench --clients 0                            | 2 | --clients: expected 1 to 1000
            bench fill 0                                 | 2 | N is 0; expected 1 or more
            links --url http://127.0.0.1:1 --token x     | 1 | no daemon answers at http://127.0.0.1:1
            links --url nowhere --token x                | 1 | is no address of a daemon
            links --config /nonexistent.yaml --token x   | 1 | /nonexistent.yaml
            user list --config /nonexistent.yaml         | 1 | /nonexistent.yaml
            check-config /nonexistent.yaml               | 1 | /nonexistent.yaml
            """)
    void mistakes(String line, int status, String said) {
        var ended = parley(line.isEmpty() ? new String[0] : line.split(" "));
        assertEquals(status, ended.status(), ended.err());
        assertTrue(ended.err().contains(said), ended.err());
        assertEquals("", ended.out());
    }

    @Test
    @DisplayName("says as an object what there is to say, also what a person gets in other words or in none")
    void objects() throws Exception {
        var version = parley("version", "--json").ok().objects().getFirst();
        assertEquals(Runtime.version().toString(), version.path("java").asString(""));

        var checked = parley("check-config", state("config"), "--json").ok().objects();
        assertEquals(1, checked.size());
        assertTrue(checked.getFirst().path("ok").asBoolean(false));
        assertEquals(
                "+12025550100",
                checked.getFirst().path("lines").path(0).path("number").asString(""));
        assertEquals(
                "modem-1", checked.getFirst().path("links").path(0).path("name").asString(""));

        var wrong = directory.resolve("wrong.yaml");
        Files.writeString(wrong, Files.readString(Path.of(state("config"))) + "\nnonsense: 1\n");
        var mistaken = parley("check-config", wrong.toString(), "--json");
        assertEquals(1, mistaken.status());
        var mistake = mistaken.objects().getFirst().path("mistakes").path(0);
        assertEquals("nonsense", mistake.path("key").asString(""));
        assertTrue(mistake.path("line").asInt(0) > 1 && mistake.path("column").asInt(0) == 1, mistake.toString());

        var part = parley("pdu", "encode", "--to", "+12025550111", "--json", "Hello")
                .ok()
                .objects()
                .getFirst();
        assertEquals(part.path("length").asInt(0), part.path("hex").asString("").length() / 2 - 1);
        assertEquals(
                "Hello",
                parley("pdu", "decode", "--json", part.path("hex").asString(""))
                        .ok()
                        .objects()
                        .getFirst()
                        .path("text")
                        .asString(""));

        desk("user", "add", "--name", "emil", "--role", "member").ok();
        assertTrue(desk("user", "remove", "--name", "emil", "--json")
                .ok()
                .objects()
                .getFirst()
                .path("removed")
                .asBoolean(false));
        assertEquals(
                1,
                asked("person", "export", "+12025550122", "--json")
                        .ok()
                        .objects()
                        .size());
        assertTrue(parley("modem", "probe", "/nonexistent", "--json")
                .objects()
                .getFirst()
                .has("trouble"));
    }

    /// Those that print nothing of their own, or go on for ever and say by other options in which form.
    private static final List<String> WITHOUT_JSON =
            List.of("parley run", "parley demo", "parley events", "parley record", "parley manual");

    @Test
    @DisplayName("has --json for every command that prints something")
    void json() {
        var without = new ArrayList<String>();
        collectWithoutJson(
                Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())), without);
        assertEquals(
                WITHOUT_JSON.stream().sorted().toList(),
                without.stream().sorted().toList());
    }

    private static void collectWithoutJson(picocli.CommandLine command, List<String> without) {
        for (var sub : command.getSubcommands().values()) {
            var spec = sub.getCommandSpec();
            if (!sub.getSubcommands().isEmpty()) {
                collectWithoutJson(sub, without);
            } else if (spec.findOption("--json") == null && !spec.name().equals("help")) {
                without.add(spec.qualifiedName());
            }
        }
    }

    @Test
    @DisplayName("explains every command, and each option of it")
    void help() {
        explain(List.of(), Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())));
    }

    private static void explain(List<String> path, picocli.CommandLine command) {
        if (command.getCommandSpec().name().equals("help")) {
            return;
        }
        var arguments = new ArrayList<>(path);
        arguments.add("--help");
        if (command.getCommandSpec().findOption("--help") != null) {
            var help = parley(arguments.toArray(String[]::new)).ok().out();
            assertTrue(help.startsWith("Usage: " + command.getCommandSpec().qualifiedName()), help);
            for (var option : command.getCommandSpec().options()) {
                assertTrue(option.hidden() || help.contains(option.longestName()), help);
                assertTrue(
                        option.hidden()
                                || !String.join("", option.description()).isBlank(),
                        path + " " + option.longestName() + " has no description");
            }
        }
        command.getSubcommands().forEach((name, sub) -> {
            var below = new ArrayList<>(path);
            below.add(name);
            explain(below, sub);
        });
    }

    /// A command that goes on until it is interrupted, and what it has printed so far.
    private static final class Going implements AutoCloseable {
        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private final Thread thread;

        Going(String... arguments) {
            var all = new ArrayList<>(Arrays.asList(arguments));
            all.addAll(List.of("--url", state("url"), "--token", state("token")));
            thread = Thread.ofPlatform()
                    .start(() -> Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                            .execute(all.toArray(String[]::new)));
        }

        String printed() {
            return out.toString();
        }

        String complained() {
            return err.toString();
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    @DisplayName("shows what happens as it happens, to be read or as JSON")
    void tail() throws Exception {
        try (var person = new Going("tail", "--all");
                var program = new Going("tail", "--all", "--json")) {
            world.text("+12025550122", "+12025550101", "Is anybody\nthere?");
            Await.until(
                    "the text is shown",
                    () -> person.printed()
                            .lines()
                            .anyMatch(line ->
                                    line.startsWith("message.received ") && line.endsWith(": Is anybody there?")),
                    person::printed);
            Await.until(
                    "the text is an object",
                    () -> program.printed()
                            .lines()
                            .map(Json.MAPPER::readTree)
                            .anyMatch(event -> event.path("event").asString("").equals("message.received")
                                    && event.path("text").asString("").equals("Is anybody\nthere?")
                                    && !event.path("eventId").asString("").isEmpty()),
                    program::printed);
        }
    }

    @Test
    @DisplayName("runs a program for each inbound text, again until it succeeds, and goes on behind its cursor")
    void exec() throws Exception {
        var seen = directory.resolve("seen");
        var failed = directory.resolve("failed");
        var cursor = directory.resolve("cursor");
        var command = "cat >" + directory.resolve("input") + "; printf '%s|%s\\n' \"$PARLEY_FROM\" \"$PARLEY_TEXT\" >>"
                + seen + "; [ \"$PARLEY_TEXT\" != 'exec one' ] || [ -e " + failed + " ] || { touch " + failed
                + "; exit 3; }";
        // Begins at the oldest event, whenever the command is connected.
        Files.writeString(cursor, "0\n");
        try (var going = new Going("events", "--exec", command, "--cursor", cursor.toString())) {
            world.text("+12025550123", "+12025550101", "exec one");
            Await.until("it was run again and again", () -> mine(seen).size() == 2, () -> read(seen));
            assertTrue(going.complained().contains("the program ended with status 3"), going.complained());
            world.text("+12025550123", "+12025550101", "exec two");
            Await.until("it was run for the next", () -> mine(seen).size() == 3, () -> read(seen));
            Await.until("that is kept", () -> !read(cursor).equals("0\n"));
        }
        assertEquals(List.of("+12025550123|exec one", "+12025550123|exec one", "+12025550123|exec two"), mine(seen));
        var input = Json.MAPPER.readTree(Files.readString(directory.resolve("input")));
        assertEquals("exec two", input.path("text").asString(""));

        world.text("+12025550123", "+12025550101", "exec three");
        try (var _ = new Going("events", "--exec", command, "--cursor", cursor.toString())) {
            Await.until("it goes on where it was", () -> read(seen).contains("exec three"), () -> read(seen));
        }
        // The latest may have been run and not been kept: at least once, in their order.
        assertEquals(
                List.of("exec one", "exec two", "exec three"),
                mine(seen).stream()
                        .map(line -> line.substring(line.indexOf('|') + 1))
                        .distinct()
                        .toList());
        assertTrue(mine(seen).size() <= 5, () -> read(seen));
    }

    @Test
    @DisplayName("keeps where each program was in a file of its own, where nobody says which")
    void cursors() {
        var here = Map.of("HOME", "/home/ann");
        var one = EventCommands.Events.usual(here, "./one", "message.received").orElseThrow();
        assertEquals(Path.of("/home/ann/.local/state/parley"), one.getParent());
        assertEquals(
                one,
                EventCommands.Events.usual(here, "./one", "message.received").orElseThrow());
        assertNotEquals(
                one,
                EventCommands.Events.usual(here, "./two", "message.received").orElseThrow());
        assertEquals(
                Path.of("/state/parley"),
                EventCommands.Events.usual(Map.of("XDG_STATE_HOME", "/state"), "./one", "message.received")
                        .orElseThrow()
                        .getParent());
        assertTrue(EventCommands.Events.usual(Map.of(), "./one", "message.received")
                .isEmpty());
    }

    private static List<String> mine(Path seen) {
        return read(seen).lines().filter(line -> line.contains("|exec ")).collect(Collectors.toList());
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("says when a token does not let it read the stream, and ends")
    void stream() {
        var ended = parley("tail", "--url", state("url"), "--token", "parley_none");
        assertEquals(1, ended.status());
        assertTrue(ended.err().contains("the daemon does not let this token read events"), ended.err());
    }

    @Test
    @DisplayName("measures a daemon that runs, and tells the way of its texts in percentiles")
    void bench() {
        var file = directory.resolve("bench.json");
        asked(
                        "bench",
                        "--line",
                        "Sales",
                        "--clients",
                        "2",
                        "--seconds",
                        "1",
                        "--numbers",
                        "9",
                        "--json",
                        file.toString())
                .ok();
        var figures = Json.MAPPER.readTree(read(file));
        for (var name : List.of(
                "postMillisP50",
                "postMillisP95",
                "postMillisP99",
                "sentMillisP50",
                "sentMillisP99",
                "deliveredMillisP50",
                "deliveredMillisP99",
                "acceptedPerSecond")) {
            assertTrue(figures.path(name).asDouble(0) > 0, () -> name + " of " + figures);
        }
        assertTrue(figures.path("sentMillisP50").asDouble()
                <= figures.path("sentMillisP99").asDouble());
    }
}
