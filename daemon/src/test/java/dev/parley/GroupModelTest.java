package dev.parley;

import dev.parley.conversation.ReplyModel;
import dev.parley.conversation.ReplyModel.Consent;
import dev.parley.conversation.ReplyModel.Got;
import dev.parley.conversation.ReplyModel.Talk;
import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Random steps on the demo, whose two lines, one of them a modem's and one an SMPP account's, share their people, and
/// by a model of the rules for each line: what each phone got and where each reply stands must be the same. In the
/// middle the daemon is killed while texts are on their way out and in.
///
/// The system properties `parley.model.seeds` (with commas between) and `parley.model.seconds` say what else to try.
@DisplayName("Groups on a modem's and an SMPP account's line")
@Isolated("it keeps both processors busy")
class GroupModelTest {

    private static final Duration STEPS = Duration.ofSeconds(Integer.getInteger("parley.model.seconds", 30));

    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        int number = 111;
        for (var name : List.of("Ann", "Bob", "Chloe", "Dan", "Eve", "Finn", "Grace", "Hugo", "Iris", "Jack")) {
            NAMES.put("+12025550" + number++, name);
        }
        NAMES.put("+12025550122", "Kate");
        NAMES.put("+12025550123", "Liam");
    }

    private static final List<String> NUMBERS = List.copyOf(NAMES.keySet());

    /// So many that a person is in several, and few enough that tags have one digit.
    private static final int OPEN_MAX = 7;

    @TempDir
    private Path directory;

    private DemoWorld world;
    private Json api;
    private Random random = new Random(0);
    private final List<Line> lines = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    /// What was on its way when the daemon was killed: this and nothing else may come twice.
    private final Set<String> onTheirWay = new HashSet<>();

    /// Texts of phones since this daemon started.
    private int written;
    private static final String RECEIVED = "parley_inbox_received_total{what=\"text\"}";

    private int doubled;
    private int texts;

    /// A text that somebody writes.
    private record Written(Line line, String from, String text) {}

    private record Line(String number, String id, ReplyModel model) {}

    static LongStream seeds() {
        return Arrays.stream(System.getProperty("parley.model.seeds", "1").split(","))
                .mapToLong(Long::parseLong);
    }

    @BeforeEach
    void start() throws IOException {
        world = DemoWorld.start(directory.resolve("demo"));
        api = world.api();
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
        addLine("+12025550100", "Front desk");
        addLine("+12025550101", "Sales");
        written = (int) world.metric(RECEIVED); // the demo's own people have written before
    }

    @AfterEach
    void end() {
        if (world != null) {
            world.close();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("do what the model says")
    void theDaemonDoesWhatTheModelSays(long seed) throws IOException {
        random = new Random(seed);
        stepsFor(STEPS.dividedBy(2));
        kill();
        stepsFor(STEPS.dividedBy(2));
        Await.until("the queue is done", this::queueIsDone);
        settled();
        checkThreads();
        double resent = world.metric("parley_queue_resent_total");
        System.out.println("seed " + seed + ": " + steps.size() + " steps, " + texts + " texts, " + doubled
                + " doubled, " + resent + " sent again");
        assertTrue(doubled <= resent, doubled + " doubled");
    }

    private void addLine(String number, String name) {
        lines.add(
                new Line(number, MainJobTest.lineId(api, number), new ReplyModel(name, NUMBERS, GroupModelTest::name)));
    }

    private static String name(String number) {
        return Objects.requireNonNull(NAMES.get(number));
    }

    private void stepsFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            steps.add(step(any(lines)));
            settled();
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /// The first ones more often, so that groups have people in common.
    private String anybody() {
        return NUMBERS.get(Math.min(random.nextInt(NUMBERS.size()), random.nextInt(NUMBERS.size())));
    }

    private String unique() {
        return "m" + (1000 + texts++) + "x";
    }

    private String step(Line line) {
        int dice = random.nextInt(100);
        if (dice < 12 || line.model.open().isEmpty()) {
            return create(line);
        }
        if (dice < 34) {
            return post(line);
        }
        if (dice < 62) {
            return reply(line, unique());
        }
        if (dice < 70) {
            return reply(line, "#" + random.nextInt(4) + " " + unique());
        }
        if (dice < 77) {
            return reply(line, Integer.toString(random.nextInt(4)));
        }
        if (dice < 80) {
            return reply(line, random.nextBoolean() ? "STOP" : "#1 stop");
        }
        if (dice < 83) {
            return reply(line, random.nextBoolean() ? "START" : "yes");
        }
        if (dice < 84) {
            return reply(line, "HELP");
        }
        if (dice < 87) {
            return reply(line, random.nextBoolean() ? "LEAVE" : "#" + (1 + random.nextInt(3)) + " leave");
        }
        if (dice < 89) {
            return reply(line, "JOIN #" + (1 + random.nextInt(3)));
        }
        if (dice < 91) {
            return reply(line, "Please stop texting me");
        }
        if (dice < 95) {
            return move(line);
        }
        if (dice < 97) {
            return decide(line);
        }
        return dice < 98 ? close(line) : disturb();
    }

    // ---- the steps ----

    private String create(Line line) {
        var people = new TreeSet<String>();
        int count = 2 + random.nextInt(3);
        while (people.size() < count) {
            people.add(anybody());
        }
        if (people.stream()
                        .anyMatch(each -> line.model.consent(each) == Consent.OUT || line.model.silent.contains(each))
                || line.model.open().stream().filter(Talk::isGroup).count() >= OPEN_MAX) {
            return "nothing";
        }
        var title = "G" + unique();
        var group = api.post(
                        "/api/v1/conversations",
                        Map.of(
                                "line",
                                line.id,
                                "title",
                                title,
                                "participants",
                                people.stream()
                                        .map(each -> Map.of("number", each, "name", name(each)))
                                        .toList()))
                .ok();
        int tag = Integer.parseInt(group.path("tag").asString("").substring(1));
        line.model.create(id(group), title, tag, people);
        return "create " + title + " " + people + on(line);
    }

    private String post(Line line) {
        return post(line, any(line.model.open()));
    }

    private String post(Line line, Talk conversation) {
        var text = unique();
        var answer = api.post("/api/v1/conversations/" + conversation.id + "/messages", Map.of("text", text));
        if (answer.status() == 202) {
            line.model.post(conversation, text);
        } else {
            assertEquals(409, answer.status(), answer.body().toString());
        }
        return "post " + conversation.title + " " + text + on(line);
    }

    private String reply(Line line, String text) {
        var number = anybody();
        write(number, line, text);
        arrived();
        said(line, number, text);
        return number + " says " + text + on(line);
    }

    /// In which second of the clock a phone last wrote a text to a line.
    private final Map<String, Long> seconds = new HashMap<>();

    /// Equal octets with the same SCTS are one text that the network repeats, and an SCTS has whole seconds
    /// (3GPP TS 23.040 §9.2.3.11): who says the same again does so in another second.
    private void write(String from, Line line, String text) {
        var same = from + " " + line.number + " " + text;
        long last = seconds.getOrDefault(same, 0L);
        Await.until("another second", () -> Instant.now().getEpochSecond() > last);
        world.text(from, line.number, text);
        seconds.put(same, Instant.now().getEpochSecond());
        written++;
    }

    /// Every text of a phone is in its thread.
    private void arrived() {
        Await.until("the daemon has " + written + " texts", () -> world.metric(RECEIVED) >= written, world::logs);
    }

    private void said(Line line, String number, String text) {
        var direct = api.get("/api/v1/conversations?kind=direct&closed=false&line=" + line.id + "&participant="
                        + number.replace("+", "%2B"))
                .ok()
                .path("items")
                .valueStream()
                .map(GroupModelTest::id)
                .findFirst();
        line.model.says(number, text, Instant.now(), direct);
    }

    private String move(Line line) {
        var movable = line.model.placed.entrySet().stream()
                .filter(each -> each.getValue().isPresent())
                .map(Map.Entry::getKey)
                .toList();
        if (movable.isEmpty()) {
            return "nothing";
        }
        var text = any(movable);
        var sender = Objects.requireNonNull(line.model.senders.get(text));
        var targets = line.model.open().stream()
                .filter(each -> each.people.contains(sender))
                .toList();
        if (targets.isEmpty()) {
            return "nothing";
        }
        var target = any(targets);
        api.post(
                        "/api/v1/messages/"
                                + inbound(text).getFirst().path("id").asString("") + "/move",
                        Map.of("conversation", Long.toString(target.id)))
                .ok();
        line.model.move(text, target);
        return "move " + text + " to " + target.title + on(line);
    }

    private List<JsonNode> inbound(String text) {
        return api.get("/api/v1/messages?query=" + text)
                .ok()
                .path("items")
                .valueStream()
                .filter(each -> each.path("direction").asString("").equals("inbound"))
                .toList();
    }

    private String decide(Line line) {
        var suspected = NUMBERS.stream()
                .filter(each -> line.model.consent(each) == Consent.SUSPECTED)
                .toList();
        if (suspected.isEmpty()) {
            return "nothing";
        }
        var number = any(suspected);
        var optOut = api.get("/api/v1/opt-outs?limit=200")
                .ok()
                .path("items")
                .valueStream()
                .filter(each -> each.path("number").asString("").equals(number)
                        && each.path("line").path("id").asString("").equals(line.id))
                .findFirst()
                .orElseThrow();
        boolean confirmed = random.nextBoolean();
        var what = confirmed ? "confirm" : "dismiss";
        api.post("/api/v1/opt-outs/" + id(optOut) + "/" + what, Map.of()).ok();
        line.model.decide(number, confirmed);
        return what + " " + number + on(line);
    }

    private String close(Line line) {
        var conversation = any(line.model.open());
        api.post("/api/v1/conversations/" + conversation.id + "/close", Map.of())
                .ok();
        line.model.close(conversation);
        return "close " + conversation.title + on(line);
    }

    /// On both lines: it is the contact that says so.
    private String disturb() {
        var number = anybody();
        boolean allowed = lines.getFirst().model.silent.contains(number);
        var contact = api.get("/api/v1/contacts?query=" + number.replace("+", "%2B"))
                .ok()
                .path("items")
                .path(0);
        api.patch("/api/v1/contacts/" + id(contact), Map.of("dnd", !allowed)).ok();
        lines.forEach(line -> line.model.disturb(number, allowed));
        return (allowed ? "disturb " : "do not disturb ") + number;
    }

    /// The daemon is killed right after it has accepted a text on each line; while it is dead, somebody writes on each.
    private void kill() throws IOException {
        // Who says the same soon after a crash that took an acknowledgement with it cannot be told from a repetition.
        Await.until(
                "the SMSC has our acknowledgements",
                () -> world.metric("parley_smpp_acknowledgements_unproved{link=\"aggregator\"}") == 0,
                world::logs);
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 300)).ok();
        world.simulator().put("/smsc", Map.of("latencyMs", 300)).ok();
        for (var line : lines) {
            if (line.model.open().isEmpty()) {
                steps.add(create(line));
            }
            var groups = line.model.open().stream().filter(Talk::isGroup).toList();
            for (int i = 0; i < 3; i++) {
                steps.add(post(line, any(groups.isEmpty() ? line.model.open() : groups)));
                onTheirWay.add("m" + (1000 + texts - 1) + "x");
            }
        }
        world.killDaemon();
        var meanwhile = new ArrayList<Written>();
        for (var line : lines) {
            // Whose text needs no evidence to have its place, for what is heard meanwhile is a matter of chance.
            NUMBERS.stream()
                    .filter(each -> line.model.candidates(each).size() == 1 && line.model.consent(each) == Consent.IN)
                    .findFirst()
                    .ifPresent(each -> meanwhile.add(new Written(line, each, unique())));
        }
        written = 0;
        meanwhile.forEach(each -> write(each.from, each.line, each.text));
        world.takeOverOn(config -> config + "queue: {uncertainGrace: 10s}\n");
        arrived();
        for (var each : meanwhile) {
            said(each.line, each.from, each.text);
            steps.add("killed; " + each.from + " says " + each.text + on(each.line));
        }
        settled();
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
        world.simulator().put("/smsc", Map.of("latencyMs", 0)).ok();
    }

    private static String on(Line line) {
        return " on " + line.number.substring(line.number.length() - 3);
    }

    private static long id(JsonNode node) {
        return Long.parseLong(node.path("id").asString(""));
    }

    // ---- the comparison ----

    /// Waits until every phone has what it should and the daemon knows it, and sees that none has more.
    private void settled() {
        Await.until(
                "every phone has what the model says",
                () -> {
                    lines.forEach(line -> line.model.getAll(Instant.now()));
                    var wrong = differences();
                    if (!wrong.isEmpty() && wrong.contains("more: [Who is your text for?")) {
                        // Who could not be asked before is asked within a minute of when it can.
                        lines.forEach(line -> line.model.sweep(Instant.now()));
                    }
                    return wrong.isEmpty() && with("sending") == 0 && with("sent") == 0;
                },
                () -> "\nsteps: "
                        + String.join("\n       ", steps.subList(Math.max(0, steps.size() - 25), steps.size())) + "\n"
                        + differences() + "\n" + world.logs());
    }

    private int with(String status) {
        return api.get("/api/v1/messages?status=" + status).ok().path("items").size();
    }

    private boolean queueIsDone() {
        return List.of("queued", "submitting", "uncertain").stream()
                        .mapToDouble(state -> world.metric("parley_queue_depth{state=\"" + state + "\"}"))
                        .sum()
                == 0;
    }

    private String differences() {
        var said = new StringBuilder();
        doubled = 0;
        for (var number : NUMBERS) {
            var inbox = world.simulator()
                    .get("/handsets/" + number.replace("+", "%2B") + "/messages")
                    .ok();
            for (var line : lines) {
                var has = inbox.valueStream()
                        .filter(each -> each.path("from").asString("").equals(line.number))
                        .map(each -> each.path("text").asString(""))
                        .toList();
                said.append(difference(line, number, has));
            }
        }
        return said.toString();
    }

    /// Each conversation in its order, and no text that is not due.
    private String difference(Line line, String number, List<String> has) {
        var due = new ArrayList<>(line.model.inbox(number));
        var had = new HashSet<String>();
        var more = new ArrayList<String>();
        for (var text : has) {
            var next = due.stream()
                    .filter(each -> each.text().equals(text) && isNext(due, each))
                    .findFirst();
            if (next.isPresent()) {
                due.remove(next.get());
                had.add(text);
            } else if (had.contains(text) && onTheirWay.stream().anyMatch(text::endsWith)) {
                doubled++;
            } else {
                more.add(text);
            }
        }
        if (due.isEmpty() && more.isEmpty()) {
            return "";
        }
        return number + on(line) + " less: " + due.stream().map(Got::text).toList() + " more: " + more + "\n  has "
                + has + "\n";
    }

    private static boolean isNext(List<Got> due, Got got) {
        return got.order().isEmpty()
                || due.stream()
                        .filter(each -> each.order().equals(got.order()))
                        .findFirst()
                        .equals(Optional.of(got));
    }

    private void checkThreads() {
        for (var line : lines) {
            line.model.placed.forEach((text, talk) -> {
                var shown = inbound(text);
                assertEquals(1, shown.size(), text + " in the threads");
                assertEquals(
                        talk.map(each -> Long.toString(each.id)).orElse(""),
                        shown.getFirst().path("conversation").path("id").asString(""),
                        () -> "where " + text + on(line) + " stands after " + steps);
            });
        }
    }
}
