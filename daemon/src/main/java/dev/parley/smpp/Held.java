package dev.parley.smpp;

import java.util.concurrent.locks.Lock;

/// A lock that is held until the end of a block: `try (var _ = Held.lock(lock)) { … }`. A monitor
/// would say it shorter; but virtual threads wait here, and one can lose the wake-up of a monitor
/// before Java 25.0.4 (JDK-8373120).
interface Held extends AutoCloseable {

    static Held lock(Lock lock) {
        lock.lock();
        return lock::unlock;
    }

    @Override
    void close();
}
