package dev.parley.webhook;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// How webhooks behave.
///
/// @param allowPrivate whether endpoints may be on this machine or on private networks: whoever may make a
/// webhook could otherwise reach what a firewall keeps from them
/// @param allowLoopback whether they may be on this machine, at its loopback addresses
/// @param answer how long an endpoint may take to answer
/// @param waits before the second, third, … try of one event; when they are used up the endpoint is dead
public record WebhookSettings(boolean allowPrivate, boolean allowLoopback, Duration answer, List<Duration> waits) {
    public WebhookSettings {
        waits = List.copyOf(waits);
    }

    /// From seconds to a day: about three days in all.
    public static WebhookSettings usual(boolean allowPrivate, boolean allowLoopback) {
        return new WebhookSettings(
                allowPrivate,
                allowLoopback,
                Duration.ofSeconds(15),
                Stream.of("PT5S", "PT30S", "PT2M", "PT10M", "PT30M", "PT2H", "PT6H", "PT14H", "PT24H", "PT24H")
                        .map(Duration::parse)
                        .toList());
    }
}
