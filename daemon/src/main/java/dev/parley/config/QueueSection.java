package dev.parley.config;

import dev.parley.queue.QueueSettings;
import java.time.Duration;

/// The section `queue`.
final class QueueSection {

    /// What may reach a phone more often than this is no delivery any more.
    private static final int COPIES_MAX = 20;

    private QueueSection() {}

    static QueueSettings from(Section yaml) {
        return QueueSettings.of(
                yaml.duration(
                                "uncertainGrace",
                                "What was being handed over when the daemon died, or got no answer, may have been"
                                        + " sent. It waits so long for a status report that proves it, and is"
                                        + " then sent again.")
                        .in(Duration.ofSeconds(10), Duration.ofHours(24))
                        .or(Duration.ofMinutes(2)),
                yaml.integer(
                                "copiesMax",
                                "How often a text is handed over in all when no answer and no report comes; then"
                                        + " it has failed with no-answer.")
                        .in(1, COPIES_MAX)
                        .or(3),
                yaml.duration("validity", "How long a text is tried that has no end of its own.")
                        .in(Duration.ofMinutes(1), Duration.ofDays(63))
                        .or(Duration.ofHours(72)));
    }
}
