package dev.parley.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Commits small writes of many threads together, so that they share one flush of the log to the disk. A
/// write that comes while nothing is being committed is committed at once; those that come meanwhile go
/// together in the next transaction. Nobody waits for a timer.
///
/// Writes that go together must not need an order among themselves; each thread's own writes keep their
/// order, because it waits for each.
public final class GroupCommit implements AutoCloseable {

    /// Waiting writes; whoever finds the queue full waits. Each waiting thread has one, so this bounds
    /// nothing but surprise.
    static final int WAITING_MAX = 1_024;

    /// Writes in one transaction: enough to share a flush, few enough to hold locks only briefly.
    static final int TOGETHER_MAX = 64;

    private record Write(Work<? extends @Nullable Object> work, CompletableFuture<@Nullable Object> done) {}

    private final Store store;
    private final BlockingQueue<Write> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread writer;
    private volatile boolean closed;

    public GroupCommit(Store store) {
        this.store = store;
        this.writer = Thread.ofVirtual().name("group-commit").start(this::commitWhatComes);
    }

    /// Runs `work` in a transaction, most likely together with others', and returns when it is durable. A
    /// `work` that throws is rolled back and its exception thrown here; it takes no other down with it. An
    /// interrupt does not end the wait: the outcome of a write is always known to the one who asked for it.
    ///
    /// @throws StoreUnavailable when the database is away, or this writer is closed
    @SuppressWarnings({"unchecked", "NullAway"}) // the future of a write carries what its own work returned
    public <T extends @Nullable Object> T commit(Work<T> work) {
        if (store.isTogether()) {
            return store.transaction(work);
        }
        var write = new Write(work, new CompletableFuture<>());
        boolean interrupted = false;
        while (true) {
            try {
                waiting.put(write);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (closed) {
            refuseWaiting();
        }
        try {
            return (T) write.done.join(); // waits through interrupts
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Commits what waits, then ends.
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseWaiting();
    }

    private void commitWhatComes() {
        while (!closed || !waiting.isEmpty()) {
            var together = new ArrayList<Write>();
            try {
                together.add(waiting.take());
            } catch (InterruptedException e) {
                continue; // closed: what waits is still written
            }
            waiting.drainTo(together, TOGETHER_MAX - 1);
            commitTogether(together);
        }
    }

    private void commitTogether(List<Write> together) {
        if (together.size() > 1) {
            try {
                var results = store.transaction(tx -> {
                    var all = new ArrayList<@Nullable Object>();
                    for (var write : together) {
                        all.add(write.work.run(tx));
                    }
                    return all;
                });
                for (int i = 0; i < together.size(); i++) {
                    together.get(i).done.complete(results.get(i));
                }
                return;
            } catch (StoreUnavailable e) {
                together.forEach(write -> write.done.completeExceptionally(e));
                return;
            } catch (RuntimeException e) {
                // One of them failed and took all down: each alone, so that only the culprit fails.
            }
        }
        for (var write : together) {
            try {
                write.done.complete(store.transaction(write.work));
            } catch (RuntimeException | Error e) {
                write.done.completeExceptionally(e);
            }
        }
    }

    private void refuseWaiting() {
        if (writer.isAlive()) {
            return;
        }
        var late = new ArrayList<Write>();
        waiting.drainTo(late);
        late.forEach(write -> write.done.completeExceptionally(new StoreUnavailable("Parley is stopping.")));
    }
}
