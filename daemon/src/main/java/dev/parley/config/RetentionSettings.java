package dev.parley.config;

import java.time.Duration;

/// How long things are kept. What is older is deleted in small bites.
/// @param audit of who did what
public record RetentionSettings(Duration messages, Duration events, Duration audit) {

    private static final Duration CENTURY = Duration.ofDays(36_500);

    static RetentionSettings from(Section yaml) {
        return new RetentionSettings(
                yaml.duration("messages", "How long messages are kept; what is older is deleted in small bites.")
                        .in(Duration.ofDays(1), CENTURY)
                        .or(Duration.ofDays(5 * 365)),
                yaml.duration("events", "How long events are kept for streams and webhooks that come back.")
                        .in(Duration.ofHours(1), CENTURY)
                        .or(Duration.ofDays(30)),
                yaml.duration("audit", "How long it is kept who did what.")
                        .in(Duration.ofDays(1), CENTURY)
                        .or(Duration.ofDays(365)));
    }
}
