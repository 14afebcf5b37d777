package dev.parley.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of this node that writes. Works that come while a transaction is being committed go
/// together in the next: they run one after the other, share its statements ([Tx#add]) and its flush
/// of the log to the disk. A work that comes while nothing is being committed is committed at once;
/// nobody waits for a timer.
///
/// Because there is one, writes of a node never wait for each other's locks, and what is changed by
/// works alone needs no lock in memory either.
///
/// **A work that fails takes no other down.** One that has only read, added rows and changed memory is
/// undone by itself. Else the transaction is rolled back: what ran before the culprit is run again and
/// committed, then the culprit alone, then what came after it. Where the culprit is not known (a
/// statement at the end failed), halves are tried.
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    /// Callers that wait for their work; whoever finds no place is told that the database is busy.
    static final int WAITING_MAX = 4_096;

    /// Works in one transaction: enough to share a flush, few enough to answer the first of them soon.
    static final int TOGETHER_MAX = 512;

    /// How long a caller's work may wait for its turn. One that has begun is waited for: its outcome
    /// is known then.
    static final Duration TURN_WAIT = Duration.ofSeconds(3);

    /// How often the works of one transaction are asked what they need of memory before each loads its own: what is
    /// needed depends on what was found before, in a few steps.
    static final int QUESTIONS_MAX = 16;

    /// How often one transaction is run when it is the victim of deadlocks or lock waits.
    static final int TRIES_MAX = 10;

    /// A connection that was not used for so long may be dead without our knowing.
    private static final Duration TRUSTED = Duration.ofMillis(500);

    private static final int DEADLOCK = 1213;
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /// Opens the writer's connection.
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    /// A work and who waits for it.
    private static final class Job<T extends @Nullable Object> {
        private final Work<T> work;
        private final boolean isPatient; // see Tx.begin
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private final AtomicBoolean decided = new AtomicBoolean();
        private boolean runs; // the writer's own
        private @Nullable T result;

        Job(Work<T> work, boolean isPatient) {
            this.work = work;
            this.isPatient = isPatient;
        }

        /// False if its caller has given up before it began.
        boolean begins() {
            runs = runs || decided.compareAndSet(false, true);
            return runs;
        }

        /// False if it has begun.
        boolean givesUp() {
            return decided.compareAndSet(false, true);
        }

        void run(Tx tx) throws SQLException {
            result = work.run(tx);
        }

        @SuppressWarnings("NullAway") // what the work returned, null where its type says so
        void answer() {
            done.complete(result);
        }
    }

    /// The work that failed, by its place, and why.
    private static final class Culprit extends Exception {
        private static final long serialVersionUID = 1L;
        private final int place;
        private final transient Throwable why;

        Culprit(int place, Throwable why) {
            super(null, why, false, false);
            this.place = place;
            this.why = why;
        }
    }

    private final Opening opening;
    private final Function<SQLException, RuntimeException> translation;
    private final BlockingQueue<Job<?>> waiting = new LinkedBlockingQueue<>();
    private final Semaphore places = new Semaphore(WAITING_MAX);
    private final List<Runnable> onUnknown = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final Timer commits;
    private final Counter works;
    private volatile boolean closed;

    // The writer's own.
    private @Nullable Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private long usedAt;
    private @Nullable Tx current;

    /// Whether the commit that failed last may have happened all the same.
    private boolean isUnknown;

    /// @param translation of trouble with the database into what callers are told
    Writer(Opening opening, Function<SQLException, RuntimeException> translation, MeterRegistry metrics) {
        this.opening = opening;
        this.translation = translation;
        this.commits = Timer.builder("parley.store.transactions")
                .description("Transactions of the writer, from the first work to the end of the commit")
                .register(metrics);
        this.works = Counter.builder("parley.store.works")
                .description("Works that the writer has committed; many may share one transaction")
                .register(metrics);
        this.thread = Thread.ofPlatform().daemon().name("writer").start(this::write);
    }

    /// The transaction that the caller's work is part of; null outside of works.
    @Nullable
    Tx current() {
        return Thread.currentThread() == thread ? current : null;
    }

    void onUnknown(Runnable forget) {
        onUnknown.add(forget);
    }

    void forget(Tx tx) {
        onUnknown.forEach(Runnable::run);
        tx.onRollback(() -> onUnknown.forEach(Runnable::run));
        tx.afterCommit(() -> onUnknown.forEach(Runnable::run));
    }

    /// Runs `work` and returns when it is durable. An interrupt does not end the wait.
    <T extends @Nullable Object> T run(Work<T> work) {
        var job = new Job<>(work, true);
        if (Thread.currentThread() == thread) { // after a commit: the next transaction, at once
            commit(List.of(job));
            return answer(job);
        }
        if (!places.tryAcquire()) {
            throw new StoreUnavailable("The database has more to do than it can: " + WAITING_MAX + " writes wait.");
        }
        try {
            put(job);
            return answerInTime(job);
        } finally {
            places.release();
        }
    }

    /// Puts `work` in the row and returns at once. Who calls this has a bound of its own for what it
    /// has under way.
    <T extends @Nullable Object> CompletableFuture<T> begin(Work<T> work) {
        var job = new Job<>(work, false);
        put(job);
        return job.done;
    }

    private void put(Job<?> job) {
        waiting.add(job);
        if (closed && !thread.isAlive()) {
            refuseWaiting();
        }
    }

    private <T extends @Nullable Object> T answerInTime(Job<T> job) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TURN_WAIT.toNanos();
        try {
            while (true) {
                try {
                    return job.done.get(Math.max(deadline - System.nanoTime(), 1), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return answer(job);
                } catch (TimeoutException e) {
                    if (job.givesUp()) {
                        throw new StoreUnavailable(
                                "The database is not available now: a write before this one takes longer than "
                                        + TURN_WAIT.toSeconds() + " s.",
                                e);
                    }
                    return answer(job);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T extends @Nullable Object> T answer(Job<T> job) {
        try {
            return job.done.join(); // waits through interrupts
        } catch (java.util.concurrent.CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    /// Commits what waits, then ends.
    @Override
    public void close() {
        closed = true;
        waiting.add(
                new Job<>(_ -> 0, false)); // wakes the writer; an interrupt might meet it in the middle of a statement
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (var job = waiting.poll(); job != null; job = waiting.poll()) {
            job.done.completeExceptionally(new StoreUnavailable("Parley is stopping."));
        }
    }

    // ---- On the writer's thread ----

    private void write() {
        var together = new ArrayList<Job<?>>();
        while (!closed || !waiting.isEmpty()) {
            try {
                together.add(waiting.take());
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the writer", e);
            }
            waiting.drainTo(together, TOGETHER_MAX - 1);
            try {
                commit(List.copyOf(together));
            } catch (RuntimeException | Error e) {
                LOG.error("the writer met a mistake of ours", e);
                together.forEach(job -> job.done.completeExceptionally(e));
            }
            together.clear();
        }
        drop();
    }

    private void commit(List<Job<?>> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        try {
            committed(jobs);
        } catch (Culprit culprit) {
            if (jobs.size() == 1) {
                jobs.getFirst().done.completeExceptionally(told(culprit.why));
                return;
            }
            commit(jobs.subList(0, culprit.place));
            commit(jobs.subList(culprit.place, culprit.place + 1));
            commit(jobs.subList(culprit.place + 1, jobs.size()));
        } catch (SQLException | RuntimeException e) {
            var told = told(e);
            if (jobs.size() == 1 || told instanceof StoreUnavailable) {
                jobs.forEach(job -> job.done.completeExceptionally(told));
                return;
            }
            commit(jobs.subList(0, jobs.size() / 2));
            commit(jobs.subList(jobs.size() / 2, jobs.size()));
        }
    }

    private Throwable told(Throwable why) {
        return switch (why) {
            case Tx.Failure failure -> translation.apply(failure.why());
            case SQLException failure -> translation.apply(failure);
            default -> why;
        };
    }

    private void committed(List<Job<?>> jobs) throws SQLException, Culprit {
        for (int tries = 1; ; tries++) {
            try {
                once(jobs);
                return;
            } catch (SQLException e) {
                if (!isConflict(e)) {
                    throw e;
                }
                onUnknown.forEach(Runnable::run); // another node has written: what memory holds may be old
                if (tries >= TRIES_MAX) {
                    throw new StoreUnavailable(
                            "A transaction met " + tries + " conflicts in a row (" + e.getMessage() + ").", e);
                }
                LOG.debug("transaction tried again tries={} why={}", tries, e.getMessage());
                pauseAfterConflict(tries);
            }
        }
    }

    private void once(List<Job<?>> jobs) throws SQLException, Culprit {
        long began = System.nanoTime();
        var tx = new Tx(connection(), this::prepared);
        var done = new ArrayList<Job<?>>(jobs.size());
        boolean committed = false;
        isUnknown = false;
        var outer = current;
        current = tx;
        try {
            for (int place = 0; place < jobs.size(); place++) {
                var job = jobs.get(place);
                if (job.begins() && ran(tx, jobs, place)) {
                    done.add(job);
                }
            }
            tx.runStepsBeforeCommit();
            commit();
            committed = true;
        } catch (Tx.Failure e) {
            throw e.why();
        } finally {
            current = outer;
            if (!committed) {
                tx.rolledBack();
                rollBack();
                if (isUnknown) {
                    onUnknown.forEach(Runnable::run);
                }
            }
        }
        usedAt = System.nanoTime();
        commits.record(usedAt - began, TimeUnit.NANOSECONDS);
        works.increment(done.size());
        for (var action : tx.actionsAfterCommit()) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("an action after commit failed; the transaction itself is committed", e);
            }
        }
        done.forEach(Job::answer);
    }

    /// @return false if the work failed and was undone by itself
    private static boolean ran(Tx tx, List<Job<?>> jobs, int place) throws SQLException, Culprit {
        var job = jobs.get(place);
        boolean isAlone = place == jobs.size() - 1;
        while (true) {
            tx.begin(job.isPatient && !isAlone && tx.mayAsk());
            try {
                job.run(tx);
                tx.requireWhole();
                return true;
            } catch (Tx.NotYet e) {
                tx.undo();
                for (var other : jobs.subList(place + 1, jobs.size())) {
                    if (other.isPatient) {
                        tx.ask(other.work);
                    }
                }
                try {
                    tx.loadWanted();
                } catch (Tx.Failure failure) {
                    throw judged(failure.why(), place);
                } catch (SQLException failure) {
                    throw judged(failure, place);
                }
            } catch (Tx.Failure e) {
                throw judged(e.why(), place);
            } catch (SQLException e) {
                throw judged(e, place);
            } catch (RuntimeException | Error e) {
                if (!tx.undo()) {
                    throw new Culprit(place, e);
                }
                job.done.completeExceptionally(e);
                return false;
            }
        }
    }

    private static boolean isConflict(SQLException e) {
        return e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_WAIT_TIMEOUT;
    }

    /// Tells of a conflict with another node that the server has found otherwise than as a deadlock.
    static SQLException conflict(SQLException e) {
        return new SQLTransactionRollbackException(e.getMessage(), "40001", DEADLOCK, e);
    }

    /// Trouble with the database, or a conflict, is nobody's fault.
    private static SQLException judged(SQLException e, int place) throws Culprit {
        if (Store.isTrouble(e) || isConflict(e)) {
            return e;
        }
        throw new Culprit(place, e);
    }

    private void commit() throws SQLException {
        var open = connection;
        if (open == null) {
            throw new IllegalStateException("a commit without a connection");
        }
        try {
            open.commit();
        } catch (SQLException e) {
            if (Store.isTrouble(e)) {
                isUnknown = true;
                LOG.warn("whether a transaction was committed is not known: {}", e.getMessage());
            }
            throw e;
        }
    }

    private Connection connection() throws SQLException {
        var open = connection;
        if (open != null && System.nanoTime() - usedAt > TRUSTED.toNanos() && !open.isValid(1)) {
            drop();
            open = null;
        }
        if (open == null) {
            open = opening.open();
            connection = open;
        }
        return open;
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        var statement = prepared.get(sql);
        if (statement == null) {
            var open = connection;
            if (open == null) {
                throw new IllegalStateException("a statement without a connection");
            }
            statement = open.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    private void rollBack() {
        try {
            var open = connection;
            if (open != null) {
                open.rollback();
            }
        } catch (SQLException e) {
            // The server rolls back what it never saw committed.
            LOG.debug("rollback failed: {}", e.getMessage());
            drop();
        }
    }

    private void drop() {
        var open = connection;
        connection = null;
        prepared.clear();
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a connection was closed and said: {}", e.getMessage());
            }
        }
    }

    /// Random, so that two nodes that met do not meet again.
    private static void pauseAfterConflict(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, 5 << Math.min(tries, 5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
