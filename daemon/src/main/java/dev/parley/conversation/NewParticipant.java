package dev.parley.conversation;

import java.util.Optional;

/// Somebody whom a new conversation is to include.
public sealed interface NewParticipant {

    /// A contact by one of its numbers.
    record OfContact(long contact, boolean secondary) implements NewParticipant {}

    /// A number in any spelling; one that belongs to a contact is linked to it.
    record OfNumber(String number, Optional<String> name) implements NewParticipant {}

    /// Neither of them. It is refused together with whatever else is wrong.
    ///
    /// @param field the member at fault, as a path behind the participant's own; empty for the participant
    record Faulty(String field, String code, String detail) implements NewParticipant {}
}
