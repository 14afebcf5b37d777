package dev.parley.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("What is written behind")
class WriteBehindTest {
    private static final Rows MADE = Rows.inserted(1, "sheep", "id, n, name").contended();
    private static final Rows COUNTED = Rows.updated(2, "sheep", "id", "n");
    private static final Rows SHORN = Rows.updatedTo(3, "sheep", "id", "state = 'shorn', name = NULL", "wool");
    private static final Rows NAMED = Rows.updatedTo(4, "sheep", "id", "", "name, n");

    /// A moment that never ends by itself.
    private static final Duration LONG = Duration.ofHours(1);

    private final DatabaseSettings.Server database = TestDatabase.fresh();

    private record Sheep(int n, Optional<String> name, Optional<String> state, Optional<Integer> wool) {}

    @BeforeEach
    void createTable() throws SQLException {
        Store.open(database, new SimpleMeterRegistry()).close();
        try (var raw = raw()) {
            Sql.update(
                    raw,
                    "CREATE TABLE sheep (id BIGINT PRIMARY KEY, n INT NOT NULL, name VARCHAR(20), state VARCHAR(20), wool INT)");
        }
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }

    private Store opened(Duration moment) {
        var store = Store.open(database, new SimpleMeterRegistry());
        store.writeBehind(moment);
        return store;
    }

    private static int made(Store store, long id, int n) {
        return store.transaction(tx -> {
            tx.add(MADE, id, n, "of " + id);
            return n;
        });
    }

    private int rows(String table) throws SQLException {
        try (var raw = raw()) {
            return Sql.first(raw, "SELECT COUNT(*) FROM " + table, row -> row.getInt(1))
                    .orElseThrow();
        }
    }

    private static Optional<Sheep> sheep(Connection connection, long id) {
        return Sql.first(
                connection,
                "SELECT * FROM sheep WHERE id = ?",
                row -> new Sheep(
                        row.getInt("n"),
                        Sql.maybeText(row, "name"),
                        Sql.maybeText(row, "state"),
                        Sql.maybeInt(row, "wool")),
                id);
    }

    @Test
    void rowsAreInTheJournalFirstAndInTheirTableForWhoeverReads() throws SQLException {
        try (var store = opened(LONG)) {
            made(store, 1, 10);
            store.transaction(tx -> {
                tx.add(COUNTED, 1L, 11);
                tx.add(SHORN, 1L, 3);
                return 0;
            });
            assertEquals(0, rows("sheep"));
            assertEquals(2, rows("journal"));
            var shorn = new Sheep(11, Optional.empty(), Optional.of("shorn"), Optional.of(3));
            assertEquals(Optional.of(shorn), store.read(connection -> sheep(connection, 1)));
            assertEquals(0, rows("journal"));
        }
    }

    @Test
    void whoAsksTheDatabaseInATransactionSeesAllThatWasBefore() {
        try (var store = opened(LONG)) {
            made(store, 1, 10);
            var seen = store.transaction(tx -> {
                tx.add(NAMED, 1L, "Dolly", 12);
                return sheep(tx.connection(), 1);
            });
            assertEquals(Optional.of(new Sheep(12, Optional.of("Dolly"), Optional.empty(), Optional.empty())), seen);
        }
    }

    /// Numbers of sheep, as they were a moment ago.
    private static Optional<List<Integer>> earlier(Tx tx) {
        return tx.listEarlier("SELECT n FROM sheep ORDER BY id", row -> row.getInt("n"));
    }

    @Test
    void whoAsksForAMomentAgoWaitsForNothing() throws Exception {
        try (var store = opened(LONG)) {
            made(store, 1, 10);
            assertEquals(
                    1, store.read(connection -> sheep(connection, 1)).stream().count());
            made(store, 2, 20);
            var seen = store.transaction(tx -> {
                tx.add(MADE, 3L, 30, "three");
                return earlier(tx);
            });
            assertEquals(Optional.of(List.of(10)), seen);
            assertEquals(2, rows("journal"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoAsksForAMomentAgoIsToldOfNothingThatSqlIsChanging(boolean isSql) throws Exception {
        try (var store = opened(LONG)) {
            made(store, 1, 10);
            assertEquals(
                    1, store.read(connection -> sheep(connection, 1)).stream().count());
            var begun = new CountDownLatch(1);
            var executed = new CountDownLatch(1);
            var asked = new CountDownLatch(1);
            var _ = store.begin(_ -> awaited(begun)); // else the writer would commit what is alone itself
            var first = store.begin(tx -> {
                if (isSql) {
                    tx.update("UPDATE sheep SET n = 11");
                } else {
                    tx.add(COUNTED, 1L, 11);
                }
                tx.guard(_ -> {
                    executed.countDown();
                    awaited(asked);
                });
                return isSql ? earlier(tx) : Optional.<List<Integer>>empty();
            });
            var _ = store.begin(_ -> 0);
            begun.countDown();
            awaited(executed);
            var second = store.begin(tx -> {
                try {
                    return earlier(tx);
                } finally {
                    asked.countDown();
                }
            });
            assertEquals(Optional.empty(), first.get(), "of its own transaction");
            assertEquals(isSql ? Optional.empty() : Optional.of(List.of(10)), second.get(), "of the one before");
            assertEquals(
                    List.of(11),
                    store.transaction(tx -> tx.list("SELECT n FROM sheep ORDER BY id", row -> row.getInt("n"))));
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            assertTrue(latch.await(1, TimeUnit.MINUTES));
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatADeadProcessHasLeftIsInTheTablesForTheNext() throws SQLException {
        try (var dead = opened(LONG)) {
            made(dead, 1, 10);
            dead.transaction(tx -> {
                tx.add(SHORN, 1L, 3);
                tx.add(MADE, 2L, 20, "two");
                return 0;
            });
            assertEquals(0, rows("sheep"));
            try (var next = Store.open(database, new SimpleMeterRegistry())) {
                assertEquals(
                        Optional.of(new Sheep(10, Optional.empty(), Optional.of("shorn"), Optional.of(3))),
                        next.read(connection -> sheep(connection, 1)));
                assertEquals(2, rows("sheep"));
                assertEquals(0, rows("journal"));
            }
            // It was not dead after all: it notices, and goes on with what is there.
            dead.transaction(tx -> {
                tx.add(COUNTED, 2L, 21);
                return 0;
            });
            assertEquals(
                    Optional.of(new Sheep(21, Optional.of("two"), Optional.empty(), Optional.empty())),
                    dead.read(connection -> sheep(connection, 2)));
        }
        assertEquals(0, rows("journal_refused"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowThatItsTableRefusesIsKeptApartFromAllOthers(boolean byTheNext) throws SQLException {
        try (var store = opened(LONG)) {
            var memory = memory(store);
            for (int id = 1; id <= 5; id++) {
                var sheep = new Sheep(id, Optional.of("of " + id), Optional.empty(), Optional.empty());
                long key = id;
                store.transaction(tx -> {
                    tx.add(MADE, key, sheep.n, sheep.name);
                    memory.put(tx, key, sheep);
                    return 0;
                });
            }
            try (var raw = raw()) {
                Sql.update(raw, "INSERT INTO sheep (id, n, name) VALUES (3, 99, 'wolf')");
            }
            if (byTheNext) {
                Store.open(database, new SimpleMeterRegistry()).close();
            }
            assertEquals(
                    Optional.of(99),
                    store.read(connection -> sheep(connection, 3)).map(Sheep::n));
            assertEquals(5, rows("sheep"));
            assertEquals(1, rows("journal_refused"));
            assertEquals(0, rows("journal"));
            made(store, 6, 6);
            assertEquals(Map.of(3L, 99), known(store, memory, 3));
            assertEquals(
                    Optional.of(6),
                    store.read(connection -> sheep(connection, 6)).map(Sheep::n));
        }
    }

    @Test
    void aCommandBesideTheDaemonSeesWhatIsInTheJournalAndIsSeen() throws SQLException {
        try (var daemon = opened(LONG);
                var _ = SoleUse.of(daemon)) {
            var memory = memory(daemon);
            daemon.transaction(tx -> {
                tx.add(MADE, 1L, 10, "one");
                memory.forget(tx, 1L);
                return 0;
            });
            assertEquals(Map.of(1L, 10), known(daemon, memory, 1));
            made(daemon, 2, 20);
            try (var command = Store.beside(database, new SimpleMeterRegistry())) {
                int seen = command.transaction(tx -> {
                    int n = sheep(tx.connection(), 2).orElseThrow().n();
                    tx.add(COUNTED, 1L, n + 5);
                    return n;
                });
                assertEquals(20, seen);
            }
            made(daemon, 3, 30); // notices
            assertEquals(Map.of(1L, 25), known(daemon, memory, 1));
        }
        assertEquals(3, rows("sheep"));
    }

    private static Memory<Long, Sheep> memory(Store store) {
        return new Memory<>(store, 10, (tx, ids) -> {
            var found = new HashMap<Long, Sheep>();
            for (long id : ids) {
                sheep(tx.connection(), id).ifPresent(one -> found.put(id, one));
            }
            return found;
        });
    }

    private static Map<Long, Integer> known(Store store, Memory<Long, Sheep> memory, long id) {
        return store.transaction(tx -> memory.get(tx, List.of(id))).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().n()));
    }

    @Test
    void thereAreNeverMoreRowsBehindThanMemoryHasRoomFor() throws SQLException {
        var metrics = new SimpleMeterRegistry();
        int most = 0;
        int all = 3 * WriteBehind.ROWS_MAX;
        try (var store = Store.open(database, metrics)) {
            store.writeBehind(LONG);
            for (int begin = 0; begin < all; begin += 500) {
                int from = begin;
                store.transaction(tx -> {
                    for (int i = 0; i < 500; i++) {
                        tx.add(MADE, (long) from + i, i, "");
                    }
                    return 0;
                });
                most = Math.max(
                        most, (int) metrics.get("parley.store.behind").gauge().value());
            }
        }
        assertTrue(most <= 2 * WriteBehind.ROWS_MAX + 1_000, most + " rows");
        assertEquals(all, rows("sheep"));
    }

    /// A daemon that has lost the database to another one does not write over what that one has in its journal.
    @Test
    void aTransactionWithSqlNoticesThatTheJournalIsSomebodyElses() throws SQLException {
        try (var one = opened(LONG);
                var other = opened(LONG)) {
            made(other, 1, 10);
            assertEquals(Optional.of(10), one.transaction(tx -> {
                tx.update("UPDATE sheep SET n = n + 5 WHERE id = 1");
                return sheep(tx.connection(), 1).map(each -> each.n() - 5);
            }));
            made(other, 2, 20);
            assertEquals(
                    Optional.of(15),
                    other.read(connection -> sheep(connection, 1)).map(Sheep::n));
        }
    }

    /// Connections of the store are cut at any moment. What a reader sees afterwards is how it stays, also where a
    /// caller was told that nobody knows.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverConnectionIsLostNothingIsHalfWritten(long seed) throws Exception {
        var seen = new ConcurrentHashMap<Long, Sheep>();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var ended = new AtomicBoolean();
        try (var store = opened(Duration.ofMillis(seed * 4))) {
            var cutting = Thread.ofPlatform().start(() -> cut(new Random(seed), ended, failures));
            var threads = IntStream.range(0, 4)
                    .mapToObj(thread -> Thread.ofPlatform().start(() -> {
                        try {
                            endure(store, new Random(seed * 10 + thread), thread * 1_000L, seen);
                        } catch (Throwable e) {
                            failures.add(e);
                        }
                    }))
                    .toList();
            for (var thread : threads) {
                thread.join();
            }
            ended.set(true);
            cutting.join();
            assertEquals(List.of(), List.copyOf(failures));
        }
        try (var next = Store.open(database, new SimpleMeterRegistry())) {
            for (var each : seen.entrySet()) {
                assertEquals(Optional.of(each.getValue()), next.read(connection -> sheep(connection, each.getKey())));
            }
        }
        assertEquals(seen.size(), rows("sheep"));
        assertEquals(0, rows("journal_refused"));
        assertEquals(0, rows("journal"));
    }

    private void cut(Random random, AtomicBoolean ended, ConcurrentLinkedQueue<Throwable> failures) {
        try (var raw = raw()) {
            while (!ended.get()) {
                var connections = Sql.list(
                        raw,
                        "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
                        row -> row.getLong(1));
                if (!connections.isEmpty()) {
                    try (var statement = raw.createStatement()) {
                        statement.execute("KILL " + connections.get(random.nextInt(connections.size())));
                    } catch (SQLException _) {
                        // it has ended meanwhile
                    }
                }
                LockSupport.parkNanos(random.nextInt(20_000_000));
            }
        } catch (SQLException e) {
            failures.add(e);
        }
    }

    private static void endure(Store store, Random random, long first, Map<Long, Sheep> seen) {
        for (int i = 0; i < 150; i++) {
            long id = first + random.nextInt(30);
            int n = random.nextInt(1_000);
            boolean isThere = seen.containsKey(id);
            boolean isSql = random.nextInt(10) == 0;
            try {
                store.transaction(tx -> {
                    if (!isThere) {
                        tx.add(MADE, id, n, "new");
                    } else if (isSql) {
                        tx.update("UPDATE sheep SET n = ? WHERE id = ?", n, id);
                    } else {
                        tx.add(COUNTED, id, n);
                    }
                    return 0;
                });
                seen.put(id, new Sheep(n, Optional.of("new"), Optional.empty(), Optional.empty()));
            } catch (StoreUnavailable e) {
                atLast(() -> store.read(connection -> sheep(connection, id))).ifPresent(sheep -> seen.put(id, sheep));
            }
            if (random.nextInt(4) == 0) {
                assertEquals(
                        Optional.ofNullable(seen.get(id)),
                        atLast(() -> store.read(connection -> sheep(connection, id))));
            }
        }
    }

    private static <T> T atLast(Supplier<T> reading) {
        while (true) {
            try {
                return reading.get();
            } catch (StoreUnavailable e) {
                Thread.onSpinWait(); // its connection was cut as well
            }
        }
    }

    /// Several at once make, change and read rows, in all manners; two processes that both believe the journal theirs,
    /// and one that stands beside. Each sees what it has done, and at the end it is all in the table.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theTableIsAsTransactionsHaveLeftIt(long seed) throws Exception {
        var wanted = new ConcurrentHashMap<Long, Sheep>();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        try (var one = opened(Duration.ofMillis(seed * 3));
                var other = opened(LONG);
                var beside = Store.beside(database, new SimpleMeterRegistry())) {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 6; i++) {
                var random = new Random(seed * 10 + i);
                var store = i < 4 || seed % 2 == 0 ? one : i == 4 ? other : beside;
                long first = i * 1_000L;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        live(store, random, first, wanted);
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            for (var store : List.of(one, other)) {
                assertEquals(Map.copyOf(wanted), all(store));
            }
        }
        assertEquals(0, rows("journal_refused"));
        assertEquals(0, rows("journal"));
    }

    private static Map<Long, Sheep> all(Store store) {
        // A process that is not the last to have written sees what the last has left once it writes itself.
        transacted(store, tx -> tx.update("UPDATE sheep SET n = n WHERE id = -1"));
        var all = new HashMap<Long, Sheep>();
        for (long id :
                store.read(connection -> Sql.list(connection, "SELECT id FROM sheep", row -> row.getLong("id")))) {
            all.put(id, store.read(connection -> sheep(connection, id)).orElseThrow());
        }
        return all;
    }

    private static void live(Store store, Random random, long first, Map<Long, Sheep> wanted) {
        for (int i = 0; i < 120; i++) {
            var plan = new HashMap<Long, Sheep>();
            var steps = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(_ -> step(random, first + random.nextInt(40), wanted, plan))
                    .toList();
            boolean fails = random.nextInt(8) == 0;
            try {
                transacted(store, tx -> {
                    for (var step : steps) {
                        step.run(tx);
                    }
                    if (fails) {
                        throw new IllegalArgumentException("undone");
                    }
                    return 0;
                });
                wanted.putAll(plan);
            } catch (IllegalArgumentException e) {
                if (!"undone".equals(e.getMessage())) {
                    throw e;
                }
            }
            long id = first + random.nextInt(40);
            if (random.nextInt(3) == 0) {
                assertEquals(
                        Optional.ofNullable(wanted.get(id)),
                        store.read(connection -> sheep(connection, id)),
                        "id " + id);
            }
        }
    }

    /// Where processes take the journal from each other all the time, one may lose ten times in a row, and is told to
    /// come again.
    private static void transacted(Store store, Work<?> work) {
        while (true) {
            try {
                store.transaction(work);
                return;
            } catch (StoreUnavailable e) {
                assertTrue(e.toString().contains("conflicts in a row"), e::toString);
            }
        }
    }

    private static Tx.Step step(Random random, long id, Map<Long, Sheep> wanted, Map<Long, Sheep> plan) {
        var now = Optional.ofNullable(plan.getOrDefault(id, wanted.get(id)));
        int n = random.nextInt(100);
        if (now.isEmpty()) {
            plan.put(id, new Sheep(n, Optional.of("s" + n), Optional.empty(), Optional.empty()));
            return tx -> tx.add(MADE, id, n, "s" + n);
        }
        var sheep = now.get();
        boolean isFirst = plan.putIfAbsent(id, sheep) == null;
        return switch (random.nextInt(isFirst ? 5 : 1)) { // of two kinds in one transaction the rank decides
            case 1 -> {
                plan.put(id, new Sheep(sheep.n, Optional.empty(), Optional.of("shorn"), Optional.of(n)));
                yield tx -> tx.add(SHORN, id, n);
            }
            case 2 -> {
                plan.put(id, new Sheep(n, Optional.of("n" + n), sheep.state, sheep.wool));
                yield tx -> tx.add(NAMED, id, Optional.of("n" + n), n);
            }
            case 3 -> {
                plan.put(id, new Sheep(n, sheep.name, sheep.state, sheep.wool));
                yield tx -> tx.update("UPDATE sheep SET n = ? WHERE id = ?", n, id);
            }
            case 4 -> tx -> assertEquals(Optional.of(sheep), sheep(tx.connection(), id), "in a transaction");
            default -> {
                if (!isFirst) {
                    yield _ -> {};
                }
                plan.put(id, new Sheep(n, sheep.name, sheep.state, sheep.wool));
                yield tx -> tx.add(COUNTED, id, n);
            }
        };
    }
}
