package dev.parley.config;

import java.time.Duration;

/// How groups behave.
///
/// @param maxPeople the user included
/// @param relay whether a reply goes on to the other participants, where the creator of a group does not say
/// @param replyWindow how far back a text counts as heard when a reply has to be placed
/// @param evidenceMargin how far the clocks of network and daemon may differ before evidence is doubted
/// @param ambiguousReplies what happens to a reply that fits several conversations
public record GroupSettings(
        int maxPeople, Relay relay, Duration replyWindow, Duration evidenceMargin, AmbiguousReplies ambiguousReplies) {

    public enum Relay {
        ALL,
        NONE
    }

    public enum AmbiguousReplies {
        ASK,
        HOLD
    }

    static GroupSettings from(Section yaml) {
        return new GroupSettings(
                yaml.integer("maxPeople").in(3, 10).or(10),
                yaml.choice("relay", Relay.class).or(Relay.ALL),
                yaml.duration("replyWindow")
                        .in(Duration.ofMinutes(1), Duration.ofDays(30))
                        .or(Duration.ofHours(48)),
                yaml.duration("evidenceMargin")
                        .in(Duration.ZERO, Duration.ofHours(1))
                        .or(Duration.ofMinutes(2)),
                yaml.choice("ambiguousReplies", AmbiguousReplies.class).or(AmbiguousReplies.ASK));
    }
}
