package dev.parley.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits for conditions, with an end.
final class Await {

    static final Duration USUAL = Duration.ofSeconds(20);

    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private Await() {}

    /// Looks until it fits.
    ///
    /// @return the first value that fits
    static <T> T until(String what, Duration atMost, Supplier<T> look, Predicate<T> fits) {
        var end = Instant.now().plus(atMost);
        while (true) {
            var seen = look.get();
            if (fits.test(seen)) {
                return seen;
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("waited " + atMost + " for " + what + "; there is " + seen);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    static <T> T until(String what, Supplier<T> look, Predicate<T> fits) {
        return until(what, USUAL, look, fits);
    }
}
