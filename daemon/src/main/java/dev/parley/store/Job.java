package dev.parley.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A work and who waits for it.
final class Job<T extends @Nullable Object> {
    final Work<T> work;

    /// See [Tx#begin].
    final boolean isPatient;

    final CompletableFuture<T> done = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private boolean begun; // the writer's own
    private @Nullable T result;

    Job(Work<T> work, boolean isPatient) {
        this.work = work;
        this.isPatient = isPatient;
    }

    /// False if its caller has given up before this.
    boolean begins() {
        begun = begun || decided.compareAndSet(false, true);
        return begun;
    }

    /// False if it has begun.
    boolean givesUp() {
        return decided.compareAndSet(false, true);
    }

    /// Whether its caller waits no longer: it has given up, or was told of a mistake.
    boolean isOver() {
        return done.isDone() || (decided.get() && !begun);
    }

    void run(Tx tx) throws SQLException {
        result = work.run(tx);
    }

    @SuppressWarnings("NullAway") // what the work returned, null where its type says so
    void answer() {
        done.complete(result);
    }

    void fails(Throwable why) {
        done.completeExceptionally(why);
    }
}
