package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
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
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The main job on the real parts, as processes: a group text over a GSM modem, out and back.
@DisplayName("The main job")
class MainJobTest {

    private static final String LINE = "+12025550100";
    private static final String EXTENSION = "Price list: {small} [100 €] ~ \\ ^ |large|";
    private static final String EMOJI = "See you at 8 \uD83D\uDE31 \uD83D\uDC69\u200D\uD83D\uDE92 я";
    private static final String LONG = "0123456789".repeat(40);

    @TempDir
    private static Path directory;

    private static DemoWorld world;
    private static Json api;

    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
        api = world.api();
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 10)).ok();
    }

    @AfterAll
    static void end() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    static String lineId(Json api, String number) {
        return StreamSupport.stream(api.get("/api/v1/lines").ok().path("items").spliterator(), false)
                .filter(line -> line.path("number").asString("").equals(number))
                .map(line -> line.path("id").asString(""))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode group(List<String> people, String title) {
        return group(LINE, people, title);
    }

    private static JsonNode group(String line, List<String> people, String title) {
        var participants = new ArrayList<Map<String, String>>();
        for (var person : people) {
            participants.add(Map.of("contact", contactId(person), "use", "primary"));
        }
        return api.post(
                        "/api/v1/conversations",
                        Map.of("line", lineId(api, line), "title", title, "participants", participants))
                .ok();
    }

    private static String contactId(String number) {
        return api.get("/api/v1/contacts?query=" + number.replace("+", "%2B"))
                .ok()
                .path("items")
                .path(0)
                .path("id")
                .asString("");
    }

    private static String send(JsonNode conversation, String text) {
        var answer = api.post(
                "/api/v1/conversations/" + conversation.path("id").asString("") + "/messages", Map.of("text", text));
        assertEquals(202, answer.status(), answer.body().toString());
        return answer.body().path("id").asString("");
    }

    private static void awaitDelivered(String message) {
        Await.until(
                "every delivery of message " + message + " is delivered",
                () -> {
                    var deliveries = api.get("/api/v1/messages/" + message).ok().path("deliveries");
                    return !deliveries.isEmpty()
                            && StreamSupport.stream(deliveries.spliterator(), false)
                                    .allMatch(delivery ->
                                            delivery.path("status").asString("").equals("delivered"));
                },
                () -> api.get("/api/v1/messages/" + message).body() + "\n" + world.logs());
    }

    @ParameterizedTest(name = "over {0}")
    @CsvSource({"a modem, +12025550100, +12025550111, Ann", "SMPP, +12025550101, +12025550122, Kate"})
    @DisplayName("texts of three kinds reach three phones whole, and a reply reaches the thread and the two others")
    void textsAndReply(String way, String line, String first, String name) {
        var people = List.of(first, "+12025550112", "+12025550113");
        var before = people.stream().map(person -> world.inbox(person).size()).toList();
        var group = group(line, people, "Smith move");
        for (var text : List.of(EXTENSION, EMOJI, LONG)) {
            awaitDelivered(send(group, text));
        }
        for (int i = 0; i < people.size(); i++) {
            var inbox = world.inbox(people.get(i));
            assertEquals(List.of(EXTENSION, EMOJI, LONG), inbox.subList(before.get(i), inbox.size()), people.get(i));
        }

        world.text(first, line, "On my way");

        var relayed = name + ": On my way";
        Await.until(
                "the reply is relayed",
                () -> world.inbox("+12025550112").contains(relayed)
                        && world.inbox("+12025550113").contains(relayed),
                world::logs);
        assertEquals(before.getFirst() + 3, world.inbox(first).size(), "nothing goes back to its author");
        var thread = api.get("/api/v1/conversations/" + group.path("id").asString("") + "/messages")
                .ok()
                .path("items");
        var reply = thread.path(0);
        assertEquals("On my way", reply.path("text").asString(""));
        assertEquals("inbound", reply.path("direction").asString(""));
        assertEquals(name, reply.path("author").path("name").asString(""));
        awaitDelivered(reply.path("id").asString(""));
        assertEquals(
                2,
                api.get("/api/v1/messages/" + reply.path("id").asString(""))
                        .ok()
                        .path("deliveries")
                        .size());
    }

    @Test
    @DisplayName("a text to a number alone lands in a direct conversation, and so does the answer")
    void direct() {
        var answer = api.post(
                "/api/v1/messages",
                Map.of("line", lineId(api, LINE), "to", "(202) 555-0119", "text", "Your parcel is here"));
        assertEquals(202, answer.status(), answer.body().toString());
        awaitDelivered(answer.body().path("id").asString(""));
        world.text("+12025550119", LINE, "Thanks");
        var conversation = answer.body().path("conversation").asString("");
        Await.until("the answer is in the thread", () -> {
            var items = api.get("/api/v1/conversations/" + conversation + "/messages")
                    .ok()
                    .path("items");
            return items.path(0).path("text").asString("").equals("Thanks");
        });
    }

    @Test
    @DisplayName("an admin asks the SIM's network by a USSD code, and a member may not")
    void ussd() {
        var path = "/api/v1/links/modem-1/ussd";
        Await.until(
                "the modem's answer",
                () -> api.post(path, Map.of("code", "*100#")).status() == 200,
                world::logs);
        assertFalse(api.post(path, Map.of("code", "*100#"))
                .ok()
                .path("text")
                .asString("")
                .isEmpty());
        assertEquals(403, world.memberApi().post(path, Map.of("code", "*100#")).status());
    }

    @Test
    @DisplayName("a daemon killed with twenty messages queued loses none of them")
    void killed() throws Exception {
        var people = List.of("+12025550115", "+12025550116");
        var group = group(people, "Survivors");
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 150)).ok();
        var texts = IntStream.range(0, 20).mapToObj(n -> "Number " + n).toList();
        var ids = new ArrayList<String>();
        for (var text : texts) {
            ids.add(send(group, text));
        }
        Await.until("some have arrived", () -> world.inbox(people.getFirst()).size() >= 2);

        world.killDaemon();
        assertTrue(world.inbox(people.getLast()).size() < texts.size(), "the daemon was killed in the middle");
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 10)).ok();
        // What was claimed and had not left yet is sent again when the grace period is over.
        world.takeOverOn(config -> config + "queue: {uncertainGrace: 10s}\n");

        for (var id : ids) {
            awaitDelivered(id);
        }
        for (var person : people) {
            var inbox = world.inbox(person);
            assertEquals(new HashSet<>(texts), new HashSet<>(inbox), "none is lost, none is another's");
            for (var text : texts) {
                assertTrue(Collections.frequency(inbox, text) <= 2, text + " came more than twice");
            }
        }
    }

    @Test
    @DisplayName("a group's line and participants are locked, and an eleventh person is refused")
    void lockedAndBounded() {
        var group = group(List.of("+12025550117", "+12025550118"), "Locked");
        var path = "/api/v1/conversations/" + group.path("id").asString("");
        assertEquals(
                "conversation-locked",
                api.patch(path, Map.of("participants", List.of())).code());
        assertEquals("conversation-locked", api.patch(path, Map.of("line", "2")).code());
        assertEquals(200, api.patch(path, Map.of("title", "Still locked")).status());

        var ten = IntStream.range(0, 10)
                .mapToObj(n -> Map.of("number", "+1202555020" + n, "name", "P" + n))
                .toList();
        var refused = api.post("/api/v1/conversations", Map.of("line", lineId(api, LINE), "participants", ten));
        assertEquals(422, refused.status(), refused.body().toString());
        assertFalse(refused.body().path("detail").asString("").isBlank());
        var wrong = api.post(
                "/api/v1/conversations",
                Map.of(
                        "line",
                        lineId(api, LINE),
                        "participants",
                        List.of(Map.of("number", "12", "name", "A"), Map.of("number", "+12025550201", "name", "B"))));
        assertEquals(422, wrong.status(), wrong.body().toString());
        assertTrue(
                wrong.body().toString().contains("participants[0].number"),
                wrong.body().toString());
    }

    @Test
    @DisplayName("a modem is asked only what it may be asked beside its work")
    void console() {
        var signal = api.post("/api/v1/links/modem-1/at", Map.of("command", "AT+CSQ"));
        assertTrue(
                signal.ok().path("lines").toString().contains("+CSQ:"),
                signal.body().toString());
        var unsafe = api.post("/api/v1/links/modem-1/at", Map.of("command", "AT+CMGD=1"));
        assertEquals(422, unsafe.status());
        assertEquals("unsafe-command", unsafe.body().path("code").asString(""));
        var slow = api.post("/api/v1/links/modem-1/at", Map.of("command", "AT+COPS=?", "unsafe", true));
        assertEquals(422, slow.status());
        assertEquals("long-command", slow.body().path("code").asString(""));
    }

    /// What the daemon has asked its database so far. It prepares what it asks; what is asked here is plain.
    private record Asked(long statements, long commits) {}

    private static Asked asked(Connection database) throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery("SELECT (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                        + " WHERE VARIABLE_NAME = 'COM_STMT_EXECUTE'), (SELECT VARIABLE_VALUE"
                        + " FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'COM_COMMIT')")) {
            row.next();
            long commits = row.getLong(2);
            return new Asked(row.getLong(1) + commits, commits);
        }
    }

    private static boolean isDelivered(Connection database, String message) {
        try (var query = database.prepareStatement(
                "SELECT SUM(status = 'delivered') = COUNT(*) FROM delivery WHERE message_id = ?")) {
            query.setString(1, message);
            try (var row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "to {0}: at most {1} statements")
    @CsvSource({"1, 20", "9, 30"})
    @DisplayName("a text over SMPP, from the request to its receipts, asks the database little")
    void asksLittle(int people, int most) throws Exception {
        var numbers = IntStream.of(11, 14, 15, 16, 17, 18, 19, 20, 21)
                .limit(people)
                .mapToObj(i -> "+120255501" + i)
                .toList();
        var line = lineId(api, "+12025550101");
        var participants =
                numbers.stream().map(number -> Map.of("number", number)).toList();
        var group = people == 1
                ? null
                : api.post("/api/v1/conversations", Map.of("line", line, "participants", participants))
                        .ok();
        UnaryOperator<String> say = text -> {
            if (group != null) {
                return send(group, text);
            }
            var body = Map.of("line", line, "to", numbers.getFirst(), "text", text);
            return api.post("/api/v1/messages", body).ok().path("id").asString("");
        };
        awaitDelivered(say.apply("warm"));
        var server = directory.resolve("demo").resolve("db");
        var url = "jdbc:mariadb://127.0.0.1:"
                + Files.readString(server.resolve("mariadb.port")).strip() + "/parley";
        var costs = new ArrayList<Asked>();
        try (var database = DriverManager.getConnection(
                url, "parley", Files.readString(server.resolve("password")).strip())) {
            for (int i = 0; i < 8; i++) {
                var before = asked(database);
                var message = say.apply("cheap " + i);
                Await.until("message " + message + " is delivered", () -> isDelivered(database, message), world::logs);
                var after = asked(database);
                costs.add(new Asked(after.statements - before.statements, after.commits - before.commits));
            }
        }
        // The calendar's own statements fall into some of them.
        assertTrue(costs.stream().anyMatch(cost -> cost.statements <= most), costs.toString());
        // One up to the wire, one for the answers, one for the receipts, and what is written behind them in one or
        // two; those of nine may come apart.
        assertTrue(costs.stream().anyMatch(cost -> cost.commits <= (people == 1 ? 5 : 8)), costs.toString());
    }
}
