package dev.parley.modem;

import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A part between the thread that wants it sent and the one that owns the modem. Taken once: by the owner, who then
/// completes it, or back by whoever waits.
final class Submission {
    private final OutboundPart part;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<SubmitOutcome> outcome = new CompletableFuture<>();

    Submission(OutboundPart part) {
        this.part = part;
    }

    OutboundPart part() {
        return part;
    }

    /// Takes it, which one can do.
    ///
    /// @return true for the one who is to decide its outcome
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    boolean taken() {
        return taken.get();
    }

    void complete(SubmitOutcome what) {
        outcome.complete(what);
    }

    /// Waits for the outcome. An interrupt takes the part back where the hand-over has not begun; where it has, it is
    /// held off until the outcome is known.
    SubmitOutcome await() throws InterruptedException {
        var interrupted = false;
        try {
            while (true) {
                try {
                    return outcome.get();
                } catch (InterruptedException e) {
                    if (take()) {
                        throw e;
                    }
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("an outcome is a value", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
