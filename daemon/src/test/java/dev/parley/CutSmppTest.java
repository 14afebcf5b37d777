package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// An SMSC that cuts the connection every few seconds in the middle of a full window: first one whose receipts all
/// come, then one that loses some. A submit that was cut off is proven by its receipt; where that never comes, nothing
/// else could tell (`query_sm` asks by the `message_id`, which was lost with the response), so it is sent again after
/// its grace period. The system property `parley.cut.seconds` says for how long; the suite has no time for a minute.
@DisplayName("A cut SMPP connection under load")
@Isolated("it keeps both processors busy")
class CutSmppTest {

    private static final String SALES = "+12025550101";

    /// One phone's texts go one after the other, so a full window needs more phones than places, also while those
    /// whose text was cut off wait for its receipt.
    private static final int PHONES = 300;

    private static final int SENDERS = 6;
    private static final int WINDOW = 100;
    private static final int FULL = 95;

    /// With a full window some 65 texts a second, less than what the API accepts, so that texts always wait.
    private static final int LATENCY_MILLIS = 1_500;

    /// Texts that may wait, so that the rest after the load is short.
    private static final int BACKLOG = 300;

    private static final Duration LOAD = Duration.ofSeconds(Integer.getInteger("parley.cut.seconds", 16));
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration CUT_EVERY = Duration.ofMillis(2_500);

    /// However short and slow the load, so many cuts are waited for, but not longer than this.
    private static final int CUTS_LEAST = 2;

    private static final Duration CUTS_WITHIN = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private final Map<String, List<String>> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private long submittedBefore; // by the demo itself, which shows a visitor some conversations
    private final AtomicBoolean enough = new AtomicBoolean();

    private static String phone(int index) {
        return "+1202555" + (2_000 + index);
    }

    @Test
    @DisplayName("loses no message, keeps the order to each phone, and doubles only what lost its receipt too")
    void nothingIsLost() throws Exception {
        try (var world = DemoWorld.start(directory.resolve("demo"))) {
            // Longer than any receipt takes, for no part may be sent again that the SMSC has.
            world.restartOn(config -> wide(config) + "queue: {uncertainGrace: 60s}\n");
            var line = MainJobTest.lineId(world.api(), SALES);
            Await.until("the demo's own conversations are under way no more", () -> unfinished(world) == 0);
            submittedBefore = submitted(world);
            // Behind the response: one that waits for it at the SMSC keeps others from being sent.
            network(world, Map.of("receiptDelayMs", LATENCY_MILLIS + 200));

            var whole = loadAndSettle(world, line, LOAD.dividedBy(2));
            System.out.println("every receipt comes: " + whole);
            assertEquals(0, whole.doubled, whole.toString());

            world.restartOn(config -> wide(config) + "queue: {uncertainGrace: 10s}\n");
            network(world, Map.of("dropReceipts", 3));
            var lossy = loadAndSettle(world, line, LOAD.dividedBy(2));
            System.out.println("3 % of the receipts never come: " + lossy);
            assertTrue(lossy.doubled <= lossy.resent - whole.resent, lossy.toString());
            assertTrue(lossy.doubled <= lossy.receiptsDropped, lossy.toString());
        }
    }

    private static String wide(String config) {
        return config.replace("window: 50", "window: " + WINDOW);
    }

    /// What phones and SMSC have seen until now, and the daemon since it started.
    private record Figures(
            int accepted, int cuts, double uncertain, double proven, double resent, int doubled, int receiptsDropped) {}

    private Figures loadAndSettle(DemoWorld world, String line, Duration load) throws Exception {
        network(world, Map.of("latencyMs", LATENCY_MILLIS));
        double before = uncertain(world);
        int cuts = loadAndCut(world, line, load);
        double cutOff = uncertain(world) - before;
        assertTrue(cuts >= CUTS_LEAST, cuts + " cuts");
        assertTrue(cutOff >= 0.8 * WINDOW * cuts, cutOff + " submits cut off by " + cuts + " cuts");

        network(world, Map.of("latencyMs", 20));
        Await.until(
                "every accepted text is with its phone",
                () -> accepted.entrySet().stream()
                        .allMatch(phone -> new HashSet<>(world.inbox(phone.getKey())).containsAll(phone.getValue())),
                () -> missing(world));
        Await.until("nothing is under way", () -> unfinished(world) == 0, world::logs);

        int doubled = 0;
        for (var phone : accepted.entrySet()) {
            var inbox = world.inbox(phone.getKey());
            assertEquals(phone.getValue(), List.copyOf(new LinkedHashSet<>(inbox)), phone.getKey());
            doubled += inbox.size() - phone.getValue().size();
        }
        var smsc = world.simulator().get("/smsc").ok();
        assertEquals(
                sent.get() + doubled + submittedBefore, smsc.path("submitted").asLong(-1), "what the SMSC has taken");
        return new Figures(
                sent.get(),
                cuts,
                uncertain(world),
                world.metric("parley_queue_uncertain_total{end=\"proven\"}"),
                world.metric("parley_queue_resent_total"),
                doubled,
                smsc.path("droppedReceipts").asInt(-1));
    }

    private static double uncertain(DemoWorld world) {
        return world.metric("parley_queue_submits_total{outcome=\"uncertain\"}");
    }

    private static void network(DemoWorld world, Map<String, Object> how) {
        world.simulator().put("/smsc", how).ok();
    }

    /// @return how often the connection was cut
    private int loadAndCut(DemoWorld world, String line, Duration load) throws Exception {
        var ends = new AtomicBoolean();
        var senders = new ArrayList<Future<?>>();
        int cuts = 0;
        try (var pool = Executors.newVirtualThreadPerTaskExecutor();
                AutoCloseable _ = () -> ends.set(true)) {
            for (int i = 0; i < SENDERS; i++) {
                int first = i;
                senders.add(pool.submit(() -> send(world, line, first, ends)));
            }
            enough.set(false);
            Await.until("texts wait", () -> waiting(world) > WINDOW);
            long end = System.nanoTime() + load.toNanos();
            long nextCut = System.nanoTime() + CUT_EVERY.toNanos();
            while (System.nanoTime() < end || (cuts < CUTS_LEAST && System.nanoTime() < end + CUTS_WITHIN.toNanos())) {
                enough.set(waiting(world) > BACKLOG);
                if (System.nanoTime() > nextCut && used(world) >= FULL) {
                    nextCut = System.nanoTime() + CUT_EVERY.toNanos();
                    cuts += world.simulator()
                            .post("/smsc/disconnect", Map.of())
                            .ok()
                            .path("disconnected")
                            .asInt(0);
                }
                LockSupport.parkNanos(TICK.toNanos());
            }
        }
        for (var sender : senders) {
            sender.get();
        }
        return cuts;
    }

    /// Accepted texts that the SMSC has not taken yet.
    private long waiting(DemoWorld world) {
        return sent.get() + submittedBefore - submitted(world);
    }

    private static long submitted(DemoWorld world) {
        return world.simulator().get("/smsc").ok().path("submitted").asLong(0);
    }

    private static double used(DemoWorld world) {
        return world.metric("parley_smpp_window_used{link=\"aggregator\",session=\"aggregator-1\"}");
    }

    /// One text after the other to its share of the phones, round and round.
    private void send(DemoWorld world, String line, int first, AtomicBoolean ends) {
        var api = world.api();
        while (!ends.get()) {
            for (int i = first; i < PHONES && !ends.get(); i += SENDERS) {
                while (enough.get() && !ends.get()) {
                    LockSupport.parkNanos(TICK.toNanos());
                }
                var texts = accepted.computeIfAbsent(phone(i), _ -> new ArrayList<>());
                var text = "Text " + (texts.size() + 1);
                var answer = api.post("/api/v1/messages", Map.of("line", line, "to", phone(i), "text", text));
                assertEquals(202, answer.status(), answer.body().toString());
                texts.add(text);
                sent.incrementAndGet();
            }
        }
    }

    private static double unfinished(DemoWorld world) {
        return List.of("queued", "waiting", "submitting", "uncertain").stream()
                .mapToDouble(state -> world.metric("parley_queue_depth{state=\"" + state + "\"}"))
                .sum();
    }

    private String missing(DemoWorld world) {
        var missing = new HashMap<String, List<String>>();
        accepted.forEach((phone, texts) -> {
            var there = new HashSet<>(world.inbox(phone));
            var lost = texts.stream().filter(text -> !there.contains(text)).toList();
            if (!lost.isEmpty()) {
                missing.put(phone, lost);
            }
        });
        return missing + "\n" + world.logs();
    }
}
