package dev.parley.config;

import java.time.Duration;

/// How long the queue tries.
///
/// @param uncertainGrace how long a part that was handed over without an answer waits for a status report
/// that proves it
/// was sent, before it is sent again
/// @param validity how long a delivery without an end of its own is tried
public record QueueSection(Duration uncertainGrace, Duration validity) {

    static QueueSection from(Section yaml) {
        return new QueueSection(
                yaml.duration("uncertainGrace")
                        .in(Duration.ofSeconds(10), Duration.ofHours(24))
                        .or(Duration.ofMinutes(2)),
                yaml.duration("validity")
                        .in(Duration.ofMinutes(1), Duration.ofDays(63))
                        .or(Duration.ofHours(72)));
    }
}
