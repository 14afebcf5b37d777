package dev.parley.modem;

import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A part between the thread that wants it sent and the one that owns the modem. Taken once: by the owner, who then
/// completes its outcome, or back by whoever waits.
record Submission(OutboundPart part, AtomicBoolean taken, CompletableFuture<SubmitOutcome> outcome) {

    Submission(OutboundPart part) {
        this(part, new AtomicBoolean(), new CompletableFuture<>());
    }

    /// Takes it, which one can do.
    ///
    /// @return true for the one who is to decide its outcome
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    /// Waits for the outcome. An interrupt takes the part back where the hand-over has not begun; where it has, it is
    /// held off until the outcome is known.
    SubmitOutcome await() throws InterruptedException {
        try {
            return outcome.get();
        } catch (InterruptedException e) {
            if (take()) {
                throw e;
            }
            var known = outcome.join();
            Thread.currentThread().interrupt();
            return known;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is a value", e);
        }
    }
}
