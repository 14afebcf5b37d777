package dev.parley.conversation;

import java.time.Duration;

/// How fast a line sends, as its links are now.
@FunctionalInterface
public interface Pace {

    /// How long the line will take for this many more parts, what waits before them included.
    Duration estimate(long lineId, int parts);
}
