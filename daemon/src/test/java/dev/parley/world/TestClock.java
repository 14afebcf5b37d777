package dev.parley.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that a test puts forward.
public final class TestClock extends Clock {
    private final Clock base;
    private volatile Duration ahead = Duration.ZERO;

    private TestClock(Clock base) {
        this.base = base;
    }

    /// Stands still until it is put forward.
    public static TestClock still() {
        return new TestClock(Clock.fixed(Instant.parse("2026-01-05T10:00:00Z"), ZoneOffset.UTC));
    }

    /// Runs as the system's clock does.
    public static TestClock running() {
        return new TestClock(Clock.systemUTC());
    }

    public void advance(Duration by) {
        ahead = ahead.plus(by);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return base.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
