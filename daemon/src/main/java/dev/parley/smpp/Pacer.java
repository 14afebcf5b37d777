package dev.parley.smpp;

import java.time.Duration;
import java.util.Optional;

/// Gives submits their turns: one after the other at even distances, so that no second sees a
/// burst, and slower for a while when the SMSC says so.
///
/// A throttling answer halves the rate and holds everything for a moment; each second without
/// another raises it by a fifth, up to what the SMSC permits. All answers within one moment count
/// once: a full window is throttled as one.
final class Pacer {

    private static final long SECOND = 1_000_000_000L;

    /// A turn that is further away than this is not taken: the queue gets the submit back.
    static final Duration TURN_MOST = Duration.ofSeconds(10);

    /// How far behind the even distances a submit may be and still be made up for: a thread that
    /// wakes up late must not cost rate.
    private static final long CATCH_UP = SECOND / 25;

    /// How long nothing is submitted after a throttling answer.
    private static final long HOLD = SECOND / 2;

    private static final double BACK_OFF = 0.5;
    private static final double RECOVERY = 1.2;

    /// Slower than this nothing gets: a link that is throttled for long still tries.
    private static final double LEAST = 0.2;

    /// A link without a limit of its own is unlimited again from here.
    private static final double UNLIMITED_FROM = 5_000;

    private final double permitted;
    private double perSecond;
    private long next = System.nanoTime();
    private long heldUntil = next;
    private long raisedAt = next;
    private long countingSince = next;
    private int turnsCounted;

    /// @param permitted turns a second; empty for no limit
    Pacer(Optional<Double> permitted) {
        this.permitted = permitted.orElse(Double.POSITIVE_INFINITY);
        this.perSecond = this.permitted;
    }

    /// Takes the next turn.
    ///
    /// @return when it is, by the nanosecond clock; empty, and none is taken, if it is too far away
    synchronized Optional<Long> turn() {
        long now = System.nanoTime();
        raise(now);
        long at = Math.max(Math.max(next, now - CATCH_UP), heldUntil);
        if (at - now > TURN_MOST.toNanos()) {
            return Optional.empty();
        }
        next = Double.isInfinite(perSecond) ? at : at + (long) (SECOND / perSecond);
        if (now - countingSince > SECOND) {
            countingSince = now;
            turnsCounted = 0;
        }
        turnsCounted++;
        return Optional.of(at);
    }

    /// When submits may go on after a throttling answer, by the nanosecond clock: also those that had
    /// their turn before.
    synchronized long heldUntil() {
        return heldUntil;
    }

    /// The SMSC said that we are too fast.
    synchronized void throttled() {
        long now = System.nanoTime();
        if (now < heldUntil) {
            return;
        }
        double measured = turnsCounted * (double) SECOND / Math.max(now - countingSince, SECOND / 10);
        double current = Double.isInfinite(perSecond) ? measured : perSecond;
        perSecond = Math.max(LEAST, current * BACK_OFF);
        heldUntil = now + HOLD;
        raisedAt = heldUntil;
        next = Math.max(next, heldUntil);
    }

    synchronized double perSecond() {
        raise(System.nanoTime());
        return perSecond;
    }

    private void raise(long now) {
        while (perSecond < permitted && now - raisedAt >= SECOND) {
            perSecond = Math.min(permitted, perSecond * RECOVERY);
            if (perSecond > UNLIMITED_FROM) {
                perSecond = permitted;
            }
            raisedAt += SECOND;
        }
        if (perSecond >= permitted) {
            raisedAt = now;
        }
    }
}
