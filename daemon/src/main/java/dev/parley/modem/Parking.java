package dev.parley.modem;

import java.time.Duration;
import java.util.Optional;

/// Parts wait while a modem that was at fault is looked after: five seconds first, twice as long each
/// time, until something gets through. Outlives connections.
final class Parking {
    static final Duration FIRST = Duration.ofSeconds(5);

    static final Duration LONGEST = Duration.ofMinutes(5);

    /// A modem that was started anew because of a fault gets so long before it is again.
    private static final Duration RESET_AGAIN = Duration.ofMinutes(10);

    private Optional<String> why = Optional.empty();
    private Optional<String> hint = Optional.empty();
    private long until;
    private Duration next = FIRST;
    private Optional<Long> resetAt = Optional.empty();

    /// @param sentence for a person
    /// @param now of [System#nanoTime]
    void park(String sentence, long now) {
        why = Optional.of(sentence);
        hint = why;
        until = now + next.toNanos();
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    }

    boolean isParked() {
        return why.isPresent();
    }

    /// Why nothing is sent, while nothing is.
    Optional<String> why() {
        return why;
    }

    /// Why nothing was, until something got through.
    Optional<String> hint() {
        return hint;
    }

    /// When to try again, of [System#nanoTime].
    long until() {
        return until;
    }

    /// How long the next stop will be.
    Duration next() {
        return next;
    }

    /// Parts are tried again.
    void unpark() {
        why = Optional.empty();
    }

    /// Something got through.
    void fine() {
        why = Optional.empty();
        hint = Optional.empty();
        next = FIRST;
        resetAt = Optional.empty();
    }

    /// True if the modem may be started anew now, which is noted.
    boolean mayReset(long now) {
        var may = resetAt.isEmpty() || now - resetAt.get() >= RESET_AGAIN.toNanos();
        if (may) {
            resetAt = Optional.of(now);
        }
        return may;
    }
}
