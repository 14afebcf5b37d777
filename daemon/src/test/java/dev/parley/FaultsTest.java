package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Everything that may happen to a modem, in the middle of a hundred messages in both directions, on the real parts as
/// processes.
@DisplayName("A modem's fault in the middle of a stream")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class FaultsTest {

    private static final String LINE = "+12025550100";
    private static final int EACH_WAY = 50;
    private static final int PHONES = 10;

    /// How many have arrived when the fault begins.
    private static final int MIDDLE = 12;

    @TempDir
    private static Path directory;

    private static DemoWorld world;
    private static Json api;
    private static String line = "";

    /// The demo, with parts of unknown fate that are sent again after ten seconds.
    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.impatient(directory.resolve("demo"), "10s");
        api = world.api();
        line = MainJobTest.lineId(api, LINE);
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 40)).ok();
        awaitState("ready");
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static String linkState() {
        return StreamSupport.stream(api.get("/api/v1/links").ok().path("items").spliterator(), false)
                .filter(link -> link.path("name").asString("").equals("modem-1"))
                .map(link -> link.path("state").asString(""))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitState(String state) {
        Await.until("the modem is " + state, () -> linkState().equals(state), world::logs);
    }

    private static String phone(int n) {
        return "+1202555070" + n % PHONES;
    }

    private static void fault(String fault) {
        world.simulator().put("/modems/modem-1", Map.of("fault", fault)).ok();
    }

    private static List<String> phonesHave() {
        return IntStream.range(0, PHONES)
                .boxed()
                .flatMap(n -> world.inbox(phone(n)).stream())
                .toList();
    }

    private final List<String> ids = new ArrayList<>();

    private void send(String to, String text) {
        var answer = api.post("/api/v1/messages", Map.of("line", line, "to", to, "text", text));
        assertEquals(202, answer.status(), answer.body().toString());
        ids.add(answer.body().path("id").asString(""));
    }

    private static String conversation(int n) {
        return StreamSupport.stream(
                        api.get("/api/v1/conversations?limit=200")
                                .ok()
                                .path("items")
                                .spliterator(),
                        false)
                .filter(one -> one.path("kind").asString("").equals("direct")
                        && StreamSupport.stream(one.path("participants").spliterator(), false)
                                .anyMatch(person ->
                                        person.path("number").asString("").equals(phone(n))))
                .map(one -> one.path("id").asString(""))
                .findFirst()
                .orElse("");
    }

    private static List<String> threads(String fault) {
        var texts = new ArrayList<String>();
        for (int n = 0; n < PHONES; n++) {
            for (var message : api.get("/api/v1/conversations/" + conversation(n) + "/messages?limit=200")
                    .ok()
                    .path("items")) {
                var text = message.path("text").asString("");
                if (message.path("direction").asString("").equals("inbound") && text.startsWith(fault + " in ")) {
                    texts.add(phone(n) + " " + text);
                }
            }
        }
        return texts;
    }

    private static boolean delivered(String id) {
        return api.get("/api/v1/messages/" + id)
                .ok()
                .path("deliveries")
                .path(0)
                .path("status")
                .asString("")
                .equals("delivered");
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unplugged",
                "hung",
                "no-network",
                "pin-required",
                "storage-full",
                "refuse:38",
                "refuse:310",
                "refuse:500"
            })
    @DisplayName("ends with every message delivered once, every reply in its thread once")
    void once(String fault) {
        var out =
                IntStream.range(0, EACH_WAY).mapToObj(n -> fault + " out " + n).toList();
        var in = IntStream.range(0, EACH_WAY)
                .mapToObj(n -> phone(n) + " " + fault + " in " + n)
                .toList();
        for (int n = 0; n < EACH_WAY / 2; n++) {
            both(n, out, in);
        }
        var before = ids.size();
        Await.until(
                "some have arrived",
                () -> phonesHave().stream()
                                .filter(text -> text.startsWith(fault))
                                .count()
                        >= MIDDLE);

        fault(fault);
        for (int n = EACH_WAY / 2; n < EACH_WAY; n++) {
            both(n, out, in);
        }
        assertTrue(
                phonesHave().stream().filter(text -> text.startsWith(fault)).count() < EACH_WAY,
                "the fault came in the middle; " + before + " were sent before");
        switch (fault) {
            case "storage-full" ->
                Await.until("the daemon has sent on", () -> phonesHave().containsAll(out.subList(0, 25)));
            case "refuse:38", "refuse:500" ->
                Await.until(
                        "a message has met it", () -> ids.stream().anyMatch(id -> attempts(id) > 0 && !delivered(id)));
            default -> Await.until("the link has noticed", () -> !linkState().equals("ready"), world::logs);
        }
        fault("none");

        Await.until(
                "all are delivered",
                () -> ids.stream().allMatch(FaultsTest::delivered),
                () -> ids.stream()
                                .filter(id -> !delivered(id))
                                .map(id ->
                                        api.get("/api/v1/messages/" + id).body().toString())
                                .toList()
                        + world.logs());
        Await.until("all are in their threads", () -> new HashSet<>(threads(fault)).containsAll(in), world::logs);
        awaitState("ready");
        var phones = phonesHave();
        var threads = threads(fault);
        for (int n = 0; n < EACH_WAY; n++) {
            assertEquals(1, Collections.frequency(phones, out.get(n)), out.get(n));
            assertEquals(1, Collections.frequency(threads, in.get(n)), in.get(n));
        }
    }

    private static int attempts(String id) {
        return api.get("/api/v1/messages/" + id)
                .ok()
                .path("deliveries")
                .path(0)
                .path("attempts")
                .asInt(0);
    }

    private void both(int n, List<String> out, List<String> in) {
        send(phone(n), out.get(n));
        world.text(phone(n), LINE, in.get(n).substring(phone(n).length() + 1));
    }
}
