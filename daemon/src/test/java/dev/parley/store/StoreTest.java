package dev.parley.store;

import dev.parley.world.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StoreTest {
    private static final DatabaseSettings.Server DATABASE = TestDatabase.fresh();
    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();
    private static final Store STORE = Store.open(DATABASE, METRICS);

    @BeforeAll
    static void createTable() {
        STORE.read(connection ->
                execute(connection, "CREATE TABLE tally (id INT PRIMARY KEY, n INT NOT NULL, at DATETIME(6))"));
    }

    @BeforeEach
    void empty() {
        STORE.read(connection -> execute(connection, "DELETE FROM tally"));
        STORE.read(connection -> execute(connection, "INSERT INTO tally (id, n) VALUES (1, 0), (2, 0)"));
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int tallies(String condition) {
        return STORE.read(connection -> number(connection, "SELECT COUNT(*) FROM tally WHERE " + condition));
    }

    private static int rememberedNow() {
        return STORE.transaction(_ -> remembered);
    }

    private static int tally(int id) {
        return STORE.read(connection -> number(connection, "SELECT n FROM tally WHERE id = " + id));
    }

    @Test
    void aTransactionThatThrowsLeavesNoTraceAndRunsNoActionAfterCommit() {
        var actions = new AtomicInteger();
        assertThrows(
                IllegalArgumentException.class,
                () -> STORE.transaction(tx -> {
                    execute(tx.connection(), "UPDATE tally SET n = 5");
                    tx.afterCommit(actions::incrementAndGet);
                    throw new IllegalArgumentException("ours");
                }));
        assertEquals(0, tally(1));
        assertEquals(0, actions.get());
    }

    @Test
    void anErrorBeforeTheCommitLeavesNoTraceInWhatFollows() {
        assertThrows(
                StackOverflowError.class,
                () -> STORE.transaction(tx -> {
                    tx.beforeCommit(_ -> {
                        throw new StackOverflowError("ours");
                    });
                    return execute(tx.connection(), "UPDATE tally SET n = 5");
                }));
        STORE.transaction(adding(false));
        assertEquals(1, tally(1));
        assertEquals(0, tally(2));
    }

    @Test
    void whatIsDoneTogetherIsCommittedTogetherOrNotAtAll() {
        var actions = new AtomicInteger();
        Work<Integer> add = tx -> {
            tx.afterCommit(actions::incrementAndGet);
            return execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = 1");
        };
        int before = tally(1);
        assertThrows(
                IllegalArgumentException.class,
                () -> STORE.transaction(_ -> {
                    STORE.transaction(add);
                    STORE.transaction(add);
                    assertEquals(before + 2, tally(1)); // a read sees what was written together
                    throw new IllegalArgumentException("ours");
                }));
        assertEquals(before, tally(1));
        assertEquals(0, actions.get());
        STORE.transaction(_ -> STORE.transaction(add) + STORE.transaction(add));
        assertEquals(before + 2, tally(1));
        assertEquals(2, actions.get());
    }

    @Test
    void whoPassesOverAFailureInsideDoesNotCommitHalf() {
        int before = tally(1);
        assertThrows(
                IllegalStateException.class,
                () -> STORE.transaction(_ -> {
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> STORE.transaction(tx -> {
                                execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = 1");
                                throw new IllegalArgumentException("ours");
                            }));
                    return 0;
                }));
        assertEquals(before, tally(1));
    }

    @Test
    void theStepsRunInOrderBeforeTheCommitAndTheActionsAfterIt() {
        var order = new ArrayList<String>();
        STORE.transaction(tx -> {
            tx.lastBeforeCommit(_ -> order.add("last"));
            tx.beforeCommit(inner -> {
                order.add("step");
                inner.beforeCommit(_ -> order.add("step of a step"));
            });
            tx.afterCommit(() -> order.add("after"));
            order.add("work");
            return order.size();
        });
        assertEquals(List.of("work", "step", "step of a step", "last", "after"), order);
    }

    @Test
    void twoTransactionsThatDeadlockBothCommitInTheEnd() throws Exception {
        var bothHoldOne = new CountDownLatch(2);
        try (var other = Store.open(
                        DATABASE, new SimpleMeterRegistry()); // another node: one node's writes are never at once
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> addToBoth(STORE, 1, 2, bothHoldOne));
            var second = threads.submit(() -> addToBoth(other, 2, 1, bothHoldOne));
            int runs = first.get() + second.get();
            assertTrue(runs >= 3, "one of them was the victim and ran again");
        }
        assertEquals(2, tally(1));
        assertEquals(2, tally(2));
    }

    private static int addToBoth(Store store, int first, int second, CountDownLatch bothHoldOne) {
        var runs = new AtomicInteger();
        return store.transaction(tx -> {
            int run = runs.incrementAndGet();
            execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = " + first);
            if (run == 1) {
                bothHoldOne.countDown();
                assertDoesNotThrow(() -> bothHoldOne.await());
            }
            execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = " + second);
            return run;
        });
    }

    @Test
    void anInstantComesBackAsItWasToTheMicrosecond() {
        var at = Instant.parse("2026-03-29T01:30:00.123456Z"); // does not exist as local time in most of Europe
        STORE.transaction(tx -> {
            try (var update = tx.connection().prepareStatement("UPDATE tally SET at = ? WHERE id = 1")) {
                update.setObject(1, Times.bind(at));
                return update.executeUpdate();
            }
        });
        assertEquals(at, STORE.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT at FROM tally WHERE id = 1")) {
                row.next();
                return Times.instant(row, "at");
            }
        }));
        int asWritten = STORE.read(connection ->
                number(connection, "SELECT COUNT(*) FROM tally WHERE at = TIMESTAMP'2026-03-29 01:30:00.123456'"));
        assertEquals(1, asWritten);
    }

    @Test
    void aMistakeInSqlIsOursAndNotTheDatabasesAbsence() {
        assertThrows(IllegalStateException.class, () -> STORE.read(connection -> execute(connection, "SELEKT 1")));
        assertTrue(STORE.isUp());
    }

    /// Has many works wait while one is at it, so that they go together in one transaction.
    private static List<CompletableFuture<Integer>> together(int count, IntFunction<Work<Integer>> works)
            throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var first = STORE.begin(_ -> {
            begun.countDown();
            assertDoesNotThrow(() -> go.await());
            return 0;
        });
        begun.await();
        var all = IntStream.range(0, count)
                .mapToObj(i -> STORE.begin(works.apply(i)))
                .toList();
        go.countDown();
        first.join();
        return all;
    }

    private static Work<Integer> adding(boolean bad) {
        return tx -> {
            int rows = execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = 1");
            if (bad) {
                throw new IllegalArgumentException("the culprit");
            }
            return rows;
        };
    }

    private static void allButOneEnd(List<CompletableFuture<Integer>> works, int culprit) {
        for (int i = 0; i < works.size(); i++) {
            var work = works.get(i);
            if (i == culprit) {
                assertThrows(CompletionException.class, work::join);
            } else {
                assertEquals(1, work.join());
            }
        }
    }

    @Test
    void aWorkThatFailsAmongOthersFailsAlone() throws Exception {
        allButOneEnd(together(50, i -> adding(i == 20)), 20);
        assertEquals(49, tally(1));
    }

    private static final Rows TALLIES = Rows.inserted(1, "tally", "id, n, at");
    private static final Rows CHANGED = Rows.updated(2, "tally", "id", "n");

    /// Changed by works alone, and so without a lock.
    private static int remembered;

    private static Work<Integer> remembering(int id, boolean bad) {
        return tx -> {
            tx.add(TALLIES, id, id, Instant.EPOCH);
            remembered++;
            tx.onRollback(() -> remembered--);
            if (bad) {
                throw new IllegalArgumentException("the culprit");
            }
            return 1;
        };
    }

    @Test
    void whatAWorkHasAddedAndRememberedGoesWithIt() throws Exception {
        remembered = 0;
        allButOneEnd(together(300, i -> remembering(100 + i, i == 7)), 7);
        assertEquals(299, rememberedNow());
        assertEquals(299, tallies("id >= 100"));
    }

    /// The database finds the mistake, in a statement that is no single work's.
    @Test
    void aRowThatTheDatabaseRefusesFailsItsOwnWorkAlone() throws Exception {
        remembered = 0;
        allButOneEnd(together(40, i -> remembering(i == 33 ? 1 : 100 + i, false)), 33);
        assertEquals(39, rememberedNow());
        assertEquals(39, tallies("id >= 100"));
    }

    /// Another connection holds a row until it is told to let go.
    private static Connection locking(int id) throws SQLException {
        var other = STORE.connection();
        other.setAutoCommit(false);
        execute(other, "UPDATE tally SET n = n + 10 WHERE id = " + id);
        return other;
    }

    /// The rows of a transaction wait for somebody else; the works of the next one run meanwhile, and nobody is told of
    /// them before it is durable.
    @Test
    void worksRunWhileTheTransactionBeforeThemIsBeingCommitted() throws Exception {
        remembered = 0;
        var ran = new CountDownLatch(1);
        CompletableFuture<Integer> second;
        List<CompletableFuture<Integer>> first;
        try (var other = locking(1)) {
            first = together(2, i -> tx -> {
                tx.add(CHANGED, 1, 3);
                remembered++;
                tx.onRollback(() -> remembered--);
                return 1;
            });
            second = STORE.begin(tx -> {
                int before = remembered;
                tx.add(CHANGED, 2, 7);
                ran.countDown();
                return before;
            });
            ran.await();
            assertFalse(first.stream().anyMatch(CompletableFuture::isDone));
            assertFalse(second.isDone());
            assertEquals(0, tally(2));
            other.rollback();
        }
        assertEquals(2, second.join());
        assertTrue(first.stream().allMatch(CompletableFuture::isDone));
        assertEquals(3, tally(1));
        assertEquals(7, tally(2));
    }

    /// As long as the transaction before stands, whatever comes takes part in the next one; a work that fails takes
    /// none of the others with it.
    @Test
    void worksThatComeOneByOneMeanwhileAreCommittedTogether() throws Exception {
        remembered = 0;
        double before;
        var joined = new ArrayList<CompletableFuture<Integer>>();
        try (var other = locking(1)) {
            var first = together(2, _ -> tx -> {
                tx.add(CHANGED, 1, 3);
                return 1;
            });
            before = METRICS.get("parley.store.transactions").timer().count();
            for (int id = 100; id < 120; id++) {
                var ran = new CountDownLatch(1);
                var work = remembering(id, id == 107);
                joined.add(STORE.begin(tx -> {
                    ran.countDown();
                    return work.run(tx);
                }));
                ran.await();
            }
            assertFalse(first.stream().anyMatch(CompletableFuture::isDone));
            assertEquals(0, tallies("id >= 100"));
            other.rollback();
        }
        allButOneEnd(joined, 7);
        assertEquals(19, rememberedNow());
        assertEquals(19, tallies("id >= 100"));
        // The one that was held up, the one of those that came meanwhile, and perhaps the question just now.
        double transactions = METRICS.get("parley.store.transactions").timer().count() - before;
        assertTrue(transactions <= 3, "transactions: " + transactions);
    }

    /// What a work saw of one before it that came to nothing, it has not seen.
    @Test
    void aWorkBehindOneThatTheDatabaseRefusesRunsAgainWithoutIt() throws Exception {
        remembered = 0;
        var ran = new CountDownLatch(1);
        CompletableFuture<Integer> second;
        List<CompletableFuture<Integer>> first;
        try (var other = locking(1)) {
            first = together(2, i -> remembering(i == 1 ? 1 : 100, false)); // 1 is there already, and locked
            second = STORE.begin(tx -> {
                ran.countDown();
                remembered += 10;
                tx.onRollback(() -> remembered -= 10);
                return remembered;
            });
            ran.await();
            other.rollback();
        }
        assertEquals(11, second.join());
        assertEquals(1, first.getFirst().join());
        assertThrows(CompletionException.class, first.getLast()::join);
        assertEquals(11, rememberedNow());
        assertEquals(1, tallies("id >= 100"));
    }

    /// Who waits for its turn behind a transaction that stands may give up, though its work has run ahead.
    @Test
    void aCallerGivesUpWhileTheTransactionBeforeStands() throws Exception {
        remembered = 0;
        CompletableFuture<Integer> first;
        try (var other = locking(1)) {
            first = together(2, i -> tx -> {
                        tx.add(CHANGED, 1, 3);
                        return 1;
                    })
                    .getLast();
            assertThrows(StoreUnavailable.class, () -> STORE.transaction(remembering(100, false)));
            other.rollback();
        }
        first.join();
        assertEquals(0, rememberedNow());
        assertEquals(0, tallies("id >= 100"));
    }

    /// Works of all kinds at once: what is in the table, in memory, and told to callers is the same.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void tableMemoryAndAnswersAgree(long seed) throws Exception {
        remembered = 0;
        var random = new Random(seed);
        var answers = new ArrayList<CompletableFuture<Integer>>();
        var wanted = new HashSet<Integer>();
        for (int i = 0; i < 2_000; i++) {
            int id = 100 + i;
            Work<Integer> work = switch (random.nextInt(12)) {
                case 0 -> remembering(id, true); // undone by itself
                case 1 -> remembering(2, false); // refused by the database
                case 2 ->
                    tx -> { // takes all with it
                        remembering(id, false).run(tx);
                        execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = 1");
                        throw new IllegalArgumentException("after SQL");
                    };
                case 3 -> {
                    wanted.add(id);
                    yield tx -> {
                        int before = remembering(id, false).run(tx);
                        assertEquals(1, number(tx.connection(), "SELECT COUNT(*) FROM tally WHERE id = " + id));
                        return before;
                    };
                }
                default -> {
                    wanted.add(id);
                    yield remembering(id, false);
                }
            };
            answers.add(STORE.begin(work));
            if (random.nextInt(20) == 0) {
                answers.get(random.nextInt(answers.size()))
                        .exceptionally(_ -> 0)
                        .join();
            }
        }
        var told = new HashSet<Integer>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).handle((_, e) -> e == null).join()) {
                told.add(100 + i);
            }
        }
        assertEquals(wanted, told);
        assertEquals(wanted.size(), rememberedNow());
        assertEquals(wanted.size(), tallies("id >= 100"));
        assertEquals(0, tally(1));
    }

    @Test
    void rowsAreWrittenWithTheirKindAndSeenByTheNextSql() {
        STORE.transaction(tx -> {
            tx.add(CHANGED, 100, 5);
            for (int id = 100; id < 137; id++) {
                tx.add(TALLIES, id, 0, Optional.empty());
            }
            tx.add(CHANGED, 1, 3);
            tx.add(CHANGED, 1, 4); // the later counts
            assertEquals(39, number(tx.connection(), "SELECT COUNT(*) FROM tally"));
            tx.add(CHANGED, 136, 7);
            return 0;
        });
        assertEquals(4, tally(1));
        assertEquals(5, tally(100));
        assertEquals(7, tally(136));
        assertEquals(39, tallies("TRUE"));
    }

    private static final Rows MARKED = Rows.updatedTo(4, "tally", "id", "n = 9", "at");

    /// Each row of a statement keeps what is its own, to the microsecond, whatever the others have.
    @Test
    void rowsThatAreAlikeInMostKeepWhatIsTheirOwn() {
        var begin = Instant.parse("2026-03-01T10:00:00Z");
        STORE.transaction(tx -> {
            for (int id = 100; id < 250; id++) {
                tx.add(TALLIES, id, 0, Optional.empty());
            }
            for (int id = 100; id < 249; id++) {
                tx.add(MARKED, id, begin); // the later counts
                tx.add(MARKED, id, id % 3 == 0 ? null : begin.plusNanos(id % 3 == 1 ? 0 : id * 1_000L));
            }
            return 0;
        });
        var read = STORE.read(connection -> Sql.list(
                connection,
                "SELECT id, at FROM tally WHERE n = 9 ORDER BY id",
                row -> row.getInt("id") + " "
                        + Times.maybe(row, "at").map(Instant::toString).orElse("")));
        assertEquals(
                IntStream.range(100, 249)
                        .mapToObj(id -> id + " " + (id % 3 == 0 ? "" : begin.plusNanos(id % 3 == 1 ? 0 : id * 1_000L)))
                        .toList(),
                read);
    }

    private static final Rows TOLD = Rows.updatedTo(5, "tally", "id", "", "n, at");
    private static final Rows WHOLE = Rows.updated(6, "tally", "id", "n, at");

    /// Whatever of the columns is alike in all rows, in some first ones, or in none.
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1000", "1000, 1", "1000, 1000"})
    void whatRowsGetAlikeIsInEachOfThem(int numbers, int times) {
        var begin = Instant.parse("2026-03-01T10:00:00Z");
        STORE.transaction(tx -> {
            for (int id = 100; id < 250; id++) {
                tx.add(TALLIES, id, 0, Optional.empty());
            }
            for (int id = 100; id < 250; id++) {
                tx.add(id < 200 ? TOLD : WHOLE, id, id % numbers, begin.plusSeconds(id % times));
            }
            tx.add(TOLD, 100_000, 0, begin); // is not there
            return 0;
        });
        var read = STORE.read(connection -> Sql.list(
                connection,
                "SELECT id, n, at FROM tally WHERE id >= 100 ORDER BY id",
                row -> row.getInt("id") + " " + row.getInt("n") + " " + Times.instant(row, "at")));
        assertEquals(
                IntStream.range(100, 250)
                        .mapToObj(id -> id + " " + id % numbers + " " + begin.plusSeconds(id % times))
                        .toList(),
                read);
    }

    @Test
    void idsAreNeverGivenTwice() throws Exception {
        try (var other = Store.open(DATABASE, new SimpleMeterRegistry());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = Stream.of(STORE.ids("tally"), other.ids("tally"), STORE.ids("tally"))
                    .map(ids -> threads.submit(() ->
                            IntStream.range(0, 15_000).mapToObj(_ -> ids.next()).toList()))
                    .toList();
            var seen = new HashSet<Long>();
            for (var ids : all) {
                seen.addAll(ids.get());
            }
            assertEquals(45_000, seen.size());
        }
    }

    @Test
    void anActionAfterACommitMayWrite() {
        var written = new CompletableFuture<Integer>();
        STORE.transaction(tx -> {
            tx.afterCommit(() -> written.complete(STORE.transaction(adding(false))));
            return 0;
        });
        assertEquals(1, written.join());
        assertEquals(1, tally(1));
    }

    @Test
    void aWorkThatDoesNotGetItsTurnIsRefusedInTimeAndNeverRuns() throws Exception {
        var go = new CountDownLatch(1);
        var first = STORE.begin(_ -> {
            assertDoesNotThrow(() -> go.await());
            return 0;
        });
        assertThrows(StoreUnavailable.class, () -> STORE.transaction(adding(false)));
        go.countDown();
        first.join();
        assertEquals(0, tally(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.6.0-MariaDB",
                "10.11.6-MariaDB-0+deb12u1",
                "11.4.5-MariaDB",
                "5.5.5-10.6.12-MariaDB-log",
                "12.0.2-MariaDB"
            })
    void takesEachMariaDbThatCanSkipLockedRows(String version) {
        assertDoesNotThrow(() -> Store.requireVersion(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.5.29-MariaDB", "5.5.68-MariaDB", "8.4.3", "9.1.0-mysql", ""})
    void refusesOlderAndOtherServersWithASentence(String version) {
        var refusal = assertThrows(StoreUnavailable.class, () -> Store.requireVersion(version));
        assertTrue(String.valueOf(refusal.getMessage()).contains("10.6"));
    }

    @Test
    void aDatabaseThatIsNotThereIsSaidSoWithinSeconds() {
        var nobody = new DatabaseSettings.Server("jdbc:mariadb://127.0.0.1:1/parley", "parley", "secret");
        var refusal = assertThrows(StoreUnavailable.class, () -> Store.open(nobody, new SimpleMeterRegistry()));
        assertFalse(String.valueOf(refusal.getMessage()).contains("secret"));
    }

    /// The works of a transaction that need what no memory has ask for it together.
    @Test
    void whatSeveralWorksNeedIsLoadedAtOnce() throws InterruptedException {
        var asked = new ArrayList<List<Integer>>();
        var memory = new Memory<Integer, String>(STORE, 100, (_, keys) -> {
            asked.add(keys.stream().sorted().toList());
            return keys.stream().filter(key -> key < 9).collect(Collectors.toMap(key -> key, key -> "value " + key));
        });
        var hold = new CompletableFuture<Integer>();
        var held = STORE.begin(_ -> hold.join());
        var found = new ConcurrentHashMap<Integer, Integer>();
        var threads = IntStream.range(0, 10)
                .mapToObj(key -> Thread.ofPlatform()
                        .start(() -> found.put(key, STORE.transaction(tx -> {
                            int there = memory.get(tx, List.of(key)).size();
                            tx.update("INSERT INTO tally (id, n) VALUES (?, ?)", 100 + key, there);
                            return there;
                        }))))
                .toList();
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
        hold.complete(0);
        held.join();
        for (var thread : threads) {
            thread.join();
        }
        var all = IntStream.range(0, 10).boxed().toList();
        assertEquals(all, asked.getFirst());
        // What has no value is not remembered, and asked for once more by who needs it.
        assertEquals(List.of(all, List.of(9)), asked);
        assertEquals(9, found.values().stream().mapToInt(Integer::intValue).sum());
        assertEquals(10, tallies("id >= 100")); // each work has run once
    }

    /// A memory of the tallies that tells when it reads.
    private static Memory<Integer, Integer> tallies(int most, Runnable reads) {
        return new Memory<>(STORE, most, (tx, ids) -> {
            reads.run();
            return Sql.list(
                            tx.connection(),
                            "SELECT id, n FROM tally WHERE id IN (" + Sql.marks(ids.size()) + ")",
                            row -> Map.entry(row.getInt("id"), row.getInt("n")),
                            ids)
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        });
    }

    /// What a transaction that stands has not changed is read without waiting for it.
    @Test
    void memoryIsFilledWhileTheTransactionBeforeStands() throws Exception {
        var memory = tallies(100, () -> {});
        var ran = new CountDownLatch(Writer.ASKED_MIN);
        var found = new ArrayList<CompletableFuture<Integer>>();
        try (var other = locking(1)) {
            var first = together(2, _ -> tx -> {
                tx.add(CHANGED, 1, 3);
                memory.forget(tx, 1);
                return 1;
            });
            for (int i = 0; i < Writer.ASKED_MIN; i++) {
                found.add(STORE.begin(tx -> {
                    int n = memory.get(tx, List.of(2)).getOrDefault(2, -1);
                    ran.countDown();
                    return n;
                }));
            }
            ran.await();
            assertFalse(first.stream().anyMatch(CompletableFuture::isDone));
            other.rollback();
        }
        for (var each : found) {
            assertEquals(0, each.join());
        }
    }

    /// What it has changed is read behind it.
    @Test
    void memoryOfWhatTheTransactionBeforeChangesIsFilledBehindIt() throws Exception {
        var reading = new CountDownLatch(1);
        var memory = tallies(100, reading::countDown);
        var found = new ArrayList<CompletableFuture<Integer>>();
        try (var other = locking(1)) {
            together(2, _ -> tx -> {
                tx.add(CHANGED, 1, 3);
                memory.forget(tx, 1);
                return 1;
            });
            for (int i = 0; i < Writer.ASKED_MIN; i++) {
                found.add(STORE.begin(tx -> memory.get(tx, List.of(1)).getOrDefault(1, -1)));
            }
            reading.await();
            other.rollback();
        }
        for (var each : found) {
            assertEquals(3, each.join());
        }
    }

    /// Puts itself in the row again, so that there is always more to do.
    private static int goesOn(AtomicBoolean isEnough) {
        var _ = STORE.begin(_ -> isEnough.get() ? 0 : goesOn(isEnough));
        return 0;
    }

    /// What a transaction held that is durable by now.
    private static WeakReference<Object> held(int bytes) {
        var much = new byte[bytes];
        Writer.answer(STORE.begin(tx -> {
            tx.afterCommit(() -> much[0]++);
            return 0;
        }));
        return new WeakReference<>(much);
    }

    @Test
    void whatIsDurableIsForgottenThoughThereIsNeverNothingToDo() {
        var isEnough = new AtomicBoolean();
        try {
            IntStream.range(0, 4 * Writer.TOGETHER_MAX).forEach(_ -> goesOn(isEnough));
            var reference = held(1 << 20);
            Await.until("nothing holds it any more", () -> {
                System.gc();
                return reference.get() == null;
            });
        } finally {
            isEnough.set(true);
        }
    }
}
