package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.conversation.InboundText;
import dev.parley.event.Event;
import dev.parley.link.FailureCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a page shows beside the messages: what is read, what needs somebody, what is done, and as of which
/// event it was read.
class ReadingRoutesTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final Client ZOE = DAEMON.client(DAEMON.user("zoe", Role.ADMIN, AccessScope.ALL, Set.of()));
    private static final String LINE =
            Long.toString(DAEMON.lines.all().getFirst().id());

    private static int numbers = 3000;

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static String number() {
        return "+1202556" + numbers++;
    }

    private static void arrives(String from, String text) {
        var now = DAEMON.clock.instant();
        DAEMON.store.transaction(tx -> {
            DAEMON.replies
                    .replies()
                    .received(tx, new InboundText(Long.parseLong(LINE), from, text, Optional.of(now), now, "modem-1"));
            return 0;
        });
    }

    /// The id of the new direct conversation with a number that wrote these texts.
    private static String direct(String number, String... texts) {
        for (var text : texts) {
            arrives(number, text);
        }
        return ADMIN.get("/api/v1/conversations?participant=" + number.replace("+", "%2B"))
                .is(200)
                .text("/items/0/id");
    }

    private static JsonNode conversation(Client client, String id) {
        return client.get("/api/v1/conversations/" + id).is(200).body();
    }

    private static List<String> ids(Client.Answer list) {
        var ids = new ArrayList<String>();
        list.is(200)
                .body()
                .path("items")
                .forEach(item -> ids.add(item.path("id").asString()));
        return ids;
    }

    private static List<Event> eventsSince(Client.Answer read) {
        return DAEMON.events.after(Long.parseLong(read.header("Parley-Event")), 1_000);
    }

    @Test
    void everyReadSaysAsOfWhichEvent() {
        for (var path : List.of("session", "conversations", "contacts", "lines", "conversations/counts", "messages")) {
            assertTrue(
                    ADMIN.get("/api/v1/" + path).is(200).header("Parley-Event").matches("[0-9]+"), path);
        }
        assertTrue(ADMIN.get("/api/v1/conversations/99999")
                .is(404)
                .header("Parley-Event")
                .matches("[0-9]+"));
        var before = ADMIN.get("/api/v1/contacts");
        ADMIN.post("/api/v1/contacts", "{\"name\":\"Now\",\"primaryNumber\":\"" + number() + "\"}")
                .is(201);
        var after = ADMIN.get("/api/v1/contacts");
        assertEquals(
                Long.parseLong(after.header("Parley-Event")),
                eventsSince(before).getLast().id());
    }

    /// A page that changes something goes on from the answer as it does from a read.
    @Test
    void aChangeSaysAsOfWhichEventItsAnswerIs() {
        var before = Long.parseLong(ADMIN.get("/api/v1/contacts").header("Parley-Event"));
        var made = ADMIN.post("/api/v1/contacts", "{\"name\":\"Changed\",\"primaryNumber\":\"" + number() + "\"}")
                .is(201);
        assertTrue(Long.parseLong(made.header("Parley-Event")) >= before);
        assertTrue(eventsSince(made).stream().anyMatch(event -> event.json().contains(made.text("/id"))));
    }

    @Test
    void readMovesUpToAMessageAndBack() {
        var id = direct(number(), "one", "two", "three");
        var path = "/api/v1/conversations/" + id;
        var messages = ADMIN.get(path + "/messages").is(200);
        assertEquals(3, conversation(ADMIN, id).path("unread").asInt());
        var read = ADMIN.post(path + "/read", "{\"message\":\"" + messages.text("/items/1/id") + "\"}")
                .is(200);
        assertEquals(1, read.body().path("unread").asInt());
        var events = eventsSince(messages);
        assertEquals("conversation.read", events.getFirst().type().label());
        var data = Json.mapper().readTree(events.getFirst().json());
        assertEquals(id, data.path("conversation").asString());
        assertEquals(messages.text("/items/1/id"), data.path("message").asString());
        assertEquals(1, data.path("unread").asInt());
        assertEquals(3, conversation(ZOE, id).path("unread").asInt());

        ADMIN.post(path + "/read").is(200);
        assertEquals(0, conversation(ADMIN, id).path("unread").asInt());
        assertFalse(ids(ADMIN.get("/api/v1/conversations?unread=true")).contains(id));
        ADMIN.post(path + "/read", "{\"message\":\"" + messages.text("/items/2/id") + "\"}")
                .is(200);
        assertEquals(2, conversation(ADMIN, id).path("unread").asInt());
        assertTrue(ids(ADMIN.get("/api/v1/conversations?unread=true")).contains(id));
        ADMIN.post(path + "/read", "{\"message\":\"0\"}").is(200);
        assertEquals(3, conversation(ADMIN, id).path("unread").asInt());
        ADMIN.post(path + "/read", "{\"message\":\"999999\"}").refused(422, "unknown-message", "message");
    }

    @Test
    void whatOneHasReadIsNobodyElsesAffair() throws Exception {
        var id = direct(number(), "for admin's eyes");
        var before = ADMIN.get("/api/v1/session");
        ADMIN.post("/api/v1/conversations/" + id + "/read").is(200);
        var events = eventsSince(before);
        var zoe = DAEMON.accounts.byName("zoe").orElseThrow();
        var seen = dev.parley.account.Access.of(zoe).readable(DAEMON.store, events);
        assertTrue(events.stream().anyMatch(event -> event.type().label().equals("conversation.read")));
        assertTrue(seen.stream().noneMatch(event -> event.type().label().equals("conversation.read")));
    }

    @Test
    void anUnroutedTextNeedsSomebodyOnceInHoweverManyThreads() {
        var before = ADMIN.get("/api/v1/conversations/counts").is(200);
        var number = number();
        var groups = new ArrayList<String>();
        for (int i = 0; i < 2; i++) {
            groups.add(ADMIN.post(
                            "/api/v1/conversations",
                            "{\"line\":\"" + LINE + "\",\"participants\":[{\"number\":\"" + number
                                    + "\"},{\"number\":\"" + number() + "\"}]}")
                    .is(201)
                    .id());
        }
        var quiet = ADMIN.get("/api/v1/session");
        arrives(number, "whose is this?");
        for (var group : groups) {
            assertEquals("route", conversation(ADMIN, group).at("/needs/0").asString());
            assertEquals(1, conversation(ADMIN, group).path("unread").asInt());
            assertTrue(eventsSince(quiet).stream()
                    .anyMatch(event -> event.type().label().equals("conversation.updated")
                            && event.json().contains("\"id\":\"" + group + "\"")
                            && event.json().contains("\"needs\":[\"route\"]")));
        }
        assertTrue(ids(ADMIN.get("/api/v1/conversations?needs=true")).containsAll(groups));
        var counts = ADMIN.get("/api/v1/conversations/counts").is(200);
        assertEquals(
                before.body().path("needs").asInt() + 1,
                counts.body().path("needs").asInt());

        var waiting = ADMIN.get("/api/v1/messages?query=whose").text("/items/0/id");
        ADMIN.post("/api/v1/messages/" + waiting + "/move", "{\"conversation\":\"" + groups.getFirst() + "\"}")
                .is(200);
        for (var group : groups) {
            assertEquals(0, conversation(ADMIN, group).path("needs").size());
        }
        assertEquals(0, conversation(ADMIN, groups.getLast()).path("unread").asInt());
        assertEquals(1, conversation(ADMIN, groups.getFirst()).path("unread").asInt());
    }

    @Test
    void anOptOutToDecideNeedsSomebody() {
        var number = number();
        var id = direct(number, "hello", "please stop texting me");
        assertEquals("[\"decide\"]", conversation(ADMIN, id).path("needs").toString());
        var optOut = ADMIN.get("/api/v1/opt-outs").text("/items/0/id");
        ADMIN.post("/api/v1/opt-outs/" + optOut + "/dismiss").is(200);
        assertEquals("[]", conversation(ADMIN, id).path("needs").toString());
    }

    @Test
    void aFailureNeedsSomebodyUntilItWasSeen() {
        var message = ADMIN.post(
                        "/api/v1/messages",
                        "{\"line\":\"" + LINE + "\",\"to\":\"" + number() + "\",\"text\":\"Will fail\"}")
                .is(202);
        var id = message.text("/conversation");
        long delivery = DAEMON.store.read(connection -> {
            try (var query = connection.prepareStatement("SELECT id FROM delivery WHERE message_id = ?")) {
                query.setLong(1, Long.parseLong(message.id()));
                try (var row = query.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
        var before = ADMIN.get("/api/v1/session");
        DAEMON.store.transaction(tx -> {
            DAEMON.conversations
                    .deliveries()
                    .failed(tx, delivery, FailureCode.BARRED, Optional.of(10), "barred", DAEMON.clock.instant());
            return 0;
        });
        assertEquals("[\"failed\"]", conversation(ZOE, id).path("needs").toString());
        assertTrue(eventsSince(before).stream().anyMatch(event -> event.json().contains("\"needs\":[\"failed\"]")));
        assertTrue(ids(ZOE.get("/api/v1/conversations?needs=true")).contains(id));
        ADMIN.post("/api/v1/conversations/" + id + "/read").is(200);
        assertEquals("[]", conversation(ZOE, id).path("needs").toString());
    }

    @Test
    void whatIsDoneComesBackWithTheNextText() {
        var number = number();
        var id = direct(number, "thanks");
        var path = "/api/v1/conversations/" + id;
        assertTrue(
                ADMIN.patch(path, "{\"done\":true}").is(200).body().path("done").asBoolean());
        assertTrue(ids(ADMIN.get("/api/v1/conversations?done=true")).contains(id));
        assertFalse(ids(ADMIN.get("/api/v1/conversations?done=false")).contains(id));
        ADMIN.post(path + "/messages", "{\"text\":\"You are welcome\"}").is(202);
        assertTrue(conversation(ADMIN, id).path("done").asBoolean());
        var before = ADMIN.get("/api/v1/session");
        arrives(number, "one more thing");
        assertFalse(conversation(ADMIN, id).path("done").asBoolean());
        assertTrue(eventsSince(before).stream()
                .anyMatch(event -> event.type().label().equals("conversation.updated")
                        && event.json().contains("\"done\":false")));
    }

    @Test
    void countsSumUpWhatIsUnread() {
        var before = ZOE.get("/api/v1/conversations/counts")
                .is(200)
                .body()
                .path("unread")
                .asInt();
        direct(number(), "a", "b");
        direct(number(), "c");
        assertEquals(
                before + 3,
                ZOE.get("/api/v1/conversations/counts")
                        .is(200)
                        .body()
                        .path("unread")
                        .asInt());
    }

    private static List<String> texts(Client.Answer list) {
        var texts = new ArrayList<String>();
        list.is(200)
                .body()
                .path("items")
                .forEach(item -> texts.add(item.path("text").asString()));
        return texts;
    }

    @Test
    void aThreadOpensAnywhereAndGoesBothWays() {
        var number = number();
        var id = direct(number, "1", "2", "3", "4", "5", "6", "7", "8", "9");
        var path = "/api/v1/conversations/" + id + "/messages";
        var five = ids(ADMIN.get(path)).get(4);
        var around = ADMIN.get(path + "?limit=3&around=" + five).is(200);
        assertEquals(List.of("6", "5", "4"), texts(around));
        assertEquals(List.of("3", "2", "1"), texts(ADMIN.get(path + "?limit=3&cursor=" + around.text("/next"))));
        var newer = ADMIN.get(path + "?limit=2&cursor=" + around.text("/previous"));
        assertEquals(List.of("8", "7"), texts(newer));
        assertEquals(List.of("6", "5"), texts(ADMIN.get(path + "?limit=2&cursor=" + newer.text("/next"))));
        var newest = ADMIN.get(path + "?limit=2&cursor=" + newer.text("/previous"));
        assertEquals(List.of("9"), texts(newest));
        assertTrue(newest.body().path("previous").isNull());
        assertEquals(List.of("7", "6"), texts(ADMIN.get(path + "?limit=2&after=" + five)));
        var first = ADMIN.get(path + "?limit=2&after=0");
        assertEquals(List.of("2", "1"), texts(first));
        assertTrue(first.body().path("next").isNull());
        var last = ADMIN.get(path + "?limit=2");
        assertEquals(List.of("9", "8"), texts(last));
        assertTrue(last.body().path("previous").isNull());
        assertEquals(List.of("5"), texts(ADMIN.get(path + "?limit=1&around=" + five)));
        ADMIN.get(path + "?around=999999").refused(404, "not-found");
        ADMIN.get(path + "?around=x").refused(400, "bad-parameter", "around");
        ADMIN.get(path + "?after=0&cursor=5").refused(400, "bad-parameter", "after");
        ADMIN.get(path + "?cursor=after-x").refused(400, "bad-cursor", "cursor");
    }

    @Test
    void whoIsUnknownHasNoNameAndANumberAsPeopleWriteIt() {
        var number = number();
        var id = direct(number, "who am I?");
        var shown = "(202) 556-" + number.substring(8);
        var conversation = conversation(ADMIN, id);
        assertEquals(shown, conversation.path("title").asString());
        assertTrue(conversation.at("/participants/0/name").isNull());
        assertEquals(shown, conversation.at("/participants/0/display").asString());
        assertEquals("(202) 555-0100", conversation.at("/line/display").asString());
        assertTrue(conversation.at("/lastMessage/author/name").isNull());
        assertEquals(shown, conversation.at("/lastMessage/author/display").asString());
        assertEquals("normal", conversation.at("/lastMessage/kind").asString());
        assertEquals(0, conversation.at("/lastMessage/summary").size());
        var message = ADMIN.post("/api/v1/conversations/" + id + "/messages", "{\"text\":\"You tell me\"}")
                .is(202);
        assertEquals(shown, message.text("/deliveries/0/display"));
        assertEquals(
                1, conversation(ADMIN, id).at("/lastMessage/summary/queued").asInt());
        assertEquals("(202) 555-0100", ADMIN.get("/api/v1/lines").text("/items/0/display"));
    }

    @Test
    void whatIsToBeDecidedIsNamedAtTheParticipant() {
        var id = direct(number(), "hi", "please stop texting me");
        var decision = conversation(ADMIN, id).at("/participants/0/decision");
        assertTrue(ids(ADMIN.get("/api/v1/opt-outs"))
                .contains(decision.path("optOut").asString()));
        assertEquals(
                "please stop texting me",
                ADMIN.get("/api/v1/messages/" + decision.path("message").asString())
                        .text("/text"));
        assertFalse(decision.path("decideBy").isNull());
    }

    @Test
    void aHitSaysWhereItWasSaidAndASearchStaysWithinOneConversation() {
        var one = direct(number(), "kiwi one", "no fruit", "kiwi two");
        var two = direct(number(), "kiwi three");
        var hits = ADMIN.get("/api/v1/messages?query=kiwi&limit=2").is(200);
        assertEquals(List.of("kiwi three", "kiwi two"), texts(hits));
        assertEquals(two, hits.text("/items/0/conversation/id"));
        assertEquals("direct", hits.text("/items/0/conversation/kind"));
        assertTrue(hits.text("/items/0/conversation/title").startsWith("(202) 556-"));
        assertEquals(
                List.of("kiwi one"),
                texts(ADMIN.get("/api/v1/messages?query=kiwi&limit=2&cursor=" + hits.text("/next"))));
        assertEquals(
                List.of("kiwi two", "kiwi one"), texts(ADMIN.get("/api/v1/messages?query=kiwi&conversation=" + one)));
        assertEquals(List.of(), texts(ADMIN.get("/api/v1/messages?query=kiwi&conversation=999999")));
    }
}
