package dev.parley.conversation;

import java.util.List;
import java.util.Optional;

/// A conversation to be created. One participant makes a direct conversation, or finds the open one.
///
/// @param line the id of a line; empty for `auto`
/// @param relay empty for the configured default
/// @param introduce whether each participant gets a text that says who is in the group
/// @param text the first message
public record NewConversation(
        Optional<Long> line,
        List<NewParticipant> participants,
        Optional<Relay> relay,
        boolean introduce,
        Optional<String> title,
        Optional<String> text) {
    public NewConversation {
        participants = List.copyOf(participants);
    }
}
