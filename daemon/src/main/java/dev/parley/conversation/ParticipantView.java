package dev.parley.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A participant as the API shows it.
///
/// @param name frozen at creation; empty for a bare number
/// @param display the number as people write it where the line is
/// @param primary whether it was the contact's primary number at creation; empty for who is no contact
/// @param labels `updated`, `deleted`: what became of its contact since
/// @param blockedBy see [Block]
/// @param decision what a user has to decide about it
public record ParticipantView(
        String id,
        Optional<String> contact,
        Optional<String> name,
        String number,
        String display,
        Optional<Boolean> primary,
        List<String> labels,
        boolean sendable,
        Optional<String> blockedBy,
        Optional<Decision> decision) {

    /// Whether a text that reads like an opt-out was meant as one.
    ///
    /// @param optOut its id, to confirm or dismiss
    /// @param decideBy when it counts as an opt-out
    /// @param message the text that reads like it
    public record Decision(String optOut, Optional<Instant> decideBy, Optional<String> message) {}
}
