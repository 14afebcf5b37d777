package dev.parley.world;

import dev.parley.conversation.ConversationSettings;
import dev.parley.conversation.Relay;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Conversations as they behave where the configuration says nothing.
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
