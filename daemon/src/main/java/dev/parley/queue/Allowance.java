package dev.parley.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/// What is left of a link's limits.
///
/// Not safe for threads; the line's desk guards it.
final class Allowance {
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration DAY = Duration.ofDays(1);

    private final SendLimits limits;

    /// When parts were taken, the newest last: no more than the limits look back at.
    private final ArrayDeque<Instant> taken = new ArrayDeque<>();

    Allowance(SendLimits limits) {
        this.limits = limits;
    }

    /// Begins with what the database knows.
    ///
    /// @param before when parts were taken, the oldest first
    void begin(List<Instant> before) {
        taken.clear();
        before.forEach(this::take);
    }

    /// The earliest time at which one more part may be taken.
    Instant mayAt() {
        var byMinute =
                limits.perMinute().isPresent() ? freeAt(limits.perMinute().getAsInt(), MINUTE) : Instant.MIN;
        var byDay = limits.perDay().isPresent() ? freeAt(limits.perDay().getAsInt(), DAY) : Instant.MIN;
        return byMinute.isAfter(byDay) ? byMinute : byDay;
    }

    boolean lets(Instant now) {
        return !now.isBefore(mayAt());
    }

    /// A part is about to be handed over.
    void take(Instant at) {
        if (!limits.any()) {
            return;
        }
        taken.addLast(at);
        if (taken.size() > longest(limits)) {
            taken.removeFirst();
        }
    }

    /// The last part that was taken came to nothing.
    void giveBack() {
        taken.pollLast();
    }

    /// How many of the past decide.
    static int longest(SendLimits limits) {
        return Math.max(limits.perMinute().orElse(0), limits.perDay().orElse(0));
    }

    private Instant freeAt(int count, Duration window) {
        if (taken.size() < count) {
            return Instant.MIN;
        }
        return nthNewest(taken.descendingIterator(), count).plus(window);
    }

    private static Instant nthNewest(Iterator<Instant> newestFirst, int n) {
        for (int i = 1; i < n; i++) {
            newestFirst.next();
        }
        return newestFirst.next();
    }
}
