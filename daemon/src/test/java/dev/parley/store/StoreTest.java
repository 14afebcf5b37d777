package dev.parley.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StoreTest {
    private static final Store STORE = TestDatabase.open();

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
    void whatIsDoneTogetherIsCommittedTogetherOrNotAtAll() {
        var actions = new AtomicInteger();
        try (var group = new GroupCommit(STORE)) {
            Work<Integer> add = tx -> {
                tx.afterCommit(actions::incrementAndGet);
                return execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = 1");
            };
            int before = tally(1);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> STORE.together(_ -> {
                        STORE.transaction(add);
                        group.commit(add);
                        assertEquals(before + 2, tally(1)); // a read sees what was written together
                        throw new IllegalArgumentException("ours");
                    }));
            assertEquals(before, tally(1));
            assertEquals(0, actions.get());
            STORE.together(_ -> STORE.transaction(add) + group.commit(add));
            assertEquals(before + 2, tally(1));
            assertEquals(2, actions.get());
        }
    }

    @Test
    void whoPassesOverAFailureInsideDoesNotCommitHalf() {
        int before = tally(1);
        assertThrows(
                IllegalStateException.class,
                () -> STORE.together(_ -> {
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
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> addToBoth(1, 2, bothHoldOne));
            var second = threads.submit(() -> addToBoth(2, 1, bothHoldOne));
            int runs = first.get() + second.get();
            assertTrue(runs >= 3, "one of them was the victim and ran again");
        }
        assertEquals(2, tally(1));
        assertEquals(2, tally(2));
    }

    private static int addToBoth(int first, int second, CountDownLatch bothHoldOne) {
        var runs = new AtomicInteger();
        return STORE.transaction(tx -> {
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

    @Test
    void aWriteThatFailsInAGroupCommitFailsAlone() throws Exception {
        try (var commits = new GroupCommit(STORE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writes = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 50; i++) {
                boolean bad = i == 20;
                writes.add(threads.submit(() -> commits.commit(tx -> {
                    int rows = execute(tx.connection(), "UPDATE tally SET n = n + 1 WHERE id = 1");
                    if (bad) {
                        throw new IllegalArgumentException("the culprit");
                    }
                    return rows;
                })));
            }
            for (int i = 0; i < 50; i++) {
                var write = writes.get(i);
                if (i == 20) {
                    assertThrows(java.util.concurrent.ExecutionException.class, write::get);
                } else {
                    assertEquals(1, write.get());
                }
            }
        }
        assertEquals(49, tally(1));
    }

    @Test
    void aClosedGroupCommitRefusesInsteadOfWaitingForEver() {
        var commits = new GroupCommit(STORE);
        commits.close();
        assertThrows(StoreUnavailable.class, () -> commits.commit(_ -> 1));
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
}
