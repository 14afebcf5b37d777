package dev.parley.conversation;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// How conversations behave where a configuration says nothing about it.
public final class PlainSettings {
    public static final ConversationSettings CONVERSATIONS = new ConversationSettings(
            10,
            Relay.ALL,
            Duration.ofDays(2),
            Duration.ofMinutes(2),
            true,
            Map.of(),
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of());

    private PlainSettings() {}
}
