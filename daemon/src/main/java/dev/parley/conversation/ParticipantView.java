package dev.parley.conversation;

import java.util.List;
import java.util.Optional;

/// A participant as the API shows it.
///
/// @param name frozen at creation, or else a short form of the number that is unique in the
/// conversation
/// @param labels `updated`, `deleted`: what became of its contact since
/// @param blockedBy see [Block]
public record ParticipantView(
        String id,
        Optional<String> contact,
        String name,
        String number,
        List<String> labels,
        boolean sendable,
        Optional<String> blockedBy) {}
