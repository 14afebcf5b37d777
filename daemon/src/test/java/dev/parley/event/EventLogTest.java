package dev.parley.event;

import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventLogTest {
    private final Store store = TestDatabase.open();
    private final EventLog log = logOf(store);

    private static EventLog logOf(Store store) {
        return new EventLog(store, Clock.systemUTC(), JsonMapper.shared());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void append(int n) {
        store.transaction(tx -> {
            log.append(tx, EventType.MESSAGE_CREATED, Scope.ofConversation(3, 4), Map.of("n", n));
            return n;
        });
    }

    @Test
    void whatIsAppendedComesBackByCursorWithTypeScopeAndPayload() {
        append(1);
        append(2);
        var events = log.after(1, 10);
        assertEquals(1, events.size());
        var event = events.getFirst();
        assertEquals(2, event.id());
        assertEquals(EventType.MESSAGE_CREATED, event.type());
        assertEquals(new Scope(3, 4, 0, 0), event.scope());
        assertEquals("{\"n\":2}", event.json());
        assertEquals(2, log.latest());
        assertEquals(1, log.oldest());
    }

    @Test
    void aTransactionThatFailsLeavesNoEventAndNoGap() {
        assertThrows(
                IllegalArgumentException.class,
                () -> store.transaction(tx -> {
                    log.append(tx, EventType.MESSAGE_CREATED, Scope.NONE, Map.of());
                    throw new IllegalArgumentException("no");
                }));
        append(1);
        assertEquals(1, log.after(0, 10).getFirst().id());
    }

    @Test
    void aReaderByCursorMissesNothingWhileManyWrite() throws Exception {
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reader = threads.submit(() -> {
                var seen = new ArrayList<Long>();
                while (!done.get() || log.latest() > seen.size()) {
                    var cursor = seen.isEmpty() ? 0 : seen.getLast();
                    log.after(cursor, 7).forEach(event -> seen.add(event.id()));
                }
                return seen;
            });
            var writers = new ArrayList<Future<?>>();
            for (int writer = 0; writer < 8; writer++) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        append(i);
                    }
                }));
            }
            for (var writer : writers) {
                writer.get();
            }
            done.set(true);
            var seen = reader.get();
            assertEquals(200, seen.size());
            for (int i = 0; i < 200; i++) {
                assertEquals(i + 1, seen.get(i));
            }
        }
    }

    @Test
    void aWaiterIsWokenByACommitAndNotByARollback() throws Exception {
        append(1);
        assertTrue(log.await(0, Duration.ZERO));
        assertFalse(log.await(1, Duration.ofMillis(20)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waits = new CountDownLatch(1);
            var waiter = threads.submit(() -> {
                waits.countDown();
                return log.await(1, Duration.ofSeconds(30));
            });
            waits.await();
            append(2);
            assertTrue(waiter.get());
        }
    }

    @Test
    void whatAnotherNodeCommitsIsNoticedToo() throws Exception {
        var otherNode = logOf(store);
        assertFalse(otherNode.await(0, Duration.ofMillis(1)));
        append(1);
        assertTrue(otherNode.await(0, Duration.ofSeconds(30)));
    }

    @Test
    void whatIsTooOldGoesInBitesAndTheOldestKeptMovesOn() {
        append(1);
        append(2);
        assertEquals(2, log.deleteBite(Instant.now().plusSeconds(60)));
        assertEquals(0, log.deleteBite(Instant.now().plusSeconds(60)));
        assertEquals(3, log.oldest());
        assertEquals(2, log.latest());
        append(3);
        assertEquals(3, log.after(0, 10).getFirst().id());
        assertEquals(0, log.deleteBite(Instant.now().minusSeconds(60)));
    }
}
