package dev.parley.conversation;

import java.util.Optional;

/// Which conversations are listed.
///
/// @param participant a number in any spelling
/// @param query words of the title, or of a participant's name or number
public record ConversationFilter(
        Optional<Long> line,
        Optional<Kind> kind,
        Optional<Boolean> closed,
        Optional<Long> contact,
        Optional<String> participant,
        Optional<String> query) {
    public static final ConversationFilter ALL = new ConversationFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
