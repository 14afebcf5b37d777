package dev.parley.store;

import dev.parley.lock.Held;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to the tables what the [Journal] holds, a moment later and on a connection of its own, so that a row that
/// is made and changed by several transactions within that moment is written once.
///
/// Until then the journal is the truth, and nobody reads the tables without having it [settled][#settle] first: the
/// readers of this process wait until the tables have what was durable when they came. A transaction that does more
/// than add plain rows goes to the tables itself, behind all that was in the journal.
///
/// After a crash, or whenever it is not certain what the tables have, the journal is [taken over][Journal#take]: what
/// is in it is written by its own statements, and what was in memory here is forgotten.
final class WriteBehind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);

    /// The answer of a link, and often the receipt, come within this time.
    static final Duration MOMENT = Duration.ofMillis(200);

    /// Beyond, nobody waits for the moment to be over.
    static final int ROWS_MAX = 20_000;

    /// The same, in octets of the journal.
    static final long OCTETS_MAX = 8 << 20;

    /// Between two tries while the database is away.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// The same while somebody waits.
    private static final Duration PAUSE_MIN = Duration.ofMillis(50);

    /// Whose the journal is. What is written while another program owns it is part of that one's order.
    private enum Mode {
        /// Nobody uses it.
        OFF,
        /// Another process does: each transaction writes first what is in it.
        BESIDE,
        /// This one does, and is to take it over before anything else.
        IN_DOUBT,
        /// This one does, and memory has what is in it.
        OURS
    }

    private final KeptConnection connection;
    private final Runnable nudge;
    private final Runnable forget;
    private final Journal journal = new Journal();
    private final Map<Object, Rows> kinds = new HashMap<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("writer-behind").unstarted(this::write);
    private volatile Mode mode = Mode.OFF;
    private volatile boolean isClosed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // told of whatever changes

    // Under the lock.
    private Unwritten next = new Unwritten();
    private Unwritten underWay = new Unwritten();
    private long underWayTo;
    private long momentNanos;
    private long nextSince;
    private long added;
    private long written;
    private boolean isDemanded;
    private int awaiting;
    private @Nullable SQLException failure; // the latest

    /// @param nudge has a transaction run soon
    /// @param forget has what memory holds of the tables forgotten, on the writer's thread
    WriteBehind(KeptConnection connection, Runnable nudge, Runnable forget, MeterRegistry metrics) {
        this.connection = connection;
        this.nudge = nudge;
        this.forget = forget;
        Gauge.builder("parley.store.behind", this, WriteBehind::rows)
                .description("Rows that are durable in the journal, and not written to their tables yet")
                .register(metrics);
    }

    private double rows() {
        try (var _ = Held.lock(lock)) {
            return next.size() + underWay.size();
        }
    }

    // ---- Whose journal it is ----

    /// From now on transactions go to the journal.
    ///
    /// @param moment how long it may take until they are written to the tables, if nobody reads
    void start(Duration moment) {
        try (var _ = Held.lock(lock)) {
            momentNanos = moment.toNanos();
            mode = Mode.IN_DOUBT;
            thread.start();
        }
    }

    /// From now on each transaction writes first what another process has in the journal.
    void standBeside() {
        mode = Mode.BESIDE;
    }

    /// Whether the next transaction must have none before it on its way.
    boolean needsBeginning() {
        return mode == Mode.BESIDE || isInDoubt();
    }

    /// Whether the journal is to be taken over before anything else.
    boolean isInDoubt() {
        return mode == Mode.IN_DOUBT;
    }

    /// Memory may be wrong about what is in the tables: it is forgotten, and the journal is taken over anew before
    /// anything else. On the writer's thread.
    void doubt() {
        if (mode == Mode.OURS) {
            mode = Mode.IN_DOUBT;
        }
        forget.run();
    }

    /// @throws SQLException a conflict, if the journal is to be taken over first
    void requireNoDoubt() throws SQLException {
        if (isInDoubt()) {
            throw Writer.conflict(new SQLException("the journal is to be taken over"));
        }
    }

    /// A transaction begins, and none is before it on its way.
    void begin(KeptConnection writing) throws SQLException {
        writing.begin();
        var open = writing.connection();
        switch (mode) {
            case OFF, OURS -> {}
            case BESIDE -> Journal.settle(open);
            case IN_DOUBT -> {
                forget.run();
                journal.take(open);
                open.commit();
                isTaken();
            }
        }
    }

    private void isTaken() {
        try (var _ = Held.lock(lock)) {
            next = new Unwritten();
            written = added; // as what is under way finds
            mode = Mode.OURS;
            changed.signalAll();
        }
    }

    // ---- Into the journal ----

    /// Whether rows of these kinds can go to the journal now.
    boolean takes(Collection<Rows> all) {
        return mode == Mode.OURS && all.stream().allMatch(Rows::mayWait);
    }

    /// Puts a transaction's rows in the journal, as soon as there is room. It is to be [added][#add] once it is
    /// durable.
    Optional<Journal.Entry> append(Tx.Door door, SortedMap<Rows, List<@Nullable Object[]>> rows) throws SQLException {
        try (var _ = Held.lock(lock)) {
            if (isFull()) {
                awaitWritten(added, this::isFull, true);
            }
        }
        return journal.append(door, rows);
    }

    /// Checks that nobody else has taken the journal over, and locks that until the transaction ends, which has written
    /// to the tables itself.
    ///
    /// @throws SQLException a conflict, if somebody has
    void requireOurs(Tx.Door door) throws SQLException {
        if (mode != Mode.OFF && mode != Mode.BESIDE) {
            journal.requireOurs(door);
        }
    }

    private boolean isFull() {
        return next.size() >= ROWS_MAX || next.octets() >= OCTETS_MAX;
    }

    /// What was put in the journal is durable.
    void add(Journal.Entry entry, Tx tx) {
        try (var _ = Held.lock(lock)) {
            try {
                if (next.isEmpty()) {
                    nextSince = System.nanoTime();
                    changed.signalAll();
                }
                added++;
                journal.isDurable(entry);
                next.add(entry, tx);
                if (isFull()) {
                    changed.signalAll();
                }
            } catch (RuntimeException e) { // it is durable all the same
                LOG.error("the journal is taken over after a mistake of ours", e);
                next = new Unwritten();
                mode = Mode.IN_DOUBT;
                changed.signalAll();
                nudge.run();
            }
        }
    }

    // ---- For readers ----

    /// Whether the tables lack anything that is durable.
    boolean isBehind() {
        try (var _ = Held.lock(lock)) {
            return written < added || isInDoubt();
        }
    }

    /// Whether what the tables lack is behind one of these keys.
    boolean hasChanged(Memory<?, ?> memory, Collection<?> keys) {
        try (var _ = Held.lock(lock)) {
            return isInDoubt() || next.hasChanged(memory, keys) || underWay.hasChanged(memory, keys);
        }
    }

    /// Waits until the tables have all that is durable now.
    ///
    /// @param isWriter whether a transaction waits, before which the journal is taken over where that is due
    /// @throws SQLException when the database is away, or so slow that nobody should wait for it
    void settle(boolean isWriter) throws SQLException {
        try (var _ = Held.lock(lock)) {
            long all = added;
            awaitWritten(all, () -> written < all, isWriter);
        }
    }

    /// @param all has come so far; what is not under way yet of it goes next
    private void awaitWritten(long all, BooleanSupplier isMissing, boolean isWriter) throws SQLException {
        var failureBefore = failure;
        long until = System.nanoTime() + Store.CONNECTION_WAIT.toNanos();
        boolean isInterrupted = false;
        awaiting++;
        changed.signalAll(); // there may be a pause to be made short
        if (!isWriter && isInDoubt()) {
            nudge.run();
        }
        try {
            while (isMissing.getAsBoolean() || (!isWriter && isInDoubt())) {
                if (isWriter) {
                    requireNoDoubt();
                }
                if (failure != null && failure != failureBefore) {
                    throw failure;
                }
                long left = until - System.nanoTime();
                if (left <= 0) {
                    throw new SQLTransientConnectionException(
                            "the tables are more than " + Store.CONNECTION_WAIT.toSeconds() + " s behind the journal");
                }
                if (!isDemanded && underWayTo < all) {
                    isDemanded = true;
                    changed.signalAll();
                }
                try {
                    var _ = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            awaiting--;
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- Out of the journal ----

    private void write() {
        while (taken() && writtenAtLast()) {
            try (var _ = Held.lock(lock)) {
                written = Math.max(written, underWayTo);
                underWay = new Unwritten();
                changed.signalAll();
            }
        }
        connection.drop();
    }

    /// Writes what is under way, however long the database is away.
    ///
    /// @return false if it is left in the journal, and nothing may be written that is behind it
    private boolean writtenAtLast() {
        for (int conflicts = 0; true; ) {
            try {
                write(underWay);
                return true;
            } catch (SQLException | RuntimeException e) {
                connection.rollBack();
                boolean isConflict = Writer.isConflict(e);
                conflicts = isConflict ? conflicts + 1 : 0;
                if (isConflict && conflicts < Writer.TRIES_MAX) {
                    LOG.debug("what is in the journal met a conflict: {}", e.getMessage());
                } else if (isConflict || (e instanceof SQLException away && Store.isTrouble(away))) {
                    awaitAnotherTry((SQLException) e);
                } else if (isTakenOver(e)) {
                    return true;
                }
                if (isClosed) {
                    return false;
                }
            }
        }
    }

    /// Waits for the end of the next moment.
    ///
    /// @return false when there is none
    private boolean taken() {
        try (var _ = Held.lock(lock)) {
            while (!isDue()) {
                if (next.isEmpty() && isClosed) {
                    return false;
                }
                pause(next.isEmpty() ? Long.MAX_VALUE : nextSince + momentNanos - System.nanoTime());
            }
            isDemanded = false;
            underWay = next;
            underWayTo = added;
            next = new Unwritten();
            changed.signalAll(); // there is room
            return true;
        }
    }

    private boolean isDue() {
        return !next.isEmpty() && (isDemanded || isClosed || isFull() || System.nanoTime() - nextSince >= momentNanos);
    }

    @SuppressWarnings("WaitNotInLoop") // those who pause look again
    private void pause(long nanos) {
        try {
            var _ = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts what is written behind", e);
        }
    }

    private void write(Unwritten rows) throws SQLException {
        connection.begin();
        var ids = rows.ids();
        int left = Journal.delete(connection, ids.getFirst(), ids.getLast());
        if (left == ids.size()) {
            for (var kind : rows.rows(kinds).entrySet()) {
                Tx.execute(connection, kind.getKey(), kind.getValue());
            }
        } else if (left != 0) { // else whoever has taken the journal over has written them
            throw new IllegalStateException(left + " of " + ids.size() + " transactions are in the journal");
        }
        connection.connection().commit();
        connection.used();
    }

    /// The database is away.
    private void awaitAnotherTry(SQLException why) {
        try (var _ = Held.lock(lock)) {
            LOG.debug("what is in the journal cannot be written to the tables now: {}", why.getMessage());
            failure = why;
            changed.signalAll();
            long since = System.nanoTime();
            while (!isClosed && System.nanoTime() - since < (awaiting > 0 ? PAUSE_MIN : PAUSE).toNanos()) {
                pause(PAUSE_MIN.toNanos());
            }
        }
    }

    /// A mistake of ours. Whoever takes the journal over writes what is in it row by row.
    ///
    /// @return whether somebody has
    private boolean isTakenOver(Exception why) {
        try (var _ = Held.lock(lock)) {
            LOG.error(
                    "what is in the journal cannot be written to the tables as it should, and is taken over: {}",
                    why instanceof SQLException e ? "SQL error " + e.getErrorCode() : why.toString());
            mode = Mode.IN_DOUBT;
            changed.signalAll();
            nudge.run();
            while (isInDoubt() && !isClosed) {
                pause(Long.MAX_VALUE);
            }
            return !isInDoubt();
        }
    }

    /// Writes what is left, unless the database is away.
    @Override
    public void close() {
        try (var _ = Held.lock(lock)) {
            isClosed = true;
            changed.signalAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
