package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A week of one business, on the demo's parts: eight groups on two lines, one of them a modem's and one an SMPP
/// account's, that share people; and once more with the two lines exchanged. After each step every phone has exactly
/// what the rules say, and nothing else.
@DisplayName("A week of one business")
class StoryTest {

    private static final String MODEM_LINE = "+12025550100";
    private static final String SMPP_LINE = "+12025550101";
    private static final String STOPPED =
            "You are unsubscribed and will not receive more messages from this number. Reply START to resubscribe.";
    private static final String STARTED =
            "You are resubscribed and will receive messages from this number again. Reply STOP to unsubscribe.";

    private static final Map<String, String> PEOPLE = new LinkedHashMap<>();

    static {
        int number = 111;
        for (var name : List.of("Ann", "Bob", "Chloe", "Dan", "Eve", "Finn", "Grace", "Hugo", "Iris", "Jack")) {
            PEOPLE.put(name, "+12025550" + number++);
        }
        PEOPLE.put("Kate", "+12025550122");
        PEOPLE.put("Liam", "+12025550123");
    }

    @TempDir
    private Path directory;

    private DemoWorld world;
    private Json api;

    private final Map<String, List<String>> expected = new TreeMap<>();
    private final List<String> groups = new ArrayList<>();

    private String desk = "";
    private String sales = "";

    @BeforeEach
    void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
        api = world.api();
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
    }

    @AfterEach
    void end() {
        if (world != null) {
            world.close();
        }
    }

    // ---- the words of the story ----

    private String contact(String name) {
        return api.get("/api/v1/contacts?query=" + number(name).replace("+", "%2B"))
                .ok()
                .path("items")
                .path(0)
                .path("id")
                .asString("");
    }

    private static String number(String name) {
        return java.util.Objects.requireNonNull(PEOPLE.get(name));
    }

    private String group(String line, String title, String tag, String... names) {
        var participants = new ArrayList<Map<String, String>>();
        for (var name : names) {
            participants.add(Map.of("contact", contact(name), "use", "primary"));
        }
        var group = api.post(
                        "/api/v1/conversations",
                        Map.of("line", MainJobTest.lineId(api, line), "title", title, "participants", participants))
                .ok();
        assertEquals(tag, group.path("tag").asString(""), title);
        groups.add(group.path("id").asString(""));
        return group.path("id").asString("");
    }

    private String say(String conversation, String text) {
        var answer = api.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", text));
        assertEquals(202, answer.status(), answer.body().toString());
        return answer.body().path("id").asString("");
    }

    private void writes(String name, String line, String text) {
        world.text(number(name), line, text);
    }

    private StoryTest gets(String name, String text) {
        expected.computeIfAbsent(name, _ -> new ArrayList<>()).add(text);
        return this;
    }

    /// Waits until every phone has what it should, and sees that none has more.
    private void settled(String step) {
        Await.until(
                step,
                () -> PEOPLE.keySet().stream()
                        .allMatch(name -> world.inbox(number(name)).equals(expected.getOrDefault(name, List.of()))),
                () -> "\n" + difference() + world.logs());
    }

    private String difference() {
        return PEOPLE.keySet().stream()
                .filter(name -> !world.inbox(number(name)).equals(expected.getOrDefault(name, List.of())))
                .map(name -> name + "\n  should have " + expected.getOrDefault(name, List.of()) + "\n  has         "
                        + world.inbox(number(name)) + "\n")
                .collect(Collectors.joining());
    }

    private JsonNode thread(String conversation) {
        return api.get("/api/v1/conversations/" + conversation + "/messages?limit=200")
                .ok()
                .path("items");
    }

    /// The text in a thread, waited for.
    private JsonNode inThread(String conversation, String text) {
        return Await.value(
                "\"" + text + "\" in the thread",
                () -> thread(conversation)
                        .valueStream()
                        .filter(message -> message.path("text").asString("").equals(text))
                        .findFirst());
    }

    private String how(String conversation, String text) {
        return inThread(conversation, text).path("routing").path("how").asString("");
    }

    private JsonNode participant(String conversation, String name) {
        return api.get("/api/v1/conversations/" + conversation)
                .ok()
                .path("participants")
                .valueStream()
                .filter(each -> each.path("number").asString("").equals(number(name)))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "the front desk is the line of {0}, sales that of {1}")
    @CsvSource({"modem, smpp", "smpp, modem"})
    @DisplayName("ends with every inbox, every thread and every status as the rules say")
    void week(String deskBy, String salesBy) {
        desk = lineOf(deskBy);
        sales = lineOf(salesBy);
        var move = group(desk, "Move", "#1", "Ann", "Bob", "Chloe");
        var garden = group(desk, "Garden", "#2", "Ann", "Dan");
        var kitchen = group(desk, "Kitchen", "#3", "Bob", "Dan", "Eve");
        var roof = group(desk, "Roof", "#1", "Finn", "Grace");
        var offerA = group(sales, "Offer A", "#1", "Ann", "Bob");
        var offerB = group(sales, "Offer B", "#1", "Chloe", "Dan");
        var offerC = group(sales, "Offer C", "#1", "Hugo", "Iris", "Jack");
        var fleet = group(sales, "Fleet", "#1", "Kate", "Liam");

        monday(move, garden, kitchen, roof);
        tuesday(offerA, offerB, offerC, fleet);
        wednesday(garden, kitchen, roof);
        thursday(move, offerC);
        friday(move, roof);
        member(Set.of(move, garden, offerA, groups.getLast()), kitchen);
        everyStatus();
    }

    private static String lineOf(String link) {
        return link.equals("modem") ? MODEM_LINE : SMPP_LINE;
    }

    /// Replies by the only candidate, by tag, by evidence, by an answer, by a user's move, and a private one.
    private void monday(String move, String garden, String kitchen, String roof) {
        say(roof, "Roof at 9");
        gets("Finn", "Roof at 9").gets("Grace", "Roof at 9").settled("a group text");
        writes("Finn", desk, "Fine by me");
        gets("Grace", "Finn: Fine by me").settled("the only candidate");
        assertEquals("only-candidate", how(roof, "Fine by me"));

        say(move, "Move on Monday");
        gets("Ann", "[#1 Move] Move on Monday")
                .gets("Bob", "[#1 Move] Move on Monday")
                .gets("Chloe", "Move on Monday")
                .settled("who is in several groups sees which");
        writes("Ann", desk, "#1 Packed");
        gets("Bob", "[#1 Move] Ann: Packed").gets("Chloe", "Ann: Packed").settled("a reply by tag");
        assertEquals("tag", how(move, "Packed"));

        say(kitchen, "Tiles are here");
        gets("Bob", "[#3 Kitchen] Tiles are here")
                .gets("Dan", "[#3 Kitchen] Tiles are here")
                .gets("Eve", "Tiles are here")
                .settled("another group");
        writes("Dan", desk, "Great");
        gets("Bob", "[#3 Kitchen] Dan: Great").gets("Eve", "Dan: Great").settled("a reply by evidence");
        assertEquals("inferred", how(kitchen, "Great"));

        say(garden, "Plants tomorrow");
        gets("Ann", "[#2 Garden] Plants tomorrow")
                .gets("Dan", "[#2 Garden] Plants tomorrow")
                .settled("a third");
        writes("Ann", desk, "I can't");
        gets("Ann", "Who is your text for? Reply 1 for Move, 2 for Garden")
                .settled("an ambiguous reply is asked about");
        assertEquals("unrouted", how(move, "I can't"));
        writes("Ann", desk, "2");
        gets("Dan", "[#2 Garden] Ann: I can't").settled("the answer places it");
        writes("Ann", desk, "Sorry");
        gets("Dan", "[#2 Garden] Ann: Sorry").settled("the answer is evidence");

        writes("Bob", desk, "Which tiles?");
        gets("Bob", "Who is your text for? Reply 1 for Move, 3 for Kitchen").settled("another is asked");
        var unrouted = inThread(kitchen, "Which tiles?").path("id").asString("");
        api.post("/api/v1/messages/" + unrouted + "/move", Map.of("conversation", kitchen))
                .ok();
        gets("Dan", "[#3 Kitchen] Bob: Which tiles?")
                .gets("Eve", "Bob: Which tiles?")
                .settled("a user places it");

        writes("Chloe", desk, "#0 What do I owe?");
        var direct = Await.value(
                "a direct conversation",
                () -> api.get("/api/v1/conversations?limit=200")
                        .ok()
                        .path("items")
                        .valueStream()
                        .filter(each -> each.path("kind").asString("").equals("direct")
                                && each.path("participants")
                                        .path(0)
                                        .path("number")
                                        .asString("")
                                        .equals(number("Chloe")))
                        .map(each -> each.path("id").asString(""))
                        .findFirst());
        inThread(direct, "What do I owe?");
        say(direct, "Nothing");
        gets("Chloe", "Nothing").settled("a private text");
    }

    /// The same over SMPP.
    private void tuesday(String offerA, String offerB, String offerC, String fleet) {
        say(offerC, "The quote is ready");
        for (var name : List.of("Hugo", "Iris", "Jack")) {
            gets(name, "The quote is ready");
        }
        settled("a group text over SMPP");
        writes("Iris", sales, "Thanks");
        gets("Hugo", "Iris: Thanks").gets("Jack", "Iris: Thanks").settled("a reply over SMPP");
        say(offerA, "It costs 5 € {net}");
        gets("Ann", "It costs 5 € {net}").gets("Bob", "It costs 5 € {net}").settled("extension characters");
        writes("Ann", sales, "OK \uD83D\uDE31");
        gets("Bob", "Ann: OK \uD83D\uDE31").settled("an emoji");
        var text = "The fleet meets at the gate. ".repeat(14).strip();
        say(fleet, text);
        gets("Kate", text).gets("Liam", text).settled("a long text");
        say(offerB, "Yours");
        gets("Chloe", "Yours").gets("Dan", "Yours").settled("one more");
    }

    /// A contact renamed, one deleted, one on Do Not Disturb.
    private void wednesday(String garden, String kitchen, String roof) {
        api.patch("/api/v1/contacts/" + contact("Dan"), Map.of("name", "Daniel"))
                .ok();
        assertEquals("[\"updated\"]", participant(garden, "Dan").path("labels").toString());
        writes("Dan", desk, "#2 Digging");
        gets("Ann", "[#2 Garden] Dan: Digging").settled("relays keep the name of the beginning");

        api.delete("/api/v1/contacts/" + contact("Eve")).ok();
        assertEquals("[\"deleted\"]", participant(kitchen, "Eve").path("labels").toString());
        say(kitchen, "Done");
        gets("Bob", "[#3 Kitchen] Done")
                .gets("Dan", "[#3 Kitchen] Done")
                .gets("Eve", "Done")
                .settled("who was deleted still gets texts");

        api.patch("/api/v1/contacts/" + contact("Grace"), Map.of("dnd", true)).ok();
        var scaffold = say(roof, "The scaffold is up");
        gets("Finn", "The scaffold is up").settled("nothing goes to who does not want it");
        assertEquals("dnd", participant(roof, "Grace").path("blockedBy").asString(""));
        assertTrue(
                api.get("/api/v1/messages/" + scaffold)
                        .ok()
                        .path("deliveries")
                        .valueStream()
                        .anyMatch(each -> each.path("number").asString("").equals(number("Grace"))
                                && each.path("status").asString("").equals("blocked")),
                "shown as blocked");
        writes("Grace", desk, "Still here");
        gets("Finn", "Grace: Still here").settled("what such a person writes is relayed");
    }

    /// STOP in a group, START again, LEAVE.
    private void thursday(String move, String offerC) {
        writes("Hugo", sales, "Stop.");
        gets("Hugo", STOPPED).settled("one confirmation");
        writes("Hugo", sales, "STOP");
        Await.until(
                "the second STOP is in the thread",
                () -> thread(offerC)
                        .valueStream()
                        .anyMatch(each -> each.path("text").asString("").equals("STOP")));
        say(offerC, "The final offer");
        gets("Iris", "The final offer").gets("Jack", "The final offer").settled("nothing more, and no second one");
        assertEquals("opted-out", participant(offerC, "Hugo").path("blockedBy").asString(""));
        writes("Hugo", sales, "start");
        gets("Hugo", STARTED).settled("START");
        say(offerC, "Welcome back");
        for (var name : List.of("Hugo", "Iris", "Jack")) {
            gets(name, "Welcome back");
        }
        settled("all three again");

        writes("Bob", desk, "#1 LEAVE");
        gets("Bob", "You left Move and will not receive more messages of this group. Reply JOIN #1 to come back.")
                .settled("LEAVE");
        assertEquals("left", participant(move, "Bob").path("blockedBy").asString(""));
        say(move, "The van is full");
        gets("Ann", "[#1 Move] The van is full")
                .gets("Chloe", "[#1 Move] The van is full")
                .settled("the others still get texts");
    }

    /// Successors of groups with somebody blocked.
    private void friday(String move, String roof) {
        var direct = api.post("/api/v1/conversations/" + roof + "/successor", Map.of())
                .ok();
        assertEquals("direct", direct.path("kind").asString(""), "one is left");
        assertEquals(
                "conversation-closed",
                api.post("/api/v1/conversations/" + roof + "/messages", Map.of("text", "Too late"))
                        .code());

        var next = api.post("/api/v1/conversations/" + move + "/successor", Map.of())
                .ok();
        groups.add(next.path("id").asString(""));
        assertEquals(2, next.path("participants").size());
        assertEquals(move, next.path("predecessor").asString(""));
        say(next.path("id").asString(""), "A new van");
        var prefix = "[" + next.path("tag").asString("") + " Move] ";
        gets("Ann", prefix + "A new van").gets("Chloe", prefix + "A new van").settled("the new group");
    }

    /// A member to whom only Ann is assigned.
    private void member(Set<String> visible, String hidden) {
        var member = world.memberApi();
        var seen = member.get("/api/v1/conversations?limit=200")
                .ok()
                .path("items")
                .valueStream()
                .map(each -> each.path("id").asString(""))
                .collect(Collectors.toSet());
        assertEquals(visible, seen);
        assertEquals(404, member.get("/api/v1/conversations/" + hidden).status());
        assertEquals(
                404,
                member.post("/api/v1/conversations/" + hidden + "/messages", Map.of("text", "x"))
                        .status());
        assertEquals(1, member.get("/api/v1/contacts").ok().path("items").size());
    }

    private void everyStatus() {
        for (var group : groups) {
            Await.until(
                    "every delivery of conversation " + group + " has ended well",
                    () -> thread(group)
                            .valueStream()
                            .flatMap(message -> message.path("deliveries").valueStream())
                            .allMatch(delivery -> Set.of("delivered", "blocked")
                                    .contains(delivery.path("status").asString(""))),
                    () -> thread(group).toString());
        }
    }
}
