package dev.parley.queue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Waits for conditions.
public final class Eventually {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    private Eventually() {}

    public static void until(String what, BooleanSupplier condition) {
        assertTrue(within(AT_MOST, condition), what + " within " + AT_MOST);
    }

    public static <T> void equal(T expected, Supplier<T> actual) {
        within(AT_MOST, () -> expected.equals(actual.get()));
        assertEquals(expected, actual.get());
    }

    /// For what must not happen: gives it the time in which it would.
    static boolean within(Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }
}
