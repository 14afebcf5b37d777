package dev.parley.config;

import java.time.Duration;

/// How long things are kept. What is older is deleted in small bites.
public record RetentionSettings(Duration messages, Duration events) {

    private static final Duration CENTURY = Duration.ofDays(36_500);

    static RetentionSettings from(Section yaml) {
        return new RetentionSettings(
                yaml.duration("messages").in(Duration.ofDays(1), CENTURY).or(Duration.ofDays(5 * 365)),
                yaml.duration("events").in(Duration.ofHours(1), CENTURY).or(Duration.ofDays(30)));
    }
}
