package dev.parley.queue;

import dev.parley.link.SubmitOutcome;
import org.slf4j.Logger;

/// Refusals of a link that come one after another. Each single one belongs to its text and is told there;
/// that nothing gets through any more (no credit, a barred SIM, a wrong sender) is the link's matter, and
/// a line in the log: one when it begins, one for each ten times as many, one when it is over.
///
/// Not safe for threads; whoever judges a hand-over does it for one after another.
final class FailureRun {
    /// A wrong number, and another, are no run.
    private static final int FIRST = 5;

    private static final int TIMES = 10;

    private final Logger log;
    private final String link;
    private int length;
    private int tellAt = FIRST;

    FailureRun(Logger log, String link) {
        this.log = log;
        this.link = link;
    }

    /// A hand-over ended. One that never came to the network says nothing of what it refuses.
    void ended(SubmitOutcome outcome) {
        switch (outcome) {
            case SubmitOutcome.Accepted _ -> over();
            case SubmitOutcome.Refused refused -> longer(refused.code().label() + ", " + refused.reason());
            case SubmitOutcome.Postponed postponed -> longer(postponed.code().label() + ", " + postponed.reason());
            case SubmitOutcome.Suspected suspected -> longer(suspected.reason());
            case SubmitOutcome.NotHandedOver _, SubmitOutcome.Uncertain _ -> {}
        }
    }

    private void longer(String latest) {
        length++;
        if (length == tellAt) {
            log.warn("link={} refusals={} in a row, the latest: {}", link, length, latest);
            tellAt *= TIMES;
        }
    }

    private void over() {
        if (tellAt > FIRST) {
            log.info("link={} takes texts again after refusals={}", link, length);
        }
        length = 0;
        tellAt = FIRST;
    }
}
