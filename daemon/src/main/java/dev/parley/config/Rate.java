package dev.parley.config;

import java.time.Duration;

/// So many in so long: `30/s`.
///
/// @param count at least 1
/// @param per a second, a minute, an hour or a day
public record Rate(int count, Duration per) {

    /// A day, for comparing rates of different units.
    private static final double SECONDS_PER_DAY = 86_400;

    public double perDay() {
        return count * SECONDS_PER_DAY / per.toSeconds();
    }
}
