package dev.parley.queue;

import dev.parley.link.FailureCode;
import dev.parley.link.SubmitOutcome;
import java.time.Duration;
import java.time.Instant;

/// Whether a link is worth a try. It opens on hand-overs that the link itself spoils, and while it is
/// open the line's other links carry on. After a wait one part goes to it as a probe; if that gets
/// through, it closes, else the next wait is twice as long.
///
/// A probe that gets no answer costs its part a grace period, and perhaps a second SMS. So a link that
/// was opened by silence is probed seldom, and once when it is ready again after it was not; one that
/// could not take parts, and now says that it can, is taken at its word.
///
/// Not safe for threads; the line's desk guards it.
final class Circuit {

    /// No answer, three times in a row. Each such part waits for its grace period, so not many should.
    private static final int SILENT_MAX = 3;

    /// The network answers and says each time that it is in trouble.
    private static final int TROUBLE_MAX = 5;

    private static final Duration WAIT_FIRST = Duration.ofMillis(200);
    private static final Duration WAIT_LONGEST = Duration.ofSeconds(30);
    private static final Duration WAIT_FIRST_IN_SILENCE = Duration.ofSeconds(10);
    private static final Duration WAIT_LONGEST_IN_SILENCE = Duration.ofMinutes(5);

    private int silent;
    private int trouble;
    private int opened;
    private Instant probeAt = Instant.MIN;
    private boolean probing;

    boolean isClosed() {
        return opened == 0;
    }

    /// Whether a part may be handed over now, as a probe if need be.
    boolean lets(Instant now) {
        return isClosed() || (!probing && !now.isBefore(probeAt));
    }

    void handingOver() {
        probing = !isClosed();
    }

    /// When the next probe is due, for one who waits for it.
    Instant probeAt() {
        return probeAt;
    }

    /// The outcome of a hand-over that ended at `now`.
    void ended(SubmitOutcome outcome, Instant now) {
        switch (outcome) {
            case SubmitOutcome.Accepted _, SubmitOutcome.Refused _ -> close();
            case SubmitOutcome.Postponed(var code, var _, var _) -> {
                if (code == FailureCode.NETWORK_TROUBLE || code == FailureCode.NO_CREDIT) {
                    trouble++;
                    openIf(trouble >= TROUBLE_MAX, now, WAIT_FIRST, WAIT_LONGEST);
                } else {
                    close();
                }
            }
            case SubmitOutcome.NotHandedOver _, SubmitOutcome.Suspected _ ->
                openIf(true, now, WAIT_FIRST, WAIT_LONGEST); // it says itself that it cannot
            case SubmitOutcome.Uncertain _ -> {
                silent++;
                openIf(silent >= SILENT_MAX, now, WAIT_FIRST_IN_SILENCE, WAIT_LONGEST_IN_SILENCE);
            }
        }
        probing = false;
    }

    /// Nothing came of a hand-over that had begun with [#handingOver].
    void dropped() {
        probing = false;
    }

    /// The link is ready again after it was not.
    void readyAgain(Instant now) {
        if (silent >= SILENT_MAX) {
            probeAt = now;
        } else {
            close();
        }
    }

    void close() {
        silent = 0;
        trouble = 0;
        opened = 0;
        probing = false;
    }

    private void openIf(boolean enough, Instant now, Duration first, Duration longest) {
        if (enough || !isClosed()) {
            var wait = first.multipliedBy(1L << Math.min(opened, 10));
            opened++;
            probeAt = now.plus(wait.compareTo(longest) < 0 ? wait : longest);
        }
    }
}
