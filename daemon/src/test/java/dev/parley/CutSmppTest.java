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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// An SMSC that cuts the connection every few seconds in the middle of a window, and loses some receipts. The
/// system property `parley.cut.seconds` says for how long; the suite has no time for a minute.
@DisplayName("A cut SMPP connection under load")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class CutSmppTest {

    private static final String SALES = "+12025550101";
    private static final int PHONES = 150;
    private static final int SENDERS = 6;
    private static final int WINDOW = 100;
    private static final Duration LOAD = Duration.ofSeconds(Integer.getInteger("parley.cut.seconds", 20));
    private static final Duration CUT_EVERY = Duration.ofMillis(2_500);

    @TempDir
    private Path directory;

    private final Map<String, List<String>> accepted = new ConcurrentHashMap<>();

    private static String phone(int index) {
        return "+1202555" + (2_000 + index);
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @Test
    @DisplayName("loses no message, keeps the order to each phone, and doubles only what the metric counts")
    void nothingIsLost() throws Exception {
        try (var world = DemoWorld.start(directory.resolve("demo"))) {
            world.restartOn(
                    config -> config.replace("window: 50", "window: " + WINDOW) + "queue: {uncertainGrace: 10s}\n");
            world.simulator()
                    .put("/smsc", Map.of("latencyMs", 800, "receiptDelayMs", 200, "dropReceipts", 3))
                    .ok();
            var line = MainJobTest.lineId(world.api(), SALES);

            long cuts = loadAndCut(world, line);
            int sent = accepted.values().stream().mapToInt(List::size).sum();
            Await.until(
                    "every accepted text is with its phone",
                    () -> accepted.entrySet().stream()
                            .allMatch(
                                    phone -> new HashSet<>(world.inbox(phone.getKey())).containsAll(phone.getValue())),
                    () -> missing(world));
            Await.until("nothing is under way", () -> unfinished(world) == 0, world::logs);

            int doubled = 0;
            for (var phone : accepted.entrySet()) {
                var inbox = world.inbox(phone.getKey());
                assertEquals(phone.getValue(), List.copyOf(new LinkedHashSet<>(inbox)), phone.getKey());
                doubled += inbox.size() - phone.getValue().size();
            }
            double resent = world.metric("parley_queue_resent_total");
            double uncertain = world.metric("parley_queue_submits_total{outcome=\"uncertain\"}");
            System.out.println("accepted=%d in=%s cuts=%d uncertain=%.0f proven=%.0f resent=%.0f doubled=%d"
                    .formatted(
                            sent,
                            LOAD,
                            cuts,
                            uncertain,
                            world.metric("parley_queue_uncertain_total{end=\"proven\"}"),
                            resent,
                            doubled));
            assertTrue(doubled <= resent, doubled + " doubled, " + resent + " sent again");
            assertTrue(cuts >= LOAD.dividedBy(CUT_EVERY) / 2, cuts + " cuts");
            assertTrue(uncertain > 0, "no cut met a submit without its answer");
        }
    }

    /// @return how often the connection was cut
    private long loadAndCut(DemoWorld world, String line) throws Exception {
        var ends = new AtomicBoolean();
        var senders = new ArrayList<Future<?>>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SENDERS; i++) {
                int first = i;
                senders.add(pool.submit(() -> send(world, line, first, ends)));
            }
            long cuts = 0;
            long end = System.nanoTime() + LOAD.toNanos();
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(CUT_EVERY.toNanos());
                cuts += world.simulator()
                        .post("/smsc/disconnect", Map.of())
                        .ok()
                        .path("disconnected")
                        .asInt(0);
            }
            ends.set(true);
            for (var sender : senders) {
                sender.get();
            }
            return cuts;
        }
    }

    /// One text after the other to its share of the phones, round and round.
    private void send(DemoWorld world, String line, int first, AtomicBoolean ends) {
        var api = world.api();
        for (int round = 1; !ends.get(); round++) {
            for (int i = first; i < PHONES && !ends.get(); i += SENDERS) {
                var text = "Text " + round;
                var answer = api.post("/api/v1/messages", Map.of("line", line, "to", phone(i), "text", text));
                assertEquals(202, answer.status(), answer.body().toString());
                accepted.computeIfAbsent(phone(i), _ -> new ArrayList<>()).add(text);
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
