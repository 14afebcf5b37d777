package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// A number in a conversation, frozen at creation.
///
/// @param place from 0, in the order of the creation
/// @param name as frozen; empty for a bare number
/// @param number E.164 with `+`; in a direct conversation a short code or the name of a sender too
/// @param leftAt since when it takes no part in a group any more
record Participant(
        long id,
        long conversationId,
        int place,
        Optional<Long> contactId,
        String name,
        String number,
        Optional<Instant> leftAt) {

    boolean hasLeft() {
        return leftAt.isPresent();
    }
}
