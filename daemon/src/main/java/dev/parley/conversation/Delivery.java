package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// One message on its way to one participant.
///
/// @param held waits until it is known whether its number opted out or left
/// @param begunAt when the SMSC accepted the first part: evidence that the recipient may have read of it
/// @param text what the recipient reads, with prefix and name
record Delivery(
        long id,
        long messageId,
        long participantId,
        String number,
        DeliveryStatus status,
        boolean held,
        Instant queuedAt,
        Optional<Instant> sendingAt,
        Optional<Instant> begunAt,
        Optional<Instant> sentAt,
        Optional<Instant> deliveredAt,
        Optional<Instant> failedAt,
        Optional<String> link,
        int attempts,
        int parts,
        String encoding,
        Optional<DeliveryError> error,
        String text) {}
