package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// One message on its way to one participant.
///
/// @param conversationId the participant's; a moved message has deliveries of several
/// @param held waits until it is known whether its number opted out or left
/// @param begunAt when the SMSC accepted the first part: evidence that the recipient may have read of
/// it
/// @param text what the recipient reads, with prefix and name
record Delivery(
        long id,
        long messageId,
        long conversationId,
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
        String text) {

    Delivery withId(long id) {
        return new Delivery(
                id,
                messageId,
                conversationId,
                participantId,
                number,
                status,
                held,
                queuedAt,
                sendingAt,
                begunAt,
                sentAt,
                deliveredAt,
                failedAt,
                link,
                attempts,
                parts,
                encoding,
                error,
                text);
    }
}
