package dev.parley.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One daemon at a time on a database. Two would take each other's links again and again, each in
/// good faith; so the second is refused before it does anything.
///
/// The right is a named lock of MariaDB (`GET_LOCK`), which lives as long as the connection that
/// took it: a daemon that is killed leaves it at once. It is looked at every two seconds. When the
/// database was away the lock is taken anew; when somebody else has it by then, it is [#isHeld
/// lost], and comes back only when that one ends.
public final class SoleUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoleUse.class);

    /// A daemon before us may be ending, or the server may not have noticed yet that it was killed.
    private static final int WAIT_SECONDS = 10;

    private static final Duration LOOK = Duration.ofSeconds(2);

    /// After this silence the server ends the connection of a machine that is gone, and with it the
    /// lock.
    private static final int SILENCE_SECONDS = 30;

    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final Store store;
    private final AtomicBoolean held = new AtomicBoolean();
    private final AtomicBoolean up = new AtomicBoolean(true);
    private final Thread watch;
    private volatile boolean closed;
    private volatile Duration answerTime = Duration.ZERO;
    private volatile Duration clockOffset = Duration.ZERO;
    private Connection connection;

    private SoleUse(Store store, Connection connection) {
        this.store = store;
        this.connection = connection;
        held.set(true);
        this.watch = Thread.ofVirtual().name("sole-use").unstarted(this::watch);
    }

    /// @throws StoreUnavailable with a sentence that says who has it, when another daemon uses the
    /// database
    public static SoleUse of(Store store) {
        try {
            var connection = connected(store);
            try {
                require(connection);
                var use = new SoleUse(store, connection);
                use.watch.start();
                return use;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreUnavailable("The database is not available now: " + e.getMessage(), e);
        }
    }

    /// Takes the right for as long as `connection` lives.
    ///
    /// @throws StoreUnavailable with a sentence that says who has it
    static void require(Connection connection) throws SQLException {
        if (!take(connection, WAIT_SECONDS)) {
            throw new StoreUnavailable(
                    "Another Parley daemon uses this database" + holder(connection)
                            + ". Two would send the same texts: stop the other one first, or give this one a database of its own.");
        }
    }

    /// Whether the database is ours. False while it is away, and when another daemon has taken it
    /// meanwhile.
    public boolean isHeld() {
        return held.get();
    }

    /// Whether the database answered when it was last asked, two seconds ago at most.
    public boolean isDatabaseUp() {
        return up.get();
    }

    private static Connection connected(Store store) throws SQLException {
        var connection = store.connection();
        Sql.update(connection, "SET SESSION wait_timeout = " + SILENCE_SECONDS);
        return connection;
    }

    /// The name is the server's, so the database is part of it; at most 64 characters.
    private static final String NAME = "CONCAT('parley.', MD5(DATABASE()))";

    /// How long the database took to answer when it was last asked.
    public Duration answerTime() {
        return answerTime;
    }

    /// How far this machine's clock is ahead of the database's, as far as an answer's time lets one
    /// tell.
    public Duration clockOffset() {
        return clockOffset;
    }

    /// Measures both. Half of the way there and back is taken off.
    private void measure() throws SQLException {
        var begun = Instant.now();
        long from = System.nanoTime();
        var now = Sql.first(connection, "SELECT UTC_TIMESTAMP(6) AS now", row -> Times.instant(row, "now"));
        answerTime = Duration.ofNanos(System.nanoTime() - from);
        clockOffset = Duration.between(now.orElseThrow(), begun.plus(answerTime.dividedBy(2)));
    }

    private static boolean take(Connection connection, int seconds) throws SQLException {
        return Sql.first(connection, "SELECT GET_LOCK(" + NAME + ", ?)", row -> row.getInt(1) == 1, seconds)
                .orElse(false);
    }

    /// Whether anybody has the right.
    static boolean isTaken(Connection connection) throws SQLException {
        return Sql.first(connection, "SELECT IS_USED_LOCK(" + NAME + ") IS NOT NULL", row -> row.getBoolean(1))
                .orElse(false);
    }

    private static String holder(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT id, host FROM information_schema.processlist WHERE id = IS_USED_LOCK(" + NAME + ")",
                        row -> " (connection " + row.getLong(1) + " from " + row.getString(2) + ")")
                .orElse("");
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(LOOK);
                look();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void look() {
        try {
            if (!connection.isValid((int) ANSWER_MAX.toSeconds())) {
                connection.close();
                connection = connected(store);
            }
            if (!up.getAndSet(true)) {
                LOG.info("the database is back");
            }
            told(take(connection, 0)); // who has it may take it again
            measure();
        } catch (SQLException | StoreUnavailable e) {
            if (!closed && up.getAndSet(false)) {
                LOG.warn("the database is away: {}", e.getMessage());
            }
            held.set(false);
        }
    }

    private void told(boolean now) {
        if (held.getAndSet(now) == now) {
            return;
        }
        if (now) {
            LOG.info("the database is ours again");
        } else {
            LOG.error("another Parley daemon has taken the database while it was away from us; stop one of the two");
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        try {
            watch.join(ANSWER_MAX);
            connection.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.debug("the connection of the lock does not close: {}", e.getMessage());
        }
    }
}
