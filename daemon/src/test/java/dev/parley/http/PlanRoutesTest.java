package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a page asks before anything exists: what a text will cost, and what would come of a group.
class PlanRoutesTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final String DESK = Long.toString(DAEMON.lines.all().get(0).id());
    private static final String SALES = Long.toString(DAEMON.lines.all().get(1).id());

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static Client.Answer preview(String json) {
        return ADMIN.post("/api/v1/preview", json.replace('\'', '"')).is(200);
    }

    private static Client.Answer dryRun(Client client, String json) {
        return client.post("/api/v1/conversations?dryRun=true", json.replace('\'', '"'))
                .is(200);
    }

    private static List<String> refusals(Client.Answer answer) {
        var refusals = new ArrayList<String>();
        for (JsonNode each : answer.body().path("refusals")) {
            refusals.add(each.path("field").asString() + " " + each.path("code").asString());
        }
        return refusals;
    }

    @Test
    void specialCharactersAreNamedWithWhatStandsForThem() {
        var quoted = preview("{'text':'\u201CYes\u201D " + "x".repeat(80) + " \uD83D\uDE00'}");
        assertEquals("ucs2", quoted.text("/encoding"));
        assertEquals(2, quoted.body().path("parts").asInt());
        assertEquals("\u201C", quoted.text("/special/0/text"));
        assertEquals("\"", quoted.text("/special/0/replacement"));
        assertEquals("\uD83D\uDE00", quoted.text("/special/2/text"));
        assertTrue(quoted.body().at("/special/2/replacement").isNull());
        assertEquals(2, quoted.body().path("partsIfReplaced").asInt(), "a smiley stays what it is");
        var curable = preview("{'text':'\u201CYes\u201D " + "x".repeat(80) + "'}");
        assertEquals(2, curable.body().path("parts").asInt());
        assertEquals(1, curable.body().path("partsIfReplaced").asInt());
        assertEquals(0, preview("{'text':'plain'}").body().path("special").size());
    }

    @Test
    void aTextForAGroupThatDoesNotExistYetCountsItsRecipientsAndPrefixes() {
        ADMIN.post(
                        "/api/v1/conversations",
                        ("{'line':'" + DESK + "','participants':[{'number':'+12025551001'},{'number':'+12025551002'}]}")
                                .replace('\'', '"'))
                .is(201);
        var people = "'participants':[{'number':'+12025551001'},{'number':'+12025551003'},{'number':'+12025551004'}]";
        var text = "x".repeat(150);
        var onDesk = preview("{'text':'" + text + "','line':'" + DESK + "','title':'Soccer'," + people + "}");
        assertEquals(3, onDesk.body().path("recipients").asInt());
        assertEquals(2, onDesk.body().path("parts").asInt(), "the first gets [#2 Soccer] in front");
        assertEquals(4, onDesk.body().path("totalParts").asInt());
        var onSales = preview("{'text':'" + text + "','line':'" + SALES + "'," + people + "}");
        assertEquals(3, onSales.body().path("totalParts").asInt());
        assertEquals(
                3,
                preview("{'text':'" + text + "'," + people + "}")
                        .body()
                        .path("totalParts")
                        .asInt());
        assertEquals(
                1,
                preview("{'text':'a','line':'" + SALES + "'}")
                        .body()
                        .path("recipients")
                        .asInt());
        ADMIN.post("/api/v1/preview", "{\"text\":\"a\",\"line\":\"999\"}").refused(422, "unknown-line", "line");
        ADMIN.post("/api/v1/preview", "{\"text\":\"a\",\"conversation\":\"1\",\"line\":\"1\"}")
                .refused(422, "bad-preview", "conversation");
    }

    @Test
    void aDryRunSaysWhatIsSharedAndWhereNothingIs() {
        var before = ADMIN.post(
                        "/api/v1/conversations",
                        ("{'line':'" + DESK
                                        + "','title':'Smith move','participants':[{'number':'+12025551011','name':'Ann'},"
                                        + "{'number':'+12025551012'}]}")
                                .replace('\'', '"'))
                .is(201);
        var plan = dryRun(
                ADMIN,
                "{'line':'" + DESK + "','title':'Soccer','participants':[{'number':'+12025551011','name':'Ann'},"
                        + "{'number':'+12025551013'}],'text':'Hi'}");
        assertEquals(List.of(), refusals(plan));
        assertEquals(1, plan.body().at("/sharedWith/count").asInt());
        assertEquals(before.id(), plan.text("/sharedWith/groups/0/conversation"));
        assertEquals("Smith move", plan.text("/sharedWith/groups/0/title"));
        assertEquals("Ann", plan.text("/sharedWith/groups/0/names/0"));
        assertEquals(DESK, plan.text("/line/id"));
        assertEquals("Sales", plan.text("/suggestedLine/name"));
        assertEquals("#2", plan.text("/tag"));
        assertTrue(
                plan.text("/introduction").startsWith("You are in the group \"Soccer\""), plan.text("/introduction"));
        var auto = dryRun(ADMIN, "{'participants':[{'number':'+12025551011'},{'number':'+12025551013'}]}");
        assertEquals("Sales", auto.text("/line/name"));
        assertEquals(0, auto.body().at("/sharedWith/count").asInt());
        assertEquals(
                1,
                ADMIN.get("/api/v1/conversations?participant=%2B12025551011")
                        .body()
                        .path("items")
                        .size(),
                "nothing was created");
    }

    @Test
    void aDryRunNamesAllThatStandsAgainstItAtOnce() {
        var dan = ADMIN.post("/api/v1/contacts", "{\"name\":\"Dan\",\"primaryNumber\":\"+12025551021\",\"dnd\":true}")
                .is(201)
                .id();
        var plan = dryRun(
                ADMIN,
                "{'line':'999','title':'" + "t".repeat(101)
                        + "','text':' ','participants':[{},{'number':'12'},{'contact':'"
                        + dan + "'},{'contact':'x'},{'number':'+12025551022'},{'number':'+12025551022'},"
                        + "{'number':'+12025550100'}]}");
        assertEquals(
                List.of(
                        "line unknown-line",
                        "participants[0] bad-participant",
                        "participants[1].number bad-number",
                        "participants[3].contact unknown-contact",
                        "participants[5].number duplicate-number",
                        "participants[6].number own-number",
                        "title bad-title",
                        "text text-blank",
                        "participants[2] dnd"),
                refusals(plan));
        var ten = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            ten.append(i == 0 ? "" : ",")
                    .append("{'number':'+1202555103")
                    .append(i)
                    .append("'}");
        }
        assertEquals(
                List.of("participants too-many-participants"),
                refusals(dryRun(ADMIN, "{'participants':[" + ten + "]}")));
        assertEquals(List.of("participants no-participants"), refusals(dryRun(ADMIN, "{'participants':[]}")));
        var member = DAEMON.client(DAEMON.user("mo", Role.MEMBER, AccessScope.ASSIGNED, Set.of()));
        assertEquals(
                List.of("participants not-assigned"),
                refusals(dryRun(member, "{'participants':[{'number':'+12025551041'},{'number':'+12025551042'}]}")));
    }
}
