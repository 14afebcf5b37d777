package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Contacts, with their import and export.
class ContactRoutesTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final Account MAX = DAEMON.user("max", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
    private static final Client MEMBER = DAEMON.client(MAX);

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static Client.Answer contact(String name, String number) {
        return ADMIN.post("/api/v1/contacts", "{\"name\":\"" + name + "\",\"primaryNumber\":\"" + number + "\"}");
    }

    @Test
    void aContactIsCreatedReadChangedAndDeleted() {
        var ann = ADMIN.post(
                        "/api/v1/contacts",
                        "{\"name\":\"Ann\",\"primaryNumber\":\"(202) 555-0111\",\"secondaryNumber\":\"+12025550121\"}")
                .is(201);
        var path = "/api/v1/contacts/" + ann.id();
        assertEquals(path, ann.header("Location"));
        assertEquals("+12025550111", ann.text("/primaryNumber"));
        assertTrue(ADMIN.patch(path, "{\"secondaryNumber\":null,\"dnd\":true}")
                .is(200)
                .body()
                .path("secondaryNumber")
                .isNull());
        assertTrue(ADMIN.get(path).is(200).body().path("dnd").asBoolean());
        ADMIN.patch(path, "{\"dnd\":\"yes\"}").refused(400, "wrong-type", "dnd");
        ADMIN.patch(path, "{\"number\":\"1\"}").refused(400, "unknown-field", "number");
        ADMIN.patch(path, "{\"assignedTo\":\"4711\"}").refused(422, "unknown-user", "assignedTo");
        ADMIN.delete(path).is(204);
        assertTrue(ADMIN.get(path).is(200).body().path("deleted").asBoolean());
        ADMIN.patch(path, "{\"name\":\"Anna\"}").refused(409, "contact-deleted");
        ADMIN.get("/api/v1/contacts/999999").refused(404, "not-found");
        ADMIN.get("/api/v1/contacts/-1").refused(404, "not-found");
        contact("Nobody", "12").refused(422, "bad-number", "primaryNumber");
        contact("", "+12025550111").refused(422, "bad-name", "name");
    }

    @Test
    void whoseNameItIsComesBeforeWhoseNameHasIt() {
        for (var name : new String[] {"Dan Zan", "Zanna", "Zan", "Suzanne", "Zane"}) {
            contact(name, "+1202555014" + name.length()).is(201);
        }
        assertEquals(
                "Zan, Zane, Zanna, Dan Zan, Suzanne",
                names(ADMIN.get("/api/v1/contacts?query=zan&order=name").is(200)));
        assertEquals("Zan, Zane, Zanna, Dan Zan, Suzanne", pageByPage("/api/v1/contacts?query=zan&order=name&limit=2"));
        assertEquals("Zan", ADMIN.get("/api/v1/contacts?query=zan").text("/items/0/name"));
        var all = pageByPage("/api/v1/contacts?order=name&limit=2");
        assertEquals(names(ADMIN.get("/api/v1/contacts?order=name&limit=200").is(200)), all);
        assertTrue(all.indexOf("Zan,") < all.indexOf("Zane,"), all);
        ADMIN.get("/api/v1/contacts?order=age").refused(400, "bad-parameter", "order");
        ADMIN.get("/api/v1/contacts?cursor=x").refused(400, "bad-cursor", "cursor");
    }

    private static String names(Client.Answer list) {
        return String.join(
                ", ",
                list.body()
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("name").asString())
                        .toList());
    }

    private static String pageByPage(String path) {
        var names = new StringBuilder();
        var next = "";
        do {
            var page = ADMIN.get(path + next).is(200);
            names.append(names.isEmpty() ? "" : ", ").append(names(page));
            next = page.body().path("next").isNull() ? "" : "&cursor=" + page.text("/next");
        } while (!next.isEmpty());
        return names.toString();
    }

    @Test
    void contactsAreFoundPageByPage() {
        for (int i = 0; i < 5; i++) {
            contact("Paula " + i, "+1202555013" + i).is(201);
        }
        var first = ADMIN.get("/api/v1/contacts?query=paula&limit=3").is(200);
        assertEquals("Paula 4", first.text("/items/0/name"));
        var second = ADMIN.get("/api/v1/contacts?query=paula&limit=3&cursor=" + first.text("/next"))
                .is(200);
        assertEquals(2, second.body().path("items").size());
        assertTrue(second.body().path("next").isNull());
        assertEquals(
                "Paula 2",
                ADMIN.get("/api/v1/contacts?query=%28202%29%20555-0132").is(200).text("/items/0/name"));
    }

    @Test
    void whatIsAnothersDoesNotExist() {
        var foreign = contact("Foreign", "+12025550140").is(201).id();
        var own = MEMBER.post("/api/v1/contacts", "{\"name\":\"Own\",\"primaryNumber\":\"+12025550141\"}")
                .is(201);
        assertEquals(Long.toString(MAX.id()), own.text("/assignedTo/id"));
        assertEquals(MAX.name(), own.text("/assignedTo/name"));
        MEMBER.get("/api/v1/contacts/" + foreign).refused(404, "not-found");
        MEMBER.patch("/api/v1/contacts/" + foreign, "{\"dnd\":true}").refused(404, "not-found");
        MEMBER.delete("/api/v1/contacts/" + foreign).refused(404, "not-found");
        assertTrue(MEMBER.get("/api/v1/contacts")
                .body()
                .path("items")
                .valueStream()
                .noneMatch(each -> each.path("id").asString().equals(foreign)));
        MEMBER.patch("/api/v1/contacts/" + own.id(), "{\"assignedTo\":null}").refused(403, "forbidden", "assignedTo");
    }

    /// A number that nobody owns has a thread already: who may not see it gets it by no way of writing the number down.
    @Test
    void noContactOpensAConversationThatItsMakerMayNotSee() {
        var number = "+12025550170";
        ADMIN.post("/api/v1/messages", """
                {"line":"%s","to":"%s","text":"the code of the door is 4711"}""".formatted(
                                DAEMON.lines.all().getFirst().id(), number))
                .is(202);
        MEMBER.post("/api/v1/contacts", "{\"name\":\"Mine\",\"primaryNumber\":\"" + number + "\",\"dnd\":true}")
                .refused(403, "number-elsewhere", "primaryNumber");
        var own = MEMBER.post("/api/v1/contacts", "{\"name\":\"Mine\",\"primaryNumber\":\"+12025550171\"}")
                .is(201);
        MEMBER.patch("/api/v1/contacts/" + own.id(), "{\"secondaryNumber\":\"" + number + "\"}")
                .refused(403, "number-elsewhere", "secondaryNumber");
        assertEquals(
                "number-elsewhere",
                load(MEMBER, "name,primaryNumber\nMine," + number + "\n", true).text("/items/0/code"));
        load(MEMBER, "name,primaryNumber\nMine," + number + "\n", false).is(422);
        assertEquals(
                0,
                MEMBER.get("/api/v1/conversations").is(200).body().path("items").size());
        // Who may see it may give it.
        ADMIN.post(
                        "/api/v1/contacts",
                        "{\"name\":\"His\",\"primaryNumber\":\"" + number + "\",\"assignedTo\":\"" + MAX.id() + "\"}")
                .is(201);
        assertEquals(
                1,
                MEMBER.get("/api/v1/conversations").is(200).body().path("items").size());
    }

    /// A member that was given one line only can neither show to another member what is on other lines nor silence
    /// somebody there.
    @Test
    void aContactOnOtherLinesIsNotToBeGivenAwayOrSilenced() {
        var desk = DAEMON.lines.all().get(0).id();
        var seller = DAEMON.client(DAEMON.user(
                "seller",
                Role.MEMBER,
                AccessScope.ALL,
                Set.of(DAEMON.lines.all().get(1).id())));
        var pat = contact("Pat", "+12025550172").is(201);
        ADMIN.post("/api/v1/messages", """
                {"line":"%s","to":"+12025550172","text":"on the desk's line"}""".formatted(desk)).is(202);
        seller.patch("/api/v1/contacts/" + pat.id(), "{\"assignedTo\":\"" + MAX.id() + "\"}")
                .refused(403, "conversations-elsewhere", "assignedTo");
        seller.patch("/api/v1/contacts/" + pat.id(), "{\"dnd\":true}").refused(403, "conversations-elsewhere", "dnd");
        seller.patch("/api/v1/contacts/" + pat.id(), "{\"name\":\"Patricia\"}").is(200);
    }

    private static Client.Answer load(Client client, String csv, boolean dryRun) {
        return client.send(client.to("/api/v1/contacts/import" + (dryRun ? "?dryRun=true" : ""))
                .header("Content-Type", "text/csv; charset=utf-8")
                .POST(BodyPublishers.ofString(csv)));
    }

    @Test
    void anImportDoesEveryRowOrNone() {
        var bad = "\uFEFFname;primaryNumber;dnd\r\n\"Quinn \"\"Q\"\"\";(202) 555-0150;yes\r\nRon;12;\r\n\r\n"
                + "Sue;+12025550150;\r\n";
        var dry = load(ADMIN, bad, true).is(200);
        assertEquals("created", dry.text("/items/0/outcome"));
        assertEquals("bad-number", dry.text("/items/1/code"));
        assertEquals(3, dry.body().at("/items/1/row").asInt());
        assertEquals("duplicate-row", dry.text("/items/2/code"));
        var refused = load(ADMIN, bad, false).is(422);
        assertEquals("faulty-rows", refused.text("/code"));
        assertEquals("row 3.primaryNumber", refused.text("/reasons/0/field"));
        assertEquals(
                0,
                ADMIN.get("/api/v1/contacts?query=quinn").body().path("items").size());

        var good = "Name,Primary Number,assignedTo\nQuinn,2025550150,max\nRon,+12025550151,\n";
        var done = load(ADMIN, good, false).is(200);
        assertEquals(2, done.body().path("created").asInt());
        assertEquals("Quinn", MEMBER.get("/api/v1/contacts?query=quinn").text("/items/0/name"));
        load(ADMIN, good, false).is(422);
        load(ADMIN, "name,oops\n", false).refused(422, "bad-heading", "body");
        load(ADMIN, "name\n", false).refused(422, "bad-heading", "body");
        load(ADMIN, "", false).refused(400, "bad-csv", "body");
        load(ADMIN, "name,primaryNumber\n\"Ann,1\n", false).refused(400, "bad-csv", "body");
        load(ADMIN, "name,primaryNumber\nTom,+12025550152,x\n", false).is(422);
        ADMIN.post("/api/v1/contacts/import", "{}").refused(415, "unsupported-media-type", "Content-Type");
        ADMIN.send(ADMIN.to("/api/v1/contacts/import")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xfe})))
                .refused(400, "bad-utf-8", "body");
        ADMIN.send(ADMIN.to("/api/v1/contacts/import?dryRun=maybe")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(good)))
                .refused(400, "bad-parameter", "dryRun");
    }

    @Test
    void whatWasExportedCanBeImportedAndChangesNothing() {
        contact("Comma, \\\"and\\\" quote", "+12025550160").is(201);
        var exported = ADMIN.get("/api/v1/contacts/export").is(200);
        assertTrue(exported.header("Content-Type").startsWith("text/csv"));
        var csv = exported.http().body();
        assertTrue(csv.contains("\"Comma, \"\"and\"\" quote\",+12025550160"), csv);
        var report = load(ADMIN, csv, false).is(200);
        assertEquals(0, report.body().path("created").asInt());
        assertEquals(0, report.body().path("changed").asInt());
        assertEquals(
                1,
                load(ADMIN, csv.replace("Comma", "Colon"), false)
                        .is(200)
                        .body()
                        .path("changed")
                        .asInt());
        load(MEMBER, csv, false).is(422);
    }
}
