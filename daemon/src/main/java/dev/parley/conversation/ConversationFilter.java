package dev.parley.conversation;

import java.util.Optional;

/// Which conversations are listed.
///
/// @param done whether a user is through with it
/// @param unread only those with something that the user who asks has not read
/// @param needs only those that need a person
/// @param participant a number in any spelling
/// @param query words of the title, or of a participant's name or number
public record ConversationFilter(
        Optional<Long> line,
        Optional<Kind> kind,
        Optional<Boolean> closed,
        Optional<Boolean> done,
        boolean unread,
        boolean needs,
        Optional<Long> contact,
        Optional<String> participant,
        Optional<String> query) {

    /// Whether an index leads to the few that can be meant: all others are looked for along the list.
    boolean isNarrow() {
        return needs || contact.isPresent() || participant.isPresent();
    }
}
