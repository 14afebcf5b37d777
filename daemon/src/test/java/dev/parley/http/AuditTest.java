package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Role;
import dev.parley.link.LinkState;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.Sql;
import dev.parley.store.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// No action stands without its entry in the audit log, and no entry without its action.
///
/// The database refuses entries, by a trigger, while an action is tried: then nothing of it may be there
/// afterwards. The action is tried with and without an `Idempotency-Key`.
@Timeout(300)
class AuditTest {
    private static final DatabaseSettings.Server DATABASE = TestDatabase.fresh();
    private static final Daemon DAEMON = new Daemon(DATABASE, Daemon.LOOPBACK);
    private static final Client ADMIN = DAEMON.admin();
    private static final Client ANYBODY = DAEMON.anonymous();
    private static final String LINE =
            Long.toString(DAEMON.lines.all().getFirst().id());

    /// Ids are taken in blocks, in transactions of their own; uses of tokens and sessions are noted by the minute.
    private static final Set<String> NOT_COMPARED = Set.of("audit", "id_block", "flyway_schema_history");

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(DATABASE.url(), DATABASE.username(), DATABASE.password());
    }

    private static void run(String sql) {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /// All that the database holds, as one sum a table.
    private static TreeMap<String, Long> database() {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            var tables = new TreeMap<String, Long>();
            try (var row = statement.executeQuery("SHOW TABLES")) {
                while (row.next()) {
                    tables.put(row.getString(1), 0L);
                }
            }
            tables.keySet().removeAll(NOT_COMPARED);
            for (var table : List.copyOf(tables.keySet())) {
                try (var row = statement.executeQuery("CHECKSUM TABLE `" + table + "` EXTENDED")) {
                    row.next();
                    tables.put(table, row.getLong(2));
                }
            }
            return tables;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T whileEntriesAreRefused(Supplier<T> action) {
        run("CREATE TRIGGER no_entry BEFORE INSERT ON audit FOR EACH ROW "
                + "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no entry today'");
        try {
            return action.get();
        } finally {
            run("DROP TRIGGER no_entry");
        }
    }

    private static int entries() {
        return DAEMON.store
                .read(connection ->
                        Sql.first(connection, "SELECT COUNT(*) AS entries FROM audit", row -> row.getInt("entries")))
                .orElseThrow();
    }

    /// A request of the API that has to be answered for.
    private record Action(String name, String method, String path, String body, Client client) {
        Client.Answer send(Optional<String> key) {
            var request = client.to(path);
            key.ifPresent(each -> request.header("Idempotency-Key", each));
            if (!body.isEmpty()) {
                request.header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv");
            }
            return client.send(
                    request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
        }
    }

    private static Action action(String name, String method, String path, String body) {
        return new Action(name, method, path, body, ADMIN);
    }

    private static Account user(String name) {
        return DAEMON.user(name, Role.MEMBER, AccessScope.ALL, Set.of());
    }

    private static String contact(String number) {
        return ADMIN.post("/api/v1/contacts", "{\"name\":\"Ann\",\"primaryNumber\":\"" + number + "\"}")
                .is(201)
                .id();
    }

    private static String suspect(String number) {
        ADMIN.post("/api/v1/messages", "{\"line\":\"" + LINE + "\",\"to\":\"" + number + "\",\"text\":\"hello\"}")
                .is(202);
        DAEMON.arrives(number, "please stop texting me");
        return ADMIN.get("/api/v1/opt-outs?limit=200")
                .is(200)
                .body()
                .path("items")
                .valueStream()
                .filter(each -> each.path("number").asString().equals(number))
                .map(each -> each.path("id").asString())
                .findFirst()
                .orElseThrow();
    }

    private static String group(String first, String second) {
        return ADMIN.post(
                        "/api/v1/conversations",
                        "{\"line\":\"" + LINE + "\",\"participants\":[{\"number\":\"" + first
                                + "\",\"name\":\"One\"},{\"number\":\"" + second + "\",\"name\":\"Two\"}]}")
                .is(201)
                .id();
    }

    private static Action move() {
        var to = group("+12025550150", "+12025550151");
        var other = group("+12025550150", "+12025550152");
        DAEMON.arrives("+12025550150", "#2 for the other one");
        var message = Stream.of(to, other)
                .flatMap(id -> ADMIN.get("/api/v1/conversations/" + id + "/messages")
                        .is(200)
                        .body()
                        .path("items")
                        .valueStream())
                .filter(each -> each.path("direction").asString().equals("inbound"))
                .findFirst()
                .orElseThrow();
        return action(
                "moveMessage",
                "POST",
                "/api/v1/messages/" + message.path("id").asString() + "/move",
                "{\"conversation\":\""
                        + (message.path("conversation").asString().equals(to) ? other : to) + "\"}");
    }

    private static Action endSession() {
        var sol = user("sol");
        ANYBODY.post("/api/v1/session", "{\"username\":\"sol\",\"password\":\"" + Daemon.PASSWORD + "\"}")
                .is(200);
        var id = ADMIN.get("/api/v1/sessions")
                .is(200)
                .body()
                .path("items")
                .valueStream()
                .filter(each -> each.path("user").asString().equals(Long.toString(sol.id())))
                .map(each -> each.path("id").asString())
                .findFirst()
                .orElseThrow();
        return action("endSession", "DELETE", "/api/v1/sessions/" + id, "");
    }

    private static String token() {
        return ADMIN.post("/api/v1/tokens", "{\"name\":\"to be revoked\"}")
                .is(201)
                .id();
    }

    private static String webhook() {
        return ADMIN.post("/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/hook\"}")
                .is(201)
                .id();
    }

    /// One of each kind that is a transaction of ours.
    private static List<Action> actions() {
        return List.of(
                action("createUser", "POST", "/api/v1/users", "{\"name\":\"una\",\"role\":\"member\"}"),
                action("changeUser", "PATCH", "/api/v1/users/" + user("uwe").id(), "{\"role\":\"admin\"}"),
                action(
                        "changeUser",
                        "PATCH",
                        "/api/v1/users/" + user("udo").id(),
                        "{\"password\":\"another long password\"}"),
                action("deleteUser", "DELETE", "/api/v1/users/" + user("ulf").id(), ""),
                action("issueToken", "POST", "/api/v1/tokens", "{\"name\":\"new\"}"),
                action("revokeToken", "DELETE", "/api/v1/tokens/" + token(), ""),
                action("createWebhook", "POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/new\"}"),
                action("changeWebhook", "PATCH", "/api/v1/webhooks/" + webhook(), "{\"paused\":true}"),
                action("replayWebhook", "POST", "/api/v1/webhooks/" + webhook() + "/replay", "{\"from\":\"0\"}"),
                action("deleteWebhook", "DELETE", "/api/v1/webhooks/" + webhook(), ""),
                action(
                        "createContact",
                        "POST",
                        "/api/v1/contacts",
                        "{\"name\":\"Quiet\",\"primaryNumber\":\"+12025550140\",\"dnd\":true}"),
                action("changeContact", "PATCH", "/api/v1/contacts/" + contact("+12025550141"), "{\"dnd\":true}"),
                action(
                        "importContacts",
                        "POST",
                        "/api/v1/contacts/import",
                        "name,primaryNumber,dnd\nImported,+12025550142,true\n"),
                action("confirmOptOut", "POST", "/api/v1/opt-outs/" + suspect("+12025550143") + "/confirm", ""),
                action("dismissOptOut", "POST", "/api/v1/opt-outs/" + suspect("+12025550144") + "/dismiss", ""),
                move(),
                endSession(),
                new Action(
                        "signIn",
                        "POST",
                        "/api/v1/session",
                        "{\"username\":\"sol\",\"password\":\"" + Daemon.PASSWORD + "\"}",
                        ANYBODY));
    }

    @Test
    void whatIsDoneAndItsEntryAreCommittedTogether() {
        var tried = new HashSet<String>();
        for (var action : actions()) {
            tried.add(action.name);
            var before = database();
            int entries = entries();
            whileEntriesAreRefused(() -> action.send(Optional.empty())).is(503);
            assertEquals(before, database(), action.name + " was done without an entry");
            if (action.method.equals("POST") && action.client == ADMIN) {
                whileEntriesAreRefused(() -> action.send(Optional.of(action.path)))
                        .is(503);
                assertEquals(before, database(), action.name + " was done once without an entry");
            }
            assertEquals(entries, entries(), action.name);

            var done = action.send(
                    action.method.equals("POST") && action.client == ADMIN
                            ? Optional.of(action.path)
                            : Optional.empty());
            assertTrue(done.status() < 300, action.name + ": " + done.http().body());
            assertEquals(entries + 1, entries(), action.name + " has one entry");
            var entry = ADMIN.get("/api/v1/audit?limit=1&action=" + action.name).is(200);
            assertEquals("done", entry.text("/items/0/outcome"));
        }
        // Every route that is told of is here, but for those that are no transaction of ours.
        var told = new HashSet<>(DAEMON.server.router.audited());
        told.removeAll(tried);
        assertEquals(
                Set.of(
                        "signOut", // below
                        "resumeWebhook", // as replayWebhook
                        "exportContacts",
                        "exportAudit",
                        "exportPerson",
                        "erasePerson",
                        "pauseLink",
                        "resumeLink",
                        "restartLink",
                        "askUssd",
                        "runAtCommand"),
                told);
    }

    @Test
    void whatIsRefusedByTheDatabaseHasNoEntry() {
        var token = token();
        int entries = entries();
        run("CREATE TRIGGER no_change BEFORE UPDATE ON token FOR EACH ROW "
                + "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no change today'");
        try {
            ADMIN.delete("/api/v1/tokens/" + token).is(503);
        } finally {
            run("DROP TRIGGER no_change");
        }
        assertEquals(entries, entries());
        ADMIN.delete("/api/v1/tokens/" + token).is(204);
        assertEquals(entries + 1, entries());
    }

    /// What no transaction can take back is not begun without an entry.
    @Test
    void whatIsMoreThanTheDatabasesIsWrittenDownBeforeItBegins() {
        whileEntriesAreRefused(() -> ADMIN.post("/api/v1/links/modem-1/pause")).is(503);
        assertEquals(LinkState.READY, DAEMON.modem.status().state());
        whileEntriesAreRefused(() -> ADMIN.get("/api/v1/contacts/export")).is(503);
        ADMIN.post("/api/v1/links/modem-1/pause").is(200);
        ADMIN.post("/api/v1/links/modem-1/resume").is(200);
        var pauses = ADMIN.get("/api/v1/audit?action=pauseLink").is(200);
        assertEquals("done", pauses.text("/items/0/outcome"));
        assertEquals("begun", pauses.text("/items/1/outcome"));
        assertEquals("modem-1", pauses.text("/items/1/detail/name"));
        // Refused by its state: begun, and never done.
        ADMIN.post("/api/v1/links/modem-1/ussd", "{\"code\":\"*100#\"}").is(409);
        var asked = ADMIN.get("/api/v1/audit?action=askUssd").is(200);
        assertEquals("begun", asked.text("/items/0/outcome"));
    }

    /// A body that is longer than anybody's is told of as any other.
    @Test
    void blanksHideNothing() {
        var id = contact("+12025550145");
        ADMIN.patch("/api/v1/contacts/" + id, "{" + " ".repeat(100_000) + "\"dnd\":true}")
                .is(200);
        var entry = ADMIN.get("/api/v1/audit?action=changeContact").is(200);
        assertEquals("/api/v1/contacts/" + id, entry.text("/items/0/target"));
        assertTrue(
                entry.body().at("/items/0/detail/dnd").asBoolean(), entry.http().body());
    }

    /// Who tries what only an admin may is told of, as far as a bound goes: the log must not be filled by it.
    @Test
    void whoMayNotIsToldOfAndCannotFillTheLog() {
        var mallory = DAEMON.client(user("mallory"));
        for (int i = 0; i < 3 * Audit.REFUSALS_MAX; i++) {
            mallory.delete("/api/v1/users/1").refused(403, "forbidden");
        }
        var entries = ADMIN.get("/api/v1/audit?limit=200&action=deleteUser")
                .is(200)
                .body()
                .path("items");
        var refused = entries.valueStream()
                .filter(each -> each.path("userName").asString().equals("mallory"))
                .toList();
        assertEquals(Audit.REFUSALS_MAX, refused.size());
        assertEquals("refused", refused.getFirst().path("outcome").asString());
        assertEquals("1", refused.getFirst().at("/detail/id").asString());
        assertFalse(ADMIN.get("/api/v1/users").is(200).body().path("items").isEmpty());
    }
}
