package dev.parley.smpp;

import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What becomes of a part, for who wants to wait for it.
final class Outcome {
    private Outcome() {}

    static SubmitOutcome of(SmppLink link, OutboundPart part) throws InterruptedException {
        var outcome = new CompletableFuture<SubmitOutcome>();
        link.submit(part, outcome::complete);
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is a value", e);
        }
    }
}
