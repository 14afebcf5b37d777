package dev.parley.smpp;

import java.util.Optional;
import java.util.function.LongSupplier;

/// Gives submits their turns: one after the other at even distances, so that no second sees a
/// burst, and slower for a while when the SMSC says so.
///
/// A throttling answer halves the rate and holds everything for a moment; each second without
/// another raises it by a fifth, up to what the SMSC permits. All answers within one moment count
/// once: a full window is throttled as one.
final class Pacer {

    private static final long SECOND = 1_000_000_000L;

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
    private final LongSupplier nanoTime;
    private double perSecond;
    private long next;
    private long heldUntil;
    private long raisedAt;
    private long countingSince;
    private int turnsCounted;

    /// @param permitted turns a second; empty for no limit
    Pacer(Optional<Double> permitted, LongSupplier nanoTime) {
        this.permitted = permitted.orElse(Double.POSITIVE_INFINITY);
        this.nanoTime = nanoTime;
        this.perSecond = this.permitted;
        long now = nanoTime.getAsLong();
        this.next = now;
        this.heldUntil = now;
        this.raisedAt = now;
        this.countingSince = now;
    }

    /// Takes the next turn.
    ///
    /// @param mostNanos if the turn is further away than this, none is taken
    /// @return nanoseconds until it; empty if it is too far away
    synchronized Optional<Long> turn(long mostNanos) {
        long now = nanoTime.getAsLong();
        raise(now);
        long at = Math.max(Math.max(next, now - CATCH_UP), heldUntil);
        if (at - now > mostNanos) {
            return Optional.empty();
        }
        next = Double.isInfinite(perSecond) ? at : at + (long) (SECOND / perSecond);
        count(now);
        return Optional.of(Math.max(0, at - now));
    }

    /// When submits may go on after a throttling answer, by the nanosecond clock: also those that had
    /// their turn
    /// before.
    synchronized long heldUntil() {
        return heldUntil;
    }

    /// The SMSC said that we are too fast.
    synchronized void throttled() {
        long now = nanoTime.getAsLong();
        if (now < heldUntil) {
            return;
        }
        double current = Double.isInfinite(perSecond) ? measured(now) : perSecond;
        perSecond = Math.max(LEAST, current * BACK_OFF);
        heldUntil = now + HOLD;
        raisedAt = heldUntil;
        next = Math.max(next, heldUntil);
    }

    synchronized double perSecond() {
        raise(nanoTime.getAsLong());
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

    private void count(long now) {
        if (now - countingSince > SECOND) {
            countingSince = now;
            turnsCounted = 0;
        }
        turnsCounted++;
    }

    private double measured(long now) {
        return turnsCounted * (double) SECOND / Math.max(now - countingSince, SECOND / 10);
    }
}
