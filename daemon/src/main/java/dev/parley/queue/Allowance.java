package dev.parley.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;

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
        var byMinute = freeAt(limits.perMinute(), MINUTE);
        var byDay = freeAt(limits.perDay(), DAY);
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

    private Instant freeAt(OptionalInt limit, Duration window) {
        int count = limit.orElse(Integer.MAX_VALUE);
        if (taken.size() < count) {
            return Instant.MIN;
        }
        var newestFirst = taken.descendingIterator();
        for (int i = 1; i < count; i++) {
            newestFirst.next();
        }
        return newestFirst.next().plus(window);
    }
}
