package dev.parley;

import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Tx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends a virtual thread the way of every text: to the writer, to the database and back.
record Pulse(Store store) {
    /// Whether it came back in time. One that does not is left to itself: it holds one thread that
    /// waits, and a daemon of which several do not come back is about to be ended.
    boolean beats(Duration within) {
        var back = new CompletableFuture<Boolean>();
        Thread.ofVirtual().name("pulse").start(() -> {
            try {
                back.complete(store.transaction(Pulse::answered));
            } catch (StoreUnavailable _) {
                back.complete(true); // gone, and known to be: nothing is stuck
            } catch (RuntimeException | Error e) {
                back.completeExceptionally(e);
            }
        });
        try {
            return back.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    /// Whether the database answers now, for whom it is no use to go on without it.
    boolean databaseAnswers() {
        try {
            return store.transaction(Pulse::answered);
        } catch (StoreUnavailable _) {
            return false;
        }
    }

    private static boolean answered(Tx tx) {
        return tx.first("SELECT 1", row -> row.getInt(1)).isPresent();
    }
}
