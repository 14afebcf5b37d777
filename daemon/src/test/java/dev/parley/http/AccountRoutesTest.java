package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Sessions, users and tokens.
class AccountRoutesTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final Client ANYBODY = DAEMON.anonymous();
    private static final Client MEMBER = DAEMON.client(DAEMON.user("mia", Role.MEMBER, AccessScope.ALL, Set.of()));

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static Client.Answer signIn(String name, String password) {
        return ANYBODY.post("/api/v1/session", "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    private static HttpRequest.Builder with(String cookie, String path) {
        return ANYBODY.to(path).header("Cookie", cookie);
    }

    @Test
    void aBrowserSignsInSeesWhoItIsAndSignsOut() {
        DAEMON.user("zoe", Role.ADMIN, AccessScope.ALL, Set.of());
        var signedIn = signIn("ZOE", Daemon.PASSWORD).is(200);
        var header = signedIn.header("Set-Cookie");
        assertTrue(header.contains("HttpOnly") && header.contains("SameSite=Strict"), header);
        var cookie = header.split(";", 2)[0];
        var csrf = signedIn.text("/csrf");
        assertEquals(
                "zoe", ANYBODY.send(with(cookie, "/api/v1/session")).is(200).text("/user/name"));

        var contact = "{\"name\":\"Ann\",\"primaryNumber\":\"+12025550111\"}";
        var post = with(cookie, "/api/v1/contacts").header("Content-Type", "application/json");
        ANYBODY.send(post.copy().POST(BodyPublishers.ofString(contact))).refused(403, "csrf", "X-CSRF-Token");
        ANYBODY.send(post.copy().header("X-CSRF-Token", csrf).POST(BodyPublishers.ofString(contact)))
                .is(201);
        ANYBODY.send(post.copy()
                        .header("X-CSRF-Token", csrf)
                        .header("Origin", "https://evil.example")
                        .POST(BodyPublishers.ofString(contact)))
                .refused(403, "foreign-origin");
        // The cookie of one does not help a wrong token of another.
        ANYBODY.send(with(cookie, "/api/v1/session").header("Authorization", "Bearer parley_wrong"))
                .refused(401, "unauthenticated");

        ANYBODY.send(with(cookie, "/api/v1/session")
                        .header("X-CSRF-Token", csrf)
                        .DELETE())
                .is(204);
        ANYBODY.send(with(cookie, "/api/v1/session")).refused(401, "unauthenticated");
    }

    @Test
    void aWrongPasswordIsRefusedAndGuessingSlowedDown() {
        DAEMON.user("victim", Role.MEMBER, AccessScope.ALL, Set.of());
        var wrong = signIn("victim", "guess");
        wrong.refused(401, "wrong-credentials");
        signIn("nobody", "guess").refused(401, "wrong-credentials");
        Client.Answer last = wrong;
        for (int i = 0; i < 20 && last.status() == 401; i++) {
            last = signIn("victim", "guess");
        }
        last.refused(429, "too-many-attempts");
        assertTrue(Integer.parseInt(last.header("Retry-After")) > 0);
        ANYBODY.post("/api/v1/session", "{\"username\":\"victim\"}").refused(400, "missing-field", "password");
    }

    @Test
    void aTokenTellsWhoItIsAndCannotSignOut() {
        var session = ADMIN.get("/api/v1/session").is(200);
        assertEquals("admin", session.text("/user/role"));
        assertTrue(session.body().path("csrf").isNull());
        ADMIN.delete("/api/v1/session").refused(409, "no-session");
        for (var path : new String[] {"session", "users", "tokens", "lines", "links", "contacts", "events"}) {
            ANYBODY.get("/api/v1/" + path).refused(401, "unauthenticated");
        }
        assertEquals("Bearer realm=\"parley\"", ANYBODY.get("/api/v1/session").header("WWW-Authenticate"));
    }

    @Test
    void anAdminManagesUsers() {
        var line = Long.toString(DAEMON.lines.all().getFirst().id());
        var created = ADMIN.post(
                        "/api/v1/users",
                        "{\"name\":\"Uma\",\"password\":\"" + Daemon.PASSWORD + "\",\"role\":\"member\","
                                + "\"scope\":\"assigned\",\"lines\":[\"" + line + "\"]}")
                .is(201);
        var path = "/api/v1/users/" + created.id();
        assertEquals(path, created.header("Location"));
        assertEquals(line, ADMIN.get(path).is(200).text("/lines/0"));
        assertEquals("all", ADMIN.patch(path, "{\"scope\":\"all\"}").is(200).text("/scope"));
        ADMIN.post("/api/v1/users", "{\"name\":\"uma\",\"role\":\"member\"}").refused(409, "name-taken", "name");
        ADMIN.post("/api/v1/users", "{\"name\":\"x\",\"role\":\"king\"}").refused(422, "bad-value", "role");
        ADMIN.post("/api/v1/users", "{\"name\":\"x\",\"role\":\"member\",\"lines\":[\"999\"]}")
                .refused(422, "unknown-line", "lines");
        ADMIN.post("/api/v1/users", "{\"name\":\"x\",\"role\":\"member\",\"lines\":[\"x\"]}")
                .refused(422, "unknown-line", "lines[0]");
        ADMIN.post("/api/v1/users", "{\"name\":\"x\",\"role\":\"member\",\"lines\":[1]}")
                .refused(400, "wrong-type", "lines[0]");
        ADMIN.patch(path, "{\"name\":null}").refused(400, "wrong-type", "name");
        assertTrue(
                ADMIN.get("/api/v1/users?limit=1").is(200).body().path("next").isString());
        ADMIN.delete(path).is(204);
        ADMIN.get(path).refused(404, "not-found");
        ADMIN.delete(path).refused(404, "not-found");
        ADMIN.get("/api/v1/users/0").refused(404, "not-found");
        ADMIN.get("/api/v1/users/abc").refused(404, "not-found");
    }

    /// Who changes the password stays, and whoever else is signed in as this user goes.
    @Test
    void sessionsAreListedAndEnded() {
        DAEMON.user("sol", Role.MEMBER, AccessScope.ALL, Set.of());
        var here = signIn("sol", Daemon.PASSWORD).is(200);
        var there = signIn("sol", Daemon.PASSWORD).is(200);
        var elsewhere = signIn("sol", Daemon.PASSWORD).is(200);
        var listed = by(here, "GET", "/api/v1/sessions", "").is(200).body().path("items");
        assertEquals(3, listed.size());
        assertEquals(
                1,
                listed.valueStream()
                        .filter(each -> each.path("current").asBoolean())
                        .count());
        assertEquals("127.0.0.1", listed.path(0).path("from").asString());
        assertTrue(listed.path(0).path("agent").asString().startsWith("Java-http-client"));
        by(here, "DELETE", "/api/v1/sessions/" + listed.path(0).path("id").asString(), "")
                .is(204);
        by(elsewhere, "GET", "/api/v1/session", "").is(401);
        MEMBER.delete("/api/v1/sessions/" + listed.path(1).path("id").asString())
                .refused(404, "not-found");
        by(
                        here,
                        "PATCH",
                        "/api/v1/users/" + here.text("/user/id"),
                        "{\"password\":\"another long password\",\"currentPassword\":\"" + Daemon.PASSWORD + "\"}")
                .is(200);
        by(here, "GET", "/api/v1/session", "").is(200);
        by(there, "GET", "/api/v1/session", "").is(401);
    }

    private static Client.Answer by(Client.Answer signedIn, String method, String path, String json) {
        var client = DAEMON.anonymous();
        var cookie = signedIn.header("Set-Cookie").split(";", 2)[0];
        var request = client.to(path).header("Cookie", cookie).header("X-CSRF-Token", signedIn.text("/csrf"));
        return client.send(
                json.isEmpty()
                        ? request.method(method, BodyPublishers.noBody())
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(json)));
    }

    @Test
    void theAuditLogSaysWhoDidWhatFromWhere() {
        DAEMON.user("vic", Role.MEMBER, AccessScope.ALL, Set.of());
        signIn("vic", "a wrong password").is(401);
        signIn("vic", Daemon.PASSWORD).is(200);
        var made = ADMIN.post(
                        "/api/v1/users", "{\"name\":\"audited\",\"role\":\"member\",\"password\":\"top secret 123\"}")
                .is(201);
        var quiet = ADMIN.post(
                        "/api/v1/contacts", "{\"name\":\"Quiet\",\"primaryNumber\":\"+12025550190\",\"dnd\":true}")
                .is(201);
        ADMIN.post("/api/v1/contacts", "{\"name\":\"Loud\",\"primaryNumber\":\"+12025550191\"}")
                .is(201);
        ADMIN.get("/api/v1/contacts/export").is(200);

        var signIns = ADMIN.get("/api/v1/audit?action=signIn").is(200);
        assertEquals("done", signIns.text("/items/0/outcome"));
        assertEquals("vic", signIns.text("/items/0/userName"));
        assertEquals("refused", signIns.text("/items/1/outcome"));
        assertEquals("127.0.0.1", signIns.text("/items/1/from"));
        var users = ADMIN.get("/api/v1/audit?action=createUser").is(200);
        assertEquals("/api/v1/users/" + made.id(), users.text("/items/0/target"));
        assertEquals("admin", users.text("/items/0/userName"));
        var contacts = ADMIN.get("/api/v1/audit?action=createContact").is(200);
        assertEquals(1, contacts.body().path("items").size());
        assertEquals("/api/v1/contacts/" + quiet.id(), contacts.text("/items/0/target"));
        var all = ADMIN.get("/api/v1/audit/export").is(200).http().body();
        assertTrue(all.contains("exportContacts"), all);
        for (var secret : List.of("top secret 123", "a wrong password", Daemon.PASSWORD, "+12025550190", "Quiet")) {
            assertFalse(all.contains(secret), secret);
        }
        all.lines().forEach(line -> assertTrue(Json.mapper().readTree(line).isObject(), line));
        MEMBER.get("/api/v1/audit").refused(403, "forbidden");
        MEMBER.get("/api/v1/audit/export").refused(403, "forbidden");
    }

    @Test
    void aMemberManagesNobodyButChangesItsOwnPassword() {
        MEMBER.get("/api/v1/users").refused(403, "forbidden");
        MEMBER.post("/api/v1/users", "{\"name\":\"x\",\"role\":\"admin\"}").refused(403, "forbidden");
        var own = MEMBER.get("/api/v1/session").text("/user/id");
        MEMBER.patch("/api/v1/users/" + own, "{\"role\":\"admin\"}").refused(403, "forbidden");
        MEMBER.patch("/api/v1/users/" + own, "{\"password\":\"another long password\"}")
                .refused(422, "current-password-needed", "currentPassword");
        MEMBER.patch("/api/v1/users/" + own, "{\"password\":\"another long password\",\"currentPassword\":\"a guess\"}")
                .refused(403, "wrong-password", "currentPassword");
        MEMBER.patch(
                        "/api/v1/users/" + own,
                        "{\"password\":\"another long password\",\"currentPassword\":\"" + Daemon.PASSWORD + "\"}")
                .is(200);
        signIn("mia", "another long password").is(200);
        var other = ADMIN.get("/api/v1/session").text("/user/id");
        MEMBER.patch("/api/v1/users/" + other, "{\"password\":\"another long password\"}")
                .refused(403, "forbidden");
    }

    @Test
    void aTokenIsShownOnceAndEndsWhenRevoked() {
        var issued = MEMBER.post("/api/v1/tokens", "{\"name\":\"cron\"}").is(201);
        var secret = issued.text("/secret");
        var program = new Client(DAEMON.server.url(), Optional.of(secret));
        assertEquals("mia", program.get("/api/v1/session").is(200).text("/user/name"));
        assertFalse(MEMBER.get("/api/v1/tokens").is(200).http().body().contains(secret));
        ADMIN.get("/api/v1/tokens?limit=200").is(200);
        // A member sees and revokes its own only.
        var admins = ADMIN.get("/api/v1/tokens").body().path("items");
        var foreign = admins.valueStream()
                .filter(token -> token.path("userName").asString().equals("admin"))
                .findFirst()
                .orElseThrow();
        MEMBER.delete("/api/v1/tokens/" + foreign.path("id").asString()).refused(404, "not-found");
        MEMBER.delete("/api/v1/tokens/" + issued.id()).is(204);
        program.get("/api/v1/session").refused(401, "unauthenticated");
        MEMBER.post("/api/v1/tokens", "{\"name\":\"old\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}")
                .refused(422, "in-the-past", "expiresAt");
        MEMBER.post("/api/v1/tokens", "{\"name\":\"old\",\"expiresAt\":\"tomorrow\"}")
                .refused(400, "wrong-type", "expiresAt");
        MEMBER.post("/api/v1/tokens", "{\"name\":\"\"}").refused(422, "bad-name", "name");
    }

    @Test
    void linesAndLinksAreShownAndAnAdminMayPauseThem() {
        assertEquals("+12025550100", ADMIN.get("/api/v1/lines").is(200).text("/items/0/number"));
        var page = ADMIN.get("/api/v1/lines?limit=1").is(200);
        assertEquals(
                "+12025550101",
                ADMIN.get("/api/v1/lines?limit=1&cursor=" + page.text("/next")).text("/items/0/number"));
        assertEquals("modem", ADMIN.get("/api/v1/links").is(200).text("/items/0/kind"));
        var desk = DAEMON.lines.all().getFirst().id();
        var limited = DAEMON.client(DAEMON.user("desk", Role.MEMBER, AccessScope.ALL, Set.of(desk)));
        assertEquals(
                1, limited.get("/api/v1/lines").is(200).body().path("items").size());
        assertEquals(
                1, limited.get("/api/v1/links").is(200).body().path("items").size());
        assertEquals("paused", ADMIN.post("/api/v1/links/modem-2/pause").is(200).text("/state"));
        assertEquals("ready", ADMIN.post("/api/v1/links/modem-2/resume").is(200).text("/state"));
        ADMIN.post("/api/v1/links/modem-2/restart").is(200);
        var unread = ADMIN.get("/api/v1/unread?limit=1").is(200);
        assertEquals("machine", unread.text("/items/0/what"));
        assertEquals(
                "1",
                ADMIN.get("/api/v1/unread?limit=1&cursor=" + unread.text("/next"))
                        .is(200)
                        .text("/items/0/id"));
        var unmatched = ADMIN.get("/api/v1/links/modem-2/unmatched?limit=2").is(200);
        assertEquals("id-3", unmatched.text("/items/0/reference"));
        assertEquals("modem-2", unmatched.text("/items/0/link"));
        assertEquals(
                "1",
                ADMIN.get("/api/v1/links/modem-2/unmatched?limit=2&cursor=" + unmatched.text("/next"))
                        .is(200)
                        .text("/items/0/id"));
        ADMIN.get("/api/v1/links/none/unmatched").refused(404, "not-found");
        MEMBER.get("/api/v1/links/modem-2/unmatched").refused(403, "forbidden");
        ADMIN.post("/api/v1/links/modem-2/ussd", "{\"code\":\"hello\"}").refused(422, "invalid-code", "code");
        ADMIN.post("/api/v1/links/modem-2/ussd", "{\"code\":\"*100#\"}").refused(409, "not-a-modem");
        ADMIN.post("/api/v1/links/modem-2/at", "{\"command\":\"AT+CSQ\"}").refused(409, "not-a-modem");
        ADMIN.post("/api/v1/links/modem-2/at", "{\"command\":\"CSQ\"}").refused(422, "invalid-command", "command");
        ADMIN.post("/api/v1/links/modem-2/at", "{\"command\":\"AT\\r+CMGD=1\"}")
                .refused(422, "invalid-command", "command");
        ADMIN.post("/api/v1/links/modem-2/at", "{\"command\":\"AT+CMGD=1\"}").refused(409, "not-a-modem");
        ADMIN.post("/api/v1/links/none/pause").refused(404, "not-found");
        MEMBER.post("/api/v1/links/modem-2/pause").refused(403, "forbidden");
    }

    @Test
    void anExpiredTokenIsNone() {
        var expiresAt = DAEMON.clock.instant().plus(Duration.ofMinutes(5));
        var issued = MEMBER.post("/api/v1/tokens", "{\"name\":\"short\",\"expiresAt\":\"" + expiresAt + "\"}")
                .is(201);
        var program = new Client(DAEMON.server.url(), Optional.of(issued.text("/secret")));
        program.get("/api/v1/session").is(200);
        DAEMON.clock.advance(Duration.ofMinutes(6));
        program.get("/api/v1/session").refused(401, "unauthenticated");
    }
}
