package dev.parley.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

@DisplayName("What the writer remembers")
class MemoryTest {
    private static final Rows CHANGED = Rows.updated(2, "tally", "id", "n");

    private static final int IDS = 20;

    /// Many count at once by a memory that is far too small: none of it is lost, whatever is read when, and whether the
    /// rows are in their table at once or a moment later.
    @ParameterizedTest
    @CsvSource({"1, -1", "2, -1", "3, -1", "4, 0", "5, 3", "6, 40", "7, 3600000"})
    void memoryNeverHoldsWhatIsOld(long seed, int momentMillis) throws Exception {
        try (var store = Store.open(TestDatabase.fresh(), new SimpleMeterRegistry())) {
            store.transaction(tx -> tx.update("CREATE TABLE tally (id INT PRIMARY KEY, n INT NOT NULL)"));
            for (int id = 0; id < IDS; id++) {
                int made = id;
                store.transaction(tx -> tx.update("INSERT INTO tally (id, n) VALUES (?, 0)", made));
            }
            if (momentMillis >= 0) {
                store.writeBehind(Duration.ofMillis(momentMillis));
            }
            var memory = new Memory<Integer, Integer>(store, 5, (tx, ids) -> {
                var found = new HashMap<Integer, Integer>();
                tx.list(
                        "SELECT id, n FROM tally WHERE id IN (" + Sql.marks(ids.size()) + ")",
                        row -> found.put(row.getInt("id"), row.getInt("n")),
                        ids);
                return found;
            });
            var counted = new AtomicIntegerArray(IDS);
            var failures = new ConcurrentLinkedQueue<Throwable>();
            var threads = IntStream.range(0, 12)
                    .mapToObj(thread -> Thread.ofPlatform()
                            .start(() -> count(store, memory, new Random(seed * 100 + thread), counted, failures)))
                    .toList();
            for (var thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            var all = store.read(
                    connection -> Sql.list(connection, "SELECT n FROM tally ORDER BY id", row -> row.getInt("n")));
            assertEquals(IntStream.range(0, IDS).map(counted::get).boxed().collect(Collectors.toList()), all);
        }
    }

    private static void count(
            Store store,
            Memory<Integer, Integer> memory,
            Random random,
            AtomicIntegerArray counted,
            ConcurrentLinkedQueue<Throwable> failures) {
        for (int i = 0; i < 150; i++) {
            int id = random.nextInt(IDS);
            boolean fails = random.nextInt(10) == 0;
            boolean isForgotten = random.nextInt(3) == 0;
            try {
                store.transaction(tx -> {
                    int n = memory.get(tx, List.of(id)).getOrDefault(id, -1);
                    tx.add(CHANGED, id, n + 1);
                    if (isForgotten) {
                        memory.forget(tx, id);
                    } else {
                        memory.put(tx, id, n + 1);
                    }
                    if (fails) {
                        throw new IllegalArgumentException("undone");
                    }
                    return n;
                });
                counted.incrementAndGet(id);
            } catch (IllegalArgumentException _) {
                // counted nothing
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
    }
}
