package dev.parley.config;

import java.time.Duration;

/// How long the queue tries.
///
/// @param uncertainGrace how long a part that was handed over without an answer waits for a status
/// report
/// that proves it
/// was sent, before it is sent again
/// @param copiesMax how often a part is handed over in all when no answer and no report comes; then
/// its delivery has
/// failed with `no-answer`
/// @param validity how long a delivery without an end of its own is tried
public record QueueSection(Duration uncertainGrace, int copiesMax, Duration validity) {

    /// What may reach a phone more often than this is no delivery any more.
    private static final int COPIES_MAX = 20;

    static QueueSection from(Section yaml) {
        return new QueueSection(
                yaml.duration("uncertainGrace")
                        .in(Duration.ofSeconds(10), Duration.ofHours(24))
                        .or(Duration.ofMinutes(2)),
                yaml.integer("copiesMax").in(1, COPIES_MAX).or(3),
                yaml.duration("validity")
                        .in(Duration.ofMinutes(1), Duration.ofDays(63))
                        .or(Duration.ofHours(72)));
    }
}
