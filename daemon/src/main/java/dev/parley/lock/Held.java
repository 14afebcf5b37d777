package dev.parley.lock;

import java.util.concurrent.locks.Lock;

/// A lock that is held until the end of a block: `try (var _ = Held.lock(lock)) { … }`. A monitor
/// would say it shorter; but virtual threads wait here, and before Java 25.0.4 one can stay blocked at
/// a monitor for good (JDK-8373120).
@FunctionalInterface
public interface Held extends AutoCloseable {

    /// Waits for the lock, and holds it.
    static Held lock(Lock lock) {
        lock.lock();
        return lock::unlock;
    }

    /// Gives the lock back. On the thread that holds it.
    @Override
    void close();
}
