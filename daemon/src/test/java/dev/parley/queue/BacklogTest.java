package dev.parley.queue;

import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.OutboundPart;
import dev.parley.smpp.SmppKind;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.parley.queue.Eventually.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("A line with more to send than memory holds, whose table lies behind the journal,")
class BacklogTest {
    private static final long LINE = 1;
    private static final int LANES = LineDesk.ITEMS_MAX / LineDesk.LANE_MAX;

    private static final QueueSettings SETTINGS = new QueueSettings(
            "test",
            Duration.ofHours(10),
            Duration.ofHours(72),
            Duration.ofMillis(30),
            Duration.ofMillis(60),
            5,
            3,
            Duration.ofHours(24),
            Duration.ofMinutes(2),
            Duration.ofHours(1),
            Duration.ofMillis(20),
            Duration.ofSeconds(5));

    private final ScriptedLink link = new ScriptedLink("a", SmppKind.KIND, LANES + 3);
    private final Store store = TestDatabase.openBehind();
    private final SendQueue queue = new SendQueue(
            store,
            Clock.systemUTC(),
            SETTINGS,
            new QueueMetrics(new SimpleMeterRegistry()),
            Map.of(LINE, List.of(link)),
            Map.of());

    private int enqueued;

    @AfterEach
    void stop() {
        queue.close();
        store.close();
    }

    private static OutgoingDelivery delivery(long id, long lane) {
        var text = new Segment(
                Alphabet.GSM7, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, Long.toString(id), Optional.empty());
        return new OutgoingDelivery(
                id, LINE, lane, number(lane), List.of(text), Optional.empty(), Optional.empty(), false);
    }

    /// @param laneOf the lane of each delivery
    private void put(int deliveries, LongUnaryOperator laneOf) {
        var some = new ArrayList<OutgoingDelivery>();
        for (int i = 0; i < deliveries; i++) {
            long id = enqueued++;
            some.add(delivery(id, laneOf.applyAsLong(id)));
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

    private Map<String, List<Long>> sent() {
        return link.submitted().stream()
                .collect(Collectors.groupingBy(
                        OutboundPart::recipient,
                        Collectors.mapping(part -> Long.valueOf(part.segment().text()), Collectors.toList())));
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

    /// Fills memory with lanes that wait for the answer to their first part. Some longer ones, before and behind them,
    /// are sent meanwhile, and take turns.
    private final class SomeAhead {
        private static final int AHEAD = 20;
        private static final int EACH_BEFORE = LineDesk.LANE_MAX + 10; // more than is held of one
        private static final int EACH_BEHIND = 200;

        private final CountDownLatch gate = new CountDownLatch(1);
        private final CountDownLatch gateOfOthers = new CountDownLatch(1);

        SomeAhead(ScriptedLink.Script script) {
            link.answers(part -> {
                gate.await();
                if (isAhead(part)) {
                    return script.answer(part);
                }
                gateOfOthers.await();
                return link.accepted();
            });
            queue.start(new RecordingProgress());
            put(AHEAD * EACH_BEFORE, id -> LANES + id % AHEAD);
            put(LineDesk.ITEMS_MAX - AHEAD * LineDesk.LANE_MAX, id -> id % LANES);
            put(AHEAD * EACH_BEHIND, id -> LANES + id % AHEAD);
            put(LineDesk.ITEMS_MAX / 2, id -> LANES + AHEAD + id % LANES);
            left(); // has what there is so far written to the table
            gate.countDown();
        }

        private static boolean isAhead(OutboundPart part) {
            return IntStream.range(0, AHEAD).anyMatch(i -> part.recipient().equals(number(LANES + i)));
        }

        void awaitSent(int parts) {
            until(
                    "those ahead are sent",
                    () -> link.submitted().stream().filter(SomeAhead::isAhead).count() == parts);
        }

        void assertAllFollow() {
            gateOfOthers.countDown();
            until("all are sent", () -> link.submitted().size() >= enqueued);
            assertAllSentBut(Set.of());
        }
    }

    @Test
    @DisplayName("does not take for unsent what it read of one recipient ahead of the others, and has sent")
    void sentAhead() {
        var ahead = new SomeAhead(_ -> link.accepted());
        ahead.awaitSent(SomeAhead.AHEAD * (SomeAhead.EACH_BEFORE + SomeAhead.EACH_BEHIND));
        ahead.assertAllFollow();
    }

    @Test
    @DisplayName("does not take for under way what was so when memory was read anew, and has come to its end")
    void landedAhead() {
        int last = SomeAhead.EACH_BEFORE + SomeAhead.EACH_BEHIND / 2;
        var landing = new CountDownLatch(1);
        var ahead = new SomeAhead(part -> {
            if (part.recipient().equals(number(LANES))
                    && link.texts(part.recipient()).size() == last) {
                landing.await();
            }
            return link.accepted();
        });
        ahead.awaitSent(SomeAhead.AHEAD * (SomeAhead.EACH_BEFORE + SomeAhead.EACH_BEHIND) - SomeAhead.EACH_BEHIND / 2);
        assertThrows(
                IllegalStateException.class,
                () -> store.transaction(tx -> {
                    queue.enqueue(tx, List.of(delivery(enqueued, 0)));
                    throw new IllegalStateException("comes to nothing, and what is in memory with it");
                }));
        put(1, _ -> 0); // reads it, while that part is under way
        landing.countDown();
        ahead.assertAllFollow();
    }
}
