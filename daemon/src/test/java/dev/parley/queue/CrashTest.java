package dev.parley.queue;

import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import dev.parley.smpp.SmppKind;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.CutWire;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static dev.parley.queue.Eventually.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// The queue, killed again and again, and its database, taken away and given back.
class CrashTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final long LINE = 1;
    private static final QueueSettings SETTINGS = new QueueSettings(
            "test",
            Duration.ofMinutes(10),
            Duration.ofHours(72),
            Duration.ofMillis(30),
            Duration.ofMillis(60),
            5,
            5,
            Duration.ofHours(24),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofMillis(20),
            Duration.ofSeconds(5));

    private final RecordingProgress progress = new RecordingProgress();

    /// What the network got: `number text`, in its order.
    private final List<String> network = new ArrayList<>();

    private final List<Received.Report> reports = new ArrayList<>();
    /// Parts that a dying process had taken and not sent.
    private final List<Long> lost = new ArrayList<>();

    private final AtomicInteger references = new AtomicInteger();

    private static final class Closing implements AutoCloseable {
        private final List<SendQueue> queues = new ArrayList<>();

        @Override
        public void close() {
            queues.forEach(SendQueue::close);
        }
    }

    private SendQueue queue(Store store, ScriptedLink link) {
        var queue = new SendQueue(
                store,
                CLOCK,
                SETTINGS,
                new QueueMetrics(new SimpleMeterRegistry()),
                Map.of(LINE, List.of(link)),
                Map.of());
        queue.start(progress);
        return queue;
    }

    private static void put(Store store, SendQueue queue, int deliveries, int lanes) {
        store.transaction(tx -> {
            for (int i = 0; i < deliveries; i++) {
                var segment = new Segment(
                        Alphabet.GSM7, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, "n" + i, Optional.empty());
                queue.enqueue(
                        tx,
                        List.of(new OutgoingDelivery(
                                i,
                                LINE,
                                i % lanes,
                                number(i % lanes),
                                List.of(segment),
                                Optional.empty(),
                                Optional.empty(),
                                false)));
            }
            return queue;
        });
    }

    private static String number(int lane) {
        return "+1202555" + (1000 + lane);
    }

    private SubmitOutcome sent(OutboundPart part) {
        synchronized (network) {
            var reference = "id-" + references.incrementAndGet();
            network.add(part.recipient() + " " + part.segment().text());
            reports.add(new Received.Report(
                    Optional.of(reference),
                    Optional.of(part.recipient()),
                    Optional.empty(),
                    Optional.empty(),
                    new Received.Fate.Delivered(),
                    Optional.of(part.segment().text())));
            return ScriptedLink.accepted(reference);
        }
    }

    private void report(Store store, SendQueue queue) {
        List<Received.Report> now;
        synchronized (network) {
            now = List.copyOf(reports);
            reports.clear();
        }
        for (var report : now) {
            store.transaction(tx -> queue.settle(tx, "a", SmppKind.KIND, report, CLOCK.instant()));
        }
    }

    private long ended(String how) {
        return progress.told().stream()
                .filter(line -> line.startsWith(how))
                .distinct()
                .count();
    }

    private void assertEachOnceAndInOrder(int deliveries, int lanes) {
        synchronized (network) {
            assertEquals(deliveries, network.size(), "each once");
            for (int lane = 0; lane < lanes; lane++) {
                var number = number(lane);
                var got = network.stream()
                        .filter(line -> line.startsWith(number + " "))
                        .map(line -> Integer.valueOf(line.substring(number.length() + 2)))
                        .toList();
                assertEquals(got.stream().sorted().toList(), got);
                assertEquals(deliveries / lanes, got.size());
            }
        }
    }

    @Test
    void whateverTheMomentOfACrashEachTextArrivesOnceAndInOrder() {
        int deliveries = 600;
        int lanes = 20;
        var end = new CountDownLatch(1);
        try (var store = TestDatabase.open();
                var all = new Closing()) {
            store.writeBehind();
            SendQueue queue = null;
            for (int life = 0; life < 6; life++) {
                var link = new ScriptedLink("a", SmppKind.KIND, 8);
                var calls = new AtomicInteger();
                var hanging = new AtomicInteger();
                int lastCall = life < 5 ? 60 + 7 * life : Integer.MAX_VALUE;
                link.answers(part -> {
                    int call = calls.incrementAndGet();
                    if (call < lastCall) {
                        return sent(part);
                    }
                    // The process dies here: half of what was in the window had left the machine.
                    var outcome = call % 2 == 0 ? sent(part) : new SubmitOutcome.Uncertain("");
                    boolean left = call % 2 == 0;
                    if (!left) {
                        synchronized (network) {
                            lost.add(part.id());
                        }
                    }
                    hanging.incrementAndGet();
                    end.await();
                    return outcome;
                });
                queue = queue(store, link);
                all.queues.add(queue);
                if (life == 0) {
                    put(store, queue, deliveries, lanes);
                } else {
                    report(store, queue); // what the network had kept for us
                    giveUpGraceOfTheLost(store);
                }
                if (life < 5) {
                    until("each place in the window hangs", () -> hanging.get() == 8);
                }
            }
            var last = queue;
            if (last == null) {
                throw new IllegalStateException();
            }
            until("all are delivered", () -> {
                report(store, last);
                return ended("delivered") == deliveries;
            });
            assertEachOnceAndInOrder(deliveries, lanes);
        } finally {
            end.countDown();
        }
    }

    /// What never left the machine waits for its grace period, which is over now. (The next process
    /// may have died meanwhile; what that one lost is for the next time.)
    private void giveUpGraceOfTheLost(Store store) {
        List<Long> all;
        synchronized (network) {
            all = List.copyOf(lost);
        }
        for (long part : all) {
            int given = store.transaction(tx -> {
                try (var statement = tx.connection().createStatement()) {
                    return statement.executeUpdate(
                            "UPDATE part SET due_at = submitted_at WHERE state = 'uncertain' AND id = " + part);
                }
            });
            if (given == 1) {
                synchronized (network) {
                    lost.remove(part);
                }
            }
        }
    }

    @Test
    void whileTheDatabaseIsAwayNothingIsSentTwiceAndItGoesOnByItself() throws Exception {
        int deliveries = 900;
        int lanes = 30;
        var server = TestDatabase.fresh();
        var port = Pattern.compile(":(\\d+)/").matcher(server.url());
        port.find();
        try (var wire = new CutWire(Integer.parseInt(port.group(1)));
                var store = Store.open(
                        new DatabaseSettings.Server(
                                server.url().replace(":" + port.group(1) + "/", ":" + wire.port() + "/"),
                                server.username(),
                                server.password()),
                        new SimpleMeterRegistry())) {
            store.writeBehind();
            var link = new ScriptedLink("a", SmppKind.KIND, 8);
            link.answers(this::sent);
            var queue = queue(store, link);
            put(store, queue, deliveries, lanes);
            for (int cut = 1; cut <= 3; cut++) {
                int so = cut * 100;
                until("some are sent", () -> link.submitted().size() > so);
                wire.cut();
                Eventually.within(Duration.ofMillis(200), () -> false);
                wire.mend();
            }
            // Asked of the database: of a commit whose answer was cut off nobody here is told.
            until("all are sent", () -> accepted(store) == deliveries);
            assertEachOnceAndInOrder(deliveries, lanes);
            queue.close();
        }
    }

    private static int accepted(Store store) {
        return store.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM part WHERE state = 'accepted'")) {
                row.next();
                return row.getInt(1);
            }
        });
    }
}
