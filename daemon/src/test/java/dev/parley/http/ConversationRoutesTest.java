package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Conversations, messages, previews and opt-outs.
class ConversationRoutesTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final String LINE =
            Long.toString(DAEMON.lines.all().getFirst().id());
    private static final Account MAX = DAEMON.user("max", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
    private static final Client MEMBER = DAEMON.client(MAX);

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static String group(String first, String second, String more) {
        return "{\"line\":\"" + LINE + "\",\"participants\":[{\"number\":\"" + first
                + "\",\"name\":\"One\"},{\"number\":\"" + second + "\"}]" + more + "}";
    }

    @Test
    void aGroupTalks() {
        var ann = ADMIN.post("/api/v1/contacts", "{\"name\":\"Ann\",\"primaryNumber\":\"+12025550111\"}")
                .is(201)
                .id();
        var created = ADMIN.post(
                        "/api/v1/conversations",
                        "{\"line\":\"auto\",\"participants\":[{\"contact\":\"" + ann + "\",\"use\":\"primary\"},"
                                + "{\"number\":\"(202) 555-0112\",\"name\":\"Bob\"}],\"relay\":\"all\",\"introduce\":false,"
                                + "\"title\":\"Soccer\",\"text\":\"Practice at five\"}")
                .is(201);
        assertEquals("group", created.text("/kind"));
        var path = "/api/v1/conversations/" + created.id();
        assertEquals(path, created.header("Location"));
        var message =
                ADMIN.post(path + "/messages", "{\"text\":\"Bring water\"}").is(202);
        assertEquals(2, message.body().path("deliveries").size());
        assertEquals(2, message.body().at("/summary/queued").asInt());
        assertEquals(
                "Bring water",
                ADMIN.get("/api/v1/messages/" + message.id()).is(200).text("/text"));
        assertEquals(
                2, ADMIN.get(path + "/messages").is(200).body().path("items").size());
        assertEquals(
                "Training",
                ADMIN.patch(path, "{\"title\":\"Training\",\"relay\":\"none\"}")
                        .is(200)
                        .text("/title"));
        ADMIN.patch(path, "{\"participants\":[]}").refused(409, "conversation-locked");
        ADMIN.patch(path, "{\"line\":\"2\"}").refused(409, "conversation-locked");
        ADMIN.patch(path, "{\"relay\":\"some\"}").refused(422, "bad-value", "relay");
        ADMIN.post(path + "/read").is(200);
        assertEquals(
                "cancelled",
                ADMIN.post("/api/v1/messages/" + message.id() + "/cancel")
                        .is(200)
                        .text("/deliveries/0/status"));
        assertEquals(
                409, ADMIN.post("/api/v1/messages/" + message.id() + "/retry").status());
        var preview = ADMIN.post("/api/v1/preview", "{\"text\":\"Hello\",\"conversation\":\"" + created.id() + "\"}")
                .is(200);
        assertEquals(2, preview.body().path("recipients").asInt());
        ADMIN.get("/api/v1/conversations?kind=group&query=training&closed=false")
                .is(200);
        ADMIN.get("/api/v1/conversations?kind=crowd").refused(400, "bad-parameter", "kind");
        ADMIN.post(path + "/close").is(200);
        ADMIN.post(path + "/messages", "{\"text\":\"Too late\"}").refused(409, "conversation-closed");
    }

    @Test
    void badConversationsAreRefusedWithTheField() {
        ADMIN.post("/api/v1/conversations", "{\"participants\":[{}]}")
                .refused(422, "bad-participant", "participants[0]");
        ADMIN.post("/api/v1/conversations", "{\"participants\":[{\"number\":\"1\",\"use\":\"primary\"}]}")
                .refused(422, "bad-participant", "participants[0].use");
        ADMIN.post("/api/v1/conversations", "{\"participants\":[{\"contact\":\"x\"}]}")
                .refused(422, "unknown-contact", "participants[0].contact");
        ADMIN.post("/api/v1/conversations", "{\"participants\":[{\"nmae\":\"x\"}]}")
                .refused(400, "unknown-field", "participants[0].nmae");
        ADMIN.post("/api/v1/conversations", "{\"participants\":\"x\"}").refused(400, "wrong-type", "participants");
        ADMIN.post("/api/v1/conversations", "{}").refused(400, "missing-field", "participants");
        ADMIN.post("/api/v1/conversations", "{\"line\":\"x\",\"participants\":[{\"number\":\"+12025550112\"}]}")
                .refused(422, "unknown-line", "line");
        assertEquals(
                422,
                ADMIN.post("/api/v1/conversations", "{\"participants\":[]}").status());
        ADMIN.get("/api/v1/conversations/0").refused(404, "not-found");
        ADMIN.get("/api/v1/conversations/99999/messages").refused(404, "not-found");
        ADMIN.post("/api/v1/conversations/99999/messages", "{\"text\":\"a\"}").refused(404, "not-found");
        ADMIN.post("/api/v1/conversations/1/messages", "{\"text\":\"a\",\"sendAt\":\"soon\"}")
                .refused(400, "wrong-type", "sendAt");
        ADMIN.get("/api/v1/messages/x").refused(404, "not-found");
        ADMIN.get("/api/v1/messages?status=lost").refused(400, "bad-parameter", "status");
        ADMIN.get("/api/v1/messages?from=yesterday").refused(400, "bad-parameter", "from");
        ADMIN.get("/api/v1/messages?cursor=x").refused(400, "bad-cursor", "cursor");
        ADMIN.post("/api/v1/messages", "{\"to\":\"+12025550112\"}").refused(400, "missing-field", "text");
        ADMIN.post("/api/v1/messages", "{\"line\":\"9x\",\"to\":\"+12025550112\",\"text\":\"a\"}")
                .refused(422, "unknown-line", "line");
    }

    @Test
    void oneIsTextedAndWhatOneWritesIsFound() {
        var sent = ADMIN.post(
                        "/api/v1/messages",
                        "{\"line\":\"" + LINE + "\",\"to\":\"+12025550171\",\"text\":\"Pineapple\"}")
                .is(202);
        assertEquals("/api/v1/messages/" + sent.id(), sent.header("Location"));
        DAEMON.arrives("+12025550171", "Grapefruit please");
        var found = ADMIN.get("/api/v1/messages?query=grapefruit&participant=%2B12025550171")
                .is(200);
        assertEquals("inbound", found.text("/items/0/direction"));
        assertEquals(
                1,
                ADMIN.get("/api/v1/messages?query=pineapple&status=queued&from=2020-01-01T00:00:00Z")
                        .is(200)
                        .body()
                        .path("items")
                        .size());
    }

    @Test
    void aReplyIsMovedToAnotherConversation() {
        var one = ADMIN.post("/api/v1/conversations", group("+12025550181", "+12025550182", ""))
                .is(201);
        var two = ADMIN.post("/api/v1/conversations", group("+12025550181", "+12025550183", ""))
                .is(201);
        DAEMON.arrives("+12025550181", one.text("/tag") + " this was for the others");
        var message = ADMIN.get("/api/v1/messages?query=others&participant=%2B12025550181")
                .text("/items/0/id");
        var moved = ADMIN.post("/api/v1/messages/" + message + "/move", "{\"conversation\":\"" + two.id() + "\"}")
                .is(200);
        assertEquals(two.id(), moved.text("/conversation"));
        ADMIN.post("/api/v1/messages/" + message + "/move", "{\"conversation\":\"x\"}")
                .refused(422, "unknown-conversation", "conversation");
        ADMIN.post("/api/v1/messages/" + message + "/move", "{}").refused(400, "missing-field", "conversation");
    }

    @Test
    void optOutsAreListedAndDecided() {
        ADMIN.post("/api/v1/messages", "{\"line\":\"" + LINE + "\",\"to\":\"+12025550191\",\"text\":\"Hi\"}")
                .is(202);
        DAEMON.arrives("+12025550191", "please stop texting me");
        var list = ADMIN.get("/api/v1/opt-outs").is(200);
        var id = list.text("/items/0/id");
        assertEquals("suspected", list.text("/items/0/state"), list.http().body());
        ADMIN.post("/api/v1/opt-outs/" + id + "/dismiss").is(200);
        DAEMON.arrives("+12025550191", "please stop texting me");
        assertEquals(
                "opted-out",
                ADMIN.post("/api/v1/opt-outs/" + id + "/confirm").is(200).text("/state"));
        ADMIN.post("/api/v1/opt-outs/0/confirm").refused(404, "not-found");
    }

    @Test
    void aSuccessorLeavesOutWhoIsBlocked() {
        var group = ADMIN.post("/api/v1/conversations", group("+12025550195", "+12025550196", ""))
                .is(201);
        DAEMON.arrives("+12025550195", "STOP");
        var successor = ADMIN.post("/api/v1/conversations/" + group.id() + "/successor");
        assertTrue(
                successor.status() == 201 || successor.status() == 200,
                successor.http().body());
        assertEquals("direct", successor.text("/kind"));
    }

    @Test
    void whatIsAnothersDoesNotExist() {
        var group = ADMIN.post("/api/v1/conversations", group("+12025550161", "+12025550162", ",\"text\":\"secret\""))
                .is(201);
        var path = "/api/v1/conversations/" + group.id();
        MEMBER.get(path).refused(404, "not-found");
        MEMBER.get(path + "/messages").refused(404, "not-found");
        MEMBER.post(path + "/messages", "{\"text\":\"x\"}").refused(404, "not-found");
        MEMBER.patch(path, "{\"title\":\"x\"}").refused(404, "not-found");
        for (var action : new String[] {"read", "close", "successor"}) {
            MEMBER.post(path + "/" + action).refused(404, "not-found");
        }
        assertEquals(0, MEMBER.get("/api/v1/conversations").body().path("items").size());
        assertEquals(
                0,
                MEMBER.get("/api/v1/messages?query=secret").body().path("items").size());
        var message = ADMIN.get(path + "/messages").text("/items/0/id");
        MEMBER.get("/api/v1/messages/" + message).refused(404, "not-found");
        for (var action : new String[] {"cancel", "retry"}) {
            MEMBER.post("/api/v1/messages/" + message + "/" + action).refused(404, "not-found");
        }
        MEMBER.post("/api/v1/conversations", group("+12025550161", "+12025550162", ""))
                .is(422);
    }

    @Test
    void everyRouteNeedsToKnowWhoAsksUnlessItIsForAnybody() {
        var open = Set.of(
                "POST /api/v1/session",
                "GET /api/v1/session/ways",
                "GET /api/v1/session/oidc",
                "GET /api/v1/session/oidc/callback",
                "GET /healthz",
                "GET /readyz",
                "GET /metrics",
                "GET /openapi.json",
                "GET /docs",
                "GET /",
                "GET /assets/{name}");
        var anonymous = DAEMON.anonymous();
        var reference = Reference.of(DAEMON.server.url());
        var refused = new TreeSet<String>();
        for (var operation : reference.operations()) {
            if (!open.contains(operation)) {
                var method = operation.split(" ", 2)[0];
                var path = operation.split(" ", 2)[1].replaceAll("\\{[a-z]+\\}", "1");
                anonymous.send(method, path, "{}").refused(401, "unauthenticated");
                refused.add(operation);
            }
        }
        assertTrue(refused.size() > 30);
    }

    /// Two hundred of the longest texts are more than there is memory for; a page ends before, and leads on.
    @Test
    void pagesOfLongTextsAreShorterAndLeadToTheRest() {
        var said = new ArrayList<String>();
        var conversation = "";
        for (int i = 0; i < 9; i++) {
            var text = ("endless " + i + " ").repeat(4_000).substring(0, 35_000 + i);
            var message = ADMIN.post(
                            "/api/v1/messages",
                            "{\"line\":\"" + LINE + "\",\"to\":\"+12025550171\",\"text\":\"" + text + "\"}")
                    .is(202);
            said.addFirst(message.id());
            conversation = message.text("/conversation");
        }
        var path = "/api/v1/conversations/" + conversation + "/messages?limit=200";
        var pages = new ArrayList<Client.Answer>();
        assertEquals(said, all(path, pages));
        assertTrue(pages.size() > 1 && pages.size() < 9, pages.size() + " pages");
        for (var page : pages) {
            assertTrue(page.http().body().length() < 200_000, page.http().body().length() + " octets");
        }
        // And back again, from the oldest.
        var oldest = pages.getLast();
        var newer = ADMIN.get(path + "&cursor=" + oldest.text("/previous")).is(200);
        assertEquals(
                said.get(said.indexOf(oldest.text("/items/0/id")) - 1),
                newer.body()
                        .path("items")
                        .valueStream()
                        .toList()
                        .getLast()
                        .path("id")
                        .asString());
        assertFalse(newer.body().path("previous").isNull());
        assertEquals(said, all("/api/v1/messages?limit=200&query=endless", new ArrayList<>()));
        assertEquals(said, all("/api/v1/messages?limit=200&conversation=" + conversation, new ArrayList<>()));
        assertEquals(said, all("/api/v1/messages?limit=200&participant=%2B12025550171", new ArrayList<>()));
        for (int i = 2; i < 9; i++) {
            ADMIN.post(
                            "/api/v1/messages",
                            "{\"line\":\"" + LINE + "\",\"to\":\"+1202555017" + i + "\",\"text\":\""
                                    + "a".repeat(39_000) + "\"}")
                    .is(202);
        }
        var listed = new ArrayList<Client.Answer>();
        var ids = all("/api/v1/conversations?limit=200", listed);
        assertEquals(Set.copyOf(ids).size(), ids.size());
        assertTrue(listed.size() > 1 && ids.contains(conversation), listed.size() + " pages");
    }

    private static List<String> all(String path, List<Client.Answer> pages) {
        var ids = new ArrayList<String>();
        var cursor = "";
        do {
            var page = ADMIN.get(path + cursor).is(200);
            pages.add(page);
            page.body().path("items").forEach(each -> ids.add(each.path("id").asString()));
            cursor = page.body().path("next").isString() ? "&cursor=" + page.text("/next") : "";
        } while (!cursor.isEmpty());
        return ids;
    }
}
