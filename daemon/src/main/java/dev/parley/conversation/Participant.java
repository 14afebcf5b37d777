package dev.parley.conversation;

import dev.parley.contact.Contact;
import java.time.Instant;
import java.util.Optional;

/// A number in a conversation, frozen at creation.
///
/// @param place from 0, in the order of the creation
/// @param name as frozen; empty for a bare number
/// @param number E.164 with `+`; in a direct conversation a short code or the name of a sender too
/// @param leftAt since when it takes no part in a group any more
public record Participant(
        long id,
        long conversationId,
        int place,
        Optional<Long> contactId,
        String name,
        String number,
        Optional<Snapshot> contact,
        Optional<Instant> leftAt)
        implements Blocks.Person {

    /// A contact as it was when the conversation was created: what differs now makes the label
    /// `updated`.
    record Snapshot(String name, String primaryNumber, Optional<String> secondaryNumber) {
        static Snapshot of(Contact contact) {
            return new Snapshot(contact.name(), contact.primaryNumber(), contact.secondaryNumber());
        }
    }

    @Override
    public boolean hasLeft() {
        return leftAt.isPresent();
    }
}
