package dev.parley.queue;

import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.FailureCode;
import dev.parley.link.SubmitOutcome;
import dev.parley.smpp.SmppKind;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.parley.queue.Eventually.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("A line with more to send than memory holds, whose table lies behind the journal,")
class BacklogTest {
    private static final long LINE = 1;
    private static final Duration POSTPONED = Duration.ofHours(1);

    private static final QueueSettings SETTINGS = new QueueSettings(
            "test",
            Duration.ofHours(10),
            Duration.ofHours(72),
            POSTPONED,
            POSTPONED,
            5,
            3,
            Duration.ofHours(24),
            Duration.ofMinutes(2),
            Duration.ofHours(1),
            Duration.ofMillis(20),
            Duration.ofSeconds(5));

    private final TestClock clock = TestClock.running();
    private final ScriptedLink link = new ScriptedLink("a", SmppKind.KIND, 50);
    private final Store store = TestDatabase.openBehind();
    private final SendQueue queue = new SendQueue(
            store, clock, SETTINGS, new QueueMetrics(new SimpleMeterRegistry()), Map.of(LINE, List.of(link)));

    private final Set<Long> postponed = ConcurrentHashMap.newKeySet();
    private int enqueued;

    @AfterEach
    void stop() {
        queue.close();
        store.close();
    }

    /// @param laneOf the lane of each delivery
    private void put(int deliveries, LongUnaryOperator laneOf) {
        var some = new ArrayList<OutgoingDelivery>();
        for (int i = 0; i < deliveries; i++) {
            long id = enqueued++;
            var text = new Segment(
                    Alphabet.GSM7,
                    NationalLanguage.DEFAULT,
                    NationalLanguage.DEFAULT,
                    Long.toString(id),
                    Optional.empty());
            long lane = laneOf.applyAsLong(id);
            some.add(new OutgoingDelivery(
                    id, LINE, lane, number(lane), List.of(text), Optional.empty(), Optional.empty(), false));
        }
        store.transaction(tx -> {
            queue.enqueue(tx, some);
            return queue;
        });
    }

    private static String number(long lane) {
        return "+1202" + (5_550_000 + lane);
    }

    private Set<Long> withdrawn(Collection<Long> deliveries) {
        return Set.copyOf(store.transaction(tx -> queue.withdraw(tx, deliveries)));
    }

    /// What the link has accepted, by the recipient.
    private Map<String, List<Long>> sent() {
        var tries = new HashSet<Long>(postponed);
        var sent = new HashMap<String, List<Long>>();
        for (var part : link.submitted()) {
            long id = Long.parseLong(part.segment().text());
            if (!tries.remove(id)) {
                sent.computeIfAbsent(part.recipient(), _ -> new ArrayList<>()).add(id);
            }
        }
        return sent;
    }

    private long left() {
        return store.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM part WHERE work <> 0")) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /// Each once, and each recipient's in their order.
    private void assertAllSentBut(Set<Long> withdrawn) {
        until("all are accepted", () -> left() == 0);
        var sent = sent();
        sent.forEach((number, texts) ->
                assertEquals(texts.stream().sorted().distinct().toList(), texts, () -> "what " + number + " got"));
        var all = new HashSet<Long>();
        sent.values().forEach(all::addAll);
        assertEquals(enqueued - withdrawn.size(), all.size());
        all.retainAll(withdrawn);
        assertEquals(Set.of(), all, "were withdrawn and sent");
    }

    @Test
    @DisplayName("sends all of it while more comes, and other things are withdrawn")
    void whileMoreComes() {
        var random = new Random(7);
        var withdrawn = new HashSet<Long>();
        queue.start(new RecordingProgress());
        while (enqueued < 2 * LineDesk.ITEMS_MAX) {
            put(250, _ -> random.nextInt(4) == 0 ? random.nextInt(7) : 100 + random.nextInt(900));
            withdrawn.addAll(withdrawn(List.of(enqueued - 1L, enqueued - 1L - random.nextInt(250))));
        }
        assertTrue(withdrawn.size() > 20, () -> withdrawn.size() + " were withdrawn");
        assertAllSentBut(withdrawn);
    }

    @Test
    @DisplayName("does not take for unsent what it read of one recipient ahead of the others, and has sent")
    void oneAhead() {
        int full = LineDesk.ITEMS_MAX / LineDesk.LANE_MAX;
        int long_ = full;
        var gate = new CountDownLatch(1);
        link.answers(part -> {
            gate.await();
            long id = Long.parseLong(part.segment().text());
            if (!part.recipient().equals(number(long_)) && id < 2 * LineDesk.LANE_MAX + full && postponed.add(id)) {
                return new SubmitOutcome.Postponed(FailureCode.UNREACHABLE, Optional.empty(), "not now");
            }
            return link.accepted();
        });
        queue.start(new RecordingProgress());
        put(2 * LineDesk.LANE_MAX, _ -> long_); // more than is held of one
        put(full * LineDesk.LANE_MAX, id -> id % full); // nobody else's are read before some of these are sent
        put(4_000, _ -> long_);
        left(); // has what there is so far written to the table
        gate.countDown();
        until(
                "the long one is sent",
                () -> sent().getOrDefault(number(long_), List.of()).size() == 4_100);
        assertEquals(full, postponed.size());
        clock.advance(POSTPONED.plusSeconds(1));
        until("the others are sent", () -> link.submitted().size() >= enqueued + full);
        assertAllSentBut(Set.of());
    }
}
