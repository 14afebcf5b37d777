package dev.parley.world;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for a condition, never for a time.
public final class Await {

    /// Far longer than anything takes, so that only a fault runs into it.
    private static final Duration AT_MOST = Duration.ofMinutes(4);

    private static final Duration POLL = Duration.ofMillis(20);

    private Await() {}

    /// Returns once `condition` holds.
    ///
    /// @param what for the failure: what is waited for
    public static void until(String what, BooleanSupplier condition) {
        until(what, condition, () -> "");
    }

    /// @param state told when it does not come to pass
    public static void until(String what, BooleanSupplier condition, Supplier<String> state) {
        var end = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + AT_MOST + " for: " + what + " " + state.get());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /// The first value there is.
    public static <T> T value(String what, Supplier<Optional<T>> look) {
        var end = System.nanoTime() + AT_MOST.toNanos();
        while (true) {
            var seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + AT_MOST + " for: " + what);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
