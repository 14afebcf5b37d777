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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of this node that writes. Works that come while a transaction is being committed go
/// together in the next: they run one after the other, share its statements ([Tx#add]) and its flush
/// of the log to the disk. A work that comes while nothing is being committed is committed at once;
/// nobody waits for a timer.
///
/// While the statements of a transaction and its commit are on their way to the database, the works of the next one run
/// already as they come, on what memory has by then: they wait only where they need SQL themselves. If the first comes
/// to nothing,
/// the second is undone before it, and both run again, one after the other. Nobody is told of anything before it is
/// durable, and who has waited too long before then may still give up.
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

    /// How often the works of one transaction are asked what they need of memory before each loads its
    /// own: what is needed depends on what was found before, in a few steps.
    static final int QUESTIONS_MAX = 48;

    /// While the transaction before is executed, a work that needs what no memory has waits until there are so many
    /// behind it: each question costs the database as much as some rows.
    static final int ASKED_MIN = 4;

    /// How often one transaction is run when it is the victim of deadlocks or lock waits.
    static final int TRIES_MAX = 10;

    private static final int DEADLOCK = 1213;
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /// A transaction whose works have run, and which waits to be durable or becomes so. It is its own way to the
    /// database, for which those before it must have come to their ends.
    private final class Batch implements Tx.Door {
        private final List<Job<?>> jobs;

        /// The one that may still be on its way. A reference to one that is durable would hold all that were ever
        /// before it, as long as there is always something to do.
        private Optional<Batch> before;

        private final Tx tx = new Tx(this);
        private final long began = System.nanoTime();

        /// Those of its works that did not fail alone.
        private final List<Job<?>> done = new ArrayList<>();

        /// Whether nothing but the commit is left.
        private volatile boolean isExecuted;

        /// Whether the commit, which failed, may have happened all the same.
        private volatile boolean isUnknown;

        /// Ends with what went wrong, if anything. On its own thread when another transaction is
        /// prepared meanwhile.
        private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();

        Batch(List<Job<?>> jobs, Optional<Batch> before) {
            this.jobs = jobs;
            this.before = before;
        }

        @Override
        public Connection connection() throws SQLException {
            await();
            return writing.connection();
        }

        @Override
        public PreparedStatement prepared(String sql) throws SQLException {
            await();
            return writing.prepared(sql);
        }

        private void await() {
            if (before.isPresent() && before.get().end.join().isPresent()) {
                throw new Tx.Behind();
            }
        }

        @Override
        public void settle() throws SQLException {
            behind.settle(true);
        }

        @Override
        public <T> Optional<T> ahead(Memory<?, ?> memory, Collection<?> keys, Work<T> work) {
            var under = under();
            boolean isBehind = under.isPresent() || behind.isBehind();
            boolean isChanged = behind.hasChanged(memory, keys)
                    || under.filter(batch -> batch.tx.hasChanged(memory, keys)).isPresent();
            return isBehind && !isChanged ? read(work) : Optional.empty();
        }

        @Override
        public <T> Optional<T> earlier(Work<T> work) {
            boolean isOpen = behind.isInDoubt()
                    || under().filter(batch -> batch.tx.hasWritten()).isPresent();
            return isOpen ? Optional.empty() : read(work);
        }

        private Optional<Batch> under() {
            return before.filter(batch -> !batch.end.isDone());
        }

        private <T> Optional<T> read(Work<T> work) {
            try {
                reading.begin();
                var read = work.run(Tx.reading(reading));
                reading.used();
                return Optional.of(read);
            } catch (SQLException _) {
                reading.drop(); // there is the other way
                return Optional.empty();
            }
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

    /// Of whoever commits what is ahead, else the writer's.
    private final KeptConnection writing;

    /// Reads what memories do not have while a transaction is being committed. The writer's own.
    private final KeptConnection reading;

    private final WriteBehind behind;
    private final Function<SQLException, RuntimeException> translation;
    private final BlockingQueue<Job<?>> waiting = new LinkedBlockingQueue<>();
    private final Semaphore places = new Semaphore(WAITING_MAX);
    private final List<Runnable> onUnknown = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final ExecutorService committing;
    private final Timer commits;
    private final Counter works;
    private volatile boolean closed;

    // The writer's own.
    private @Nullable Tx current;

    /// The transaction that is being committed.
    private Optional<Batch> ahead = Optional.empty();

    /// Wakes the writer, and is no work.
    private static final Job<Integer> NUDGE = new Job<>(_ -> 0, false);

    /// @param opening of a connection that commits nothing by itself
    /// @param translation of trouble with the database into what callers are told
    Writer(
            KeptConnection.Opening opening,
            Function<SQLException, RuntimeException> translation,
            MeterRegistry metrics) {
        this.writing = new KeptConnection(opening);
        this.reading = new KeptConnection(() -> {
            var connection = opening.open();
            connection.setAutoCommit(true); // whoever only reads holds up nobody who alters a table
            return connection;
        });
        this.behind = new WriteBehind(new KeptConnection(opening), this::nudge, this::forget, metrics);
        this.translation = translation;
        this.commits = Timer.builder("parley.store.transactions")
                .description("Transactions of the writer, from the first work to the end of the commit")
                .register(metrics);
        this.works = Counter.builder("parley.store.works")
                .description("Works that the writer has committed; many may share one transaction")
                .register(metrics);
        this.committing = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("writer-commit").factory());
        this.thread = Thread.ofPlatform().daemon().name("writer").start(this::write);
    }

    WriteBehind behind() {
        return behind;
    }

    /// Has an empty transaction run, before which the journal is taken over where that is due.
    private void nudge() {
        put(new Job<>(_ -> 0, false));
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
        tx.changesAny();
        forget();
        tx.onRollback(this::forget);
        tx.afterCommit(this::forget);
    }

    private void forget() {
        onUnknown.forEach(Runnable::run);
    }

    /// Runs `work` and returns when it is durable. An interrupt does not end the wait.
    <T extends @Nullable Object> T run(Work<T> work) {
        var job = new Job<>(work, true);
        if (Thread.currentThread() == thread) { // after a commit: the next transaction, at once
            conclude();
            commit(List.of(job), 1);
            return answer(job.done);
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
                    return answer(job.done);
                } catch (TimeoutException e) {
                    if (job.givesUp()) {
                        throw new StoreUnavailable(
                                "The database is not available now: a write before this one takes longer than "
                                        + TURN_WAIT.toSeconds() + " s.",
                                e);
                    }
                    return answer(job.done);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Waits for what was begun, through interrupts.
    static <T extends @Nullable Object> T answer(CompletableFuture<T> done) {
        try {
            return done.join();
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
        waiting.add(NUDGE); // an interrupt might meet the writer in the middle of a statement
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        committing.shutdown();
        behind.close();
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (var job = waiting.poll(); job != null; job = waiting.poll()) {
            job.fails(new StoreUnavailable("Parley is stopping."));
        }
    }

    // ---- On the writer's thread ----

    private void write() {
        while (!closed || !waiting.isEmpty() || ahead.isPresent()) {
            var together = new ArrayList<Job<?>>();
            together.add(taken());
            waiting.drainTo(together, TOGETHER_MAX - 1);
            together.removeIf(NUDGE::equals);
            try {
                if (!together.isEmpty() && behind.needsBeginning()) {
                    conclude();
                    commit(together, 1);
                } else if (!together.isEmpty()) {
                    next(together);
                } else if (ahead.filter(batch -> batch.end.isDone()).isPresent()) { // else it is another's nudge
                    conclude();
                }
            } catch (RuntimeException | Error e) {
                LOG.error("the writer met a mistake of ours", e);
                together.forEach(job -> job.fails(e));
            }
        }
        writing.drop();
        reading.drop();
    }

    // ---- One transaction behind another ----

    /// Runs `jobs`, and what else comes, while the transaction before them is being committed, and has
    /// them committed when that is done. If anything goes wrong with either, both are done one after
    /// the other.
    ///
    /// @param jobs grows by what joins it
    private void next(List<Job<?>> jobs) {
        var before = ahead;
        Batch batch;
        try {
            batch = prepared(jobs, before);
        } catch (Culprit | SQLException | RuntimeException | Error e) {
            boolean isTrue = before.isEmpty() || before.get().end.join().isEmpty();
            writing.rollBack();
            conclude();
            if (isTrue) {
                failed(jobs, e, 1);
            } else { // it may have failed for what has come to nothing
                commit(jobs, 1);
            }
            return;
        }
        if (before.isPresent()
                && (before.get().end.join().isPresent() || !batch.done.stream().allMatch(Job::begins))) { // one gave up
            undone(batch);
            conclude();
            commit(jobs, 1);
            return;
        }
        batch.before = Optional.empty();
        if (before.isEmpty() && jobs.size() == 1 && waiting.isEmpty()) {
            end(batch); // nobody else is there, who could be seen to meanwhile
        } else {
            committing.execute(() -> {
                end(batch);
                waiting.add(NUDGE);
            });
        }
        ahead = Optional.of(batch);
        before.ifPresent(this::concluded);
        if (before.isEmpty() && batch.end.isDone()) {
            conclude();
        }
    }

    /// Has what is ahead come to its end, and its callers told.
    private void conclude() {
        var last = ahead;
        ahead = Optional.empty();
        last.ifPresent(batch -> ended(batch, 1));
    }

    /// Runs `jobs` and commits them, with nothing ahead.
    ///
    /// @param tries how often they are run with this
    private void commit(List<Job<?>> jobs, int tries) {
        if (jobs.isEmpty()) {
            return;
        }
        Batch batch;
        try {
            batch = prepared(jobs, Optional.empty());
        } catch (Culprit | SQLException | RuntimeException | Error e) {
            writing.rollBack();
            failed(jobs, e, tries);
            return;
        }
        end(batch);
        ended(batch, tries);
    }

    /// What was done together has come to nothing, and is rolled back.
    ///
    /// @param tries how often it was run
    private void failed(List<Job<?>> jobs, Throwable why, int tries) {
        if (isConflict(why)) {
            behind.doubt();
            if (tries < TRIES_MAX) {
                LOG.debug("transaction tried again tries={} why={}", tries, why.getMessage());
                // Random, so that two nodes that met do not meet again.
                LockSupport.parkNanos(1_000_000L * ThreadLocalRandom.current().nextInt(1, 5 << Math.min(tries, 5)));
                commit(jobs, tries + 1);
                return;
            }
        }
        var told = told(why);
        if (jobs.size() == 1 || told instanceof StoreUnavailable) {
            jobs.forEach(job -> job.fails(told));
        } else if (why instanceof Culprit culprit) {
            commit(jobs.subList(0, culprit.place), 1);
            commit(jobs.subList(culprit.place, culprit.place + 1), 1);
            commit(jobs.subList(culprit.place + 1, jobs.size()), 1);
        } else {
            commit(jobs.subList(0, jobs.size() / 2), 1);
            commit(jobs.subList(jobs.size() / 2, jobs.size()), 1);
        }
    }

    private Throwable told(Throwable why) {
        return switch (why) {
            case Culprit culprit -> told(culprit.why);
            case SQLException conflict
            when isConflict(conflict) ->
                new StoreUnavailable(
                        "A transaction met " + TRIES_MAX + " conflicts in a row (" + why.getMessage() + ").", why);
            case SQLException failure -> translation.apply(failure);
            default -> why;
        };
    }

    // ---- One transaction ----

    /// Runs works, up to where nothing but its last statements and the commit is left of their
    /// transaction. If it comes to nothing, memory is as before, and the connection is still to be
    /// rolled back.
    ///
    /// @param before the transaction that is being committed, which is waited for where SQL is needed
    private Batch prepared(List<Job<?>> jobs, Optional<Batch> before) throws SQLException, Culprit {
        if (before.isEmpty()) {
            behind.begin(writing); // no work is done, of whatever kind, while the database is away
        }
        var batch = new Batch(jobs, before);
        current = batch.tx;
        try {
            int place = 0;
            boolean isStepped = false;
            do {
                boolean isBusy = before.filter(ahead -> !ahead.isExecuted && !ahead.end.isDone())
                        .isPresent();
                place = run(batch, place, isBusy);
                if (before.isPresent() && !isBusy && !isStepped) {
                    batch.tx.runSteps(); // what is done during the flush of the log need not be done after it
                    isStepped = true;
                }
            } while (before.isPresent() && (join(jobs, before.get()) || place < jobs.size()));
            batch.tx.runStepsBeforeCommit();
            return batch;
        } catch (Culprit | SQLException | RuntimeException | Error e) {
            current = null;
            batch.tx.rolledBack();
            throw e;
        } finally {
            current = null;
        }
    }

    /// Runs works from `place` on.
    ///
    /// @param isBusy whether the statements of the transaction before are being executed: there is time to wait for
    /// others that need the like
    /// @return the place of the one that waits for others, or the end
    private static int run(Batch batch, int place, boolean isBusy) throws SQLException, Culprit {
        int size = batch.jobs.size();
        for (int i = place; i < size; i++) {
            var job = batch.jobs.get(i);
            if (!job.isOver()
                    && (batch.before.isPresent() || job.begins())
                    && !ran(batch, i, isBusy && size - i < ASKED_MIN)) {
                return i;
            }
        }
        return size;
    }

    /// Waits for works that come while the transaction before is being committed: they take part, since
    /// nothing can be executed before it is. Comes back without any once that one is executed: there is
    /// something to do then.
    ///
    /// @return false once it is committed, or failed
    private boolean join(List<Job<?>> jobs, Batch before) {
        int size = jobs.size();
        boolean wasExecuted = before.isExecuted;
        while (jobs.size() == size && size < TOGETHER_MAX && !before.end.isDone()) {
            jobs.add(taken());
            waiting.drainTo(jobs, TOGETHER_MAX - jobs.size());
            jobs.removeIf(NUDGE::equals); // such as the one that tells of the end of what is before
            if (!wasExecuted && before.isExecuted) {
                return true;
            }
        }
        return jobs.size() > size;
    }

    private Job<?> taken() {
        try {
            return waiting.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the writer", e);
        }
    }

    /// The last statements and the commit.
    private void end(Batch batch) {
        try {
            var entry = batch.tx.end(behind);
            batch.isExecuted = true;
            waiting.add(NUDGE);
            writing.connection().commit();
            writing.used();
            entry.ifPresent(each -> behind.add(each, batch.tx));
            batch.end.complete(Optional.empty());
        } catch (SQLException | RuntimeException | Error e) {
            if (batch.isExecuted && e instanceof SQLException trouble && Store.isTrouble(trouble)) {
                batch.isUnknown = true;
                LOG.warn("whether a transaction was committed is not known: {}", e.getMessage());
            }
            batch.end.complete(Optional.of(e));
        }
    }

    /// Waits for the end of a transaction, and tells its callers, or undoes it and sees to its works anew.
    private void ended(Batch batch, int tries) {
        var failure = batch.end.join();
        if (failure.isEmpty()) {
            concluded(batch);
        } else {
            undone(batch);
            failed(batch.jobs, failure.get(), tries);
        }
    }

    private void undone(Batch batch) {
        batch.tx.rolledBack();
        writing.rollBack();
        if (batch.isUnknown) {
            behind.doubt();
            nudge(); // what may be in the journal all the same is to be seen
        }
    }

    private void concluded(Batch batch) {
        commits.record(System.nanoTime() - batch.began, TimeUnit.NANOSECONDS);
        works.increment(batch.done.size());
        for (var action : batch.tx.actionsAfterCommit()) {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                LOG.error("an action after commit failed; the transaction itself is committed", e);
            }
        }
        batch.done.forEach(Job::answer);
    }

    /// @param mayWait whether it may wait for others that need the like
    /// @return false where it does: it needs what no memory has
    private static boolean ran(Batch batch, int place, boolean mayWait) throws SQLException, Culprit {
        var tx = batch.tx;
        var jobs = batch.jobs;
        var job = jobs.get(place);
        boolean isAlone = place == jobs.size() - 1;
        while (true) {
            tx.begin(job.isPatient && (mayWait || (!isAlone && tx.mayAsk())));
            try {
                job.run(tx);
                tx.requireWhole();
                batch.done.add(job);
                return true;
            } catch (Tx.NotYet e) {
                tx.undo();
                if (mayWait) {
                    return false;
                }
                for (var other : jobs.subList(place + 1, jobs.size())) {
                    if (other.isPatient) {
                        tx.ask(other.work);
                    }
                }
                try {
                    tx.loadWanted();
                } catch (SQLException failure) {
                    throw judged(failure, place);
                }
            } catch (SQLException e) {
                throw judged(e, place);
            } catch (Tx.Behind e) {
                throw e;
            } catch (RuntimeException | Error e) {
                if (!tx.undo()) {
                    throw new Culprit(place, e);
                }
                job.fails(e);
                return true;
            }
        }
    }

    /// Whether another node has written meanwhile: what memory holds may be old.
    static boolean isConflict(Throwable why) {
        return why instanceof SQLException e && (e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_WAIT_TIMEOUT);
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
}
