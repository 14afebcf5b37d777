package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// Which messages are looked for; what is empty does not count.
///
/// @param query words that all occur in the text, whole or as beginnings, in any case
/// @param conversation those of one conversation
/// @param participant a number in any spelling: its messages, and those that went to it
/// @param status messages with a delivery in this status
/// @param from created then or later
/// @param until created before
public record MessageSearch(
        Optional<String> query,
        Optional<Long> conversation,
        Optional<String> participant,
        Optional<DeliveryStatus> status,
        Optional<Instant> from,
        Optional<Instant> until) {}
