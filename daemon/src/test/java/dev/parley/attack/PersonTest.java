package dev.parley.attack;

import dev.parley.store.DatabaseSettings;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Somebody asks what is kept about her, has it erased, and looks for herself in every column of the database, in what
/// the API says, and in the log.
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PersonTest {
    private static final String DESK = "+12025550100";
    private static final String SALES = "+12025550101";
    private static final String ZOE = "+12025550177";
    private static final String BOB = "+12025550112";
    private static final String NAME = "Zoe Quuxley";

    /// Words that nobody else says.
    private static final List<String> SECRETS = List.of("zweihander", "zymurgy", "zaffre", "zugzwang", "zeugma");

    @TempDir
    static Path directory;

    private static DemoWorld world;
    private static Json api;
    private static String group = "";
    private static String direct = "";
    private static JsonNode export = Json.MAPPER.createObjectNode();

    @BeforeAll
    static void live() throws Exception {
        world = DemoWorld.talkative(directory.resolve("demo"));
        api = world.api();
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
        world.text(ZOE, DESK, "May I bring my zweihander?");
        direct = Await.value("her first text", () -> conversationWith(ZOE))
                .path("id")
                .asString("");
        api.post("/api/v1/contacts", Map.of("name", NAME, "primaryNumber", ZOE)).ok();
        group = api.post(
                        "/api/v1/conversations",
                        Map.of(
                                "line",
                                lineId(DESK),
                                "introduce",
                                true,
                                "participants",
                                List.of(Map.of("number", ZOE), Map.of("number", BOB)),
                                "text",
                                "Hello both"))
                .ok()
                .path("id")
                .asString("");
        say(direct, "Please leave your zaffre at home.");
        Await.until(
                "both texts",
                () -> world.inbox(ZOE).size() >= 3 && world.inbox(BOB).size() >= 2);
        world.text(ZOE, DESK, "#1 I study zymurgy " + "and so on ".repeat(20));
        Await.until("the relay to Bob", () -> world.inbox(BOB).stream().anyMatch(text -> text.contains("zymurgy")));
        world.text(ZOE, SALES, "a zugzwang for you");
        Await.value("her text on the other line", () -> conversationOn(SALES, ZOE));
        world.text(ZOE, SALES, "STOP");
        Await.until(
                "the opt-out",
                () -> world.inbox(ZOE).stream().anyMatch(text -> text.startsWith("You are unsubscribed")));
        keyed("zeugma for her");
        // She takes her number for a user name.
        api.post("/api/v1/session", Map.of("username", ZOE, "password", "a guess of hers"));
        Await.until("the last text", () -> world.inbox(ZOE).stream().anyMatch(text -> text.contains("zeugma")));
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static String lineId(String number) {
        for (var line : api.get("/api/v1/lines").ok().path("items")) {
            if (line.path("number").asString("").equals(number)) {
                return line.path("id").asString("");
            }
        }
        throw new AssertionError(number);
    }

    private static Optional<JsonNode> conversationWith(String number) {
        return conversationOn(DESK, number);
    }

    /// The open direct one.
    private static Optional<JsonNode> conversationOn(String line, String number) {
        for (var each : api.get("/api/v1/conversations?limit=200").ok().path("items")) {
            if (each.path("kind").asString("").equals("direct")
                    && !each.path("closed").asBoolean(false)
                    && each.path("line").path("number").asString("").equals(line)
                    && each.path("participants")
                            .path(0)
                            .path("number")
                            .asString("")
                            .equals(number)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static String say(String conversation, String text) {
        return api.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", text))
                .ok()
                .path("id")
                .asString("");
    }

    /// The same request each time.
    private static String keyed(String text) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create(world.state().path("url").asString("") + "/api/v1/messages"))
                .header("Authorization", "Bearer " + world.state().path("token").asString(""))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "once")
                .POST(BodyPublishers.ofString(
                        Json.MAPPER.writeValueAsString(Map.of("line", lineId(DESK), "to", ZOE, "text", text))))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request, BodyHandlers.ofString());
            assertEquals(202, answer.statusCode(), answer.body());
            return answer.body();
        }
    }

    @Test
    @Order(1)
    void sheGetsAllThatIsKeptAboutHer() {
        assertEquals(
                403,
                world.memberApi()
                        .post("/api/v1/people/export", Map.of("number", ZOE))
                        .status());
        assertEquals(
                "bad-number",
                api.post("/api/v1/people/export", Map.of("number", "Zoe")).code());
        export = api.post("/api/v1/people/export", Map.of("number", "(202) 555-0177"))
                .ok();
        assertEquals(ZOE, export.path("number").asString(""));
        assertEquals(NAME, export.path("contacts").path(0).path("name").asString(""));
        assertEquals(3, export.path("conversations").size(), () -> export.toPrettyString());
        for (var secret : SECRETS) {
            assertTrue(export.toString().contains(secret), secret);
        }
        assertEquals("opted-out", export.path("optOuts").path(0).path("state").asString(""));
        // The long one in two parts, one more on the desk's line, two on the other's.
        assertEquals(
                5,
                export.path("raw")
                        .valueStream()
                        .filter(each -> !each.path("what").asString("").equals("report"))
                        .count(),
                () -> export.path("raw").toPrettyString());
        assertFalse(export.path("parts").isEmpty());
        assertEquals(2, export.path("textParts").size());
    }

    @Test
    @Order(2)
    void theLogHasNoTextAndNoWholeNumber() throws Exception {
        var log = Files.readString(directory.resolve("demo/daemon.log"));
        assertTrue(log.contains("INFO"), "a log that says something");
        for (var secret : SECRETS) {
            assertFalse(log.contains(secret), secret + " in\n" + log);
        }
        for (int n = 111; n <= 177; n++) {
            assertFalse(log.contains("2025550" + n), n + " in\n" + log);
        }
        assertFalse(log.contains("Hello both"));
        assertFalse(log.contains("Quuxley"));
    }

    @Test
    @Order(3)
    void nothingOfHerIsLeftInAnyColumn() throws Exception {
        assertEquals(
                403,
                world.memberApi()
                        .post("/api/v1/people/erase", Map.of("number", ZOE))
                        .status());
        var bobsBefore =
                api.post("/api/v1/people/export", Map.of("number", BOB)).ok();
        var erasure = api.post("/api/v1/people/erase", Map.of("number", ZOE)).ok();
        var id = erasure.path("id").asString("");
        Await.until(
                "the end of the erasure",
                () -> api.get("/api/v1/people/erasures/" + id)
                        .ok()
                        .path("state")
                        .asString("")
                        .equals("done"));
        var found = new TreeSet<String>();
        try (var store =
                Store.open(new DatabaseSettings.Embedded(directory.resolve("demo/db")), new SimpleMeterRegistry())) {
            store.read(connection -> search(connection, found));
        }
        assertEquals(new TreeSet<>(), found);
        var after = api.post("/api/v1/people/export", Map.of("number", ZOE)).ok();
        for (var section : after.propertyNames()) {
            if (!List.of("number", "exportedAt", "optOuts").contains(section)) {
                assertTrue(after.path(section).isEmpty(), section + ": " + after.path(section));
            }
        }
        // The others keep theirs.
        assertEquals(
                bobsBefore.path("messages").size(),
                api.post("/api/v1/people/export", Map.of("number", BOB))
                        .ok()
                        .path("messages")
                        .size());
    }

    /// Looks for her in every column of every table, as text and as what is in PDUs.
    private static TreeSet<String> search(Connection connection, TreeSet<String> found) throws SQLException {
        var needles = needles();
        for (var column : Sql.list(
                connection,
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                        + " AND data_type IN ('char', 'varchar', 'text', 'mediumtext', 'longtext', 'blob', 'mediumblob',"
                        + " 'longblob', 'varbinary', 'binary')",
                row -> List.of(row.getString("table_name"), row.getString("column_name")))) {
            var values = Sql.list(
                    connection,
                    "SELECT HEX(`" + column.get(1) + "`) AS value FROM `" + column.get(0) + "`",
                    row -> Sql.maybeText(row, "value").orElse(""));
            for (var value : values) {
                for (var needle : needles) {
                    if (value.contains(needle)) {
                        found.add(column + ": " + value);
                    }
                }
            }
        }
        return found;
    }

    private static List<String> needles() {
        var hex = HexFormat.of().withUpperCase();
        var needles = new ArrayList<String>();
        var texts = new ArrayList<>(SECRETS);
        texts.addAll(List.of("2025550177", "555-0177", "Quuxley", "quuxley"));
        for (var text : texts) {
            needles.add(hex.formatHex(text.getBytes(StandardCharsets.UTF_8)));
            needles.add(hex.formatHex(text.getBytes(StandardCharsets.UTF_16BE)));
        }
        needles.add("2120550571F7"); // +12025550177 in semi-octets (3GPP TS 23.040 §9.1.2.3)
        return needles.stream().map(each -> each.toUpperCase(Locale.ROOT)).toList();
    }

    @Test
    @Order(4)
    void whoReadsOnSeesAPseudonym() throws Exception {
        var thread = api.get("/api/v1/conversations/" + group + "/messages?limit=200")
                .ok()
                .toString();
        assertTrue(thread.contains("Hello both"), thread);
        assertTrue(thread.contains("[erased]"), thread);
        var all = new StringBuilder(thread);
        all.append(api.get("/api/v1/conversations/" + group).ok());
        all.append(api.get("/api/v1/conversations/" + direct).ok());
        all.append(api.get("/api/v1/conversations/" + direct + "/messages?limit=200")
                .ok());
        all.append(api.get("/api/v1/conversations?limit=200").ok());
        all.append(api.get("/api/v1/contacts?limit=200").ok());
        all.append(api.get("/api/v1/messages?query=zymurgy").ok());
        all.append(api.get("/api/v1/opt-outs").ok());
        all.append(api.get("/api/v1/audit?limit=200").ok());
        all.append(api.get("/api/v1/unread").ok());
        all.append(keyed("zeugma for her"));
        for (var each : SECRETS) {
            assertFalse(all.toString().contains(each), each + " in " + all);
        }
        assertFalse(all.toString().contains("2025550177"), all.toString());
        assertFalse(all.toString().contains("Quuxley"), all.toString());
        var person = api.get("/api/v1/conversations/" + group)
                .ok()
                .path("participants")
                .path(0);
        assertFalse(person.path("sendable").asBoolean(true), person.toString());
        assertTrue(
                api.get("/api/v1/audit?action=erasePerson").ok().path("items").size() >= 1);
        // Nobody sends to her by going on in the group.
        int had = world.inbox(ZOE).size();
        int bobHad = world.inbox(BOB).size();
        say(group, "Are you there?");
        Await.until("Bob's text", () -> world.inbox(BOB).size() > bobHad);
        assertEquals(had, world.inbox(ZOE).size());
    }

    @Test
    @Order(5)
    void herOptOutStillCountsAndSheIsSomebodyNew() {
        var refused = api.post(
                "/api/v1/messages", Map.of("line", lineId(SALES), "to", ZOE, "text", "Do you want to hear this?"));
        assertTrue(
                refused.status() == 409
                        || refused.status() == 422
                        || refused.body()
                                .path("deliveries")
                                .path(0)
                                .path("status")
                                .asString("")
                                .equals("blocked"),
                refused.toString());
        world.text(ZOE, DESK, "It is me again");
        var again = Await.value("a conversation with somebody new", () -> conversationWith(ZOE));
        assertFalse(again.path("id").asString("").equals(direct));
        world.text(ZOE, SALES, "START");
        Await.until(
                "the opt-in",
                () -> world.inbox(ZOE).stream().anyMatch(text -> text.startsWith("You are resubscribed")));
        assertEquals(
                1,
                api.post("/api/v1/people/export", Map.of("number", ZOE))
                        .ok()
                        .path("optOuts")
                        .size());
    }
}
