package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// What `delivery.updated` carries: a [DeliveryView] with where it belongs.
public record DeliveryUpdate(
        String message,
        String conversation,
        String participant,
        String number,
        String status,
        Instant queuedAt,
        Optional<Instant> sentAt,
        Optional<Instant> deliveredAt,
        Optional<Instant> failedAt,
        Optional<String> link,
        int attempts,
        int parts,
        String encoding,
        Optional<DeliveryError> error) {

    static DeliveryUpdate of(Delivery delivery) {
        return new DeliveryUpdate(
                Long.toString(delivery.messageId()),
                Long.toString(delivery.conversationId()),
                Long.toString(delivery.participantId()),
                delivery.number(),
                delivery.status().label(),
                delivery.queuedAt(),
                delivery.sentAt(),
                delivery.deliveredAt(),
                delivery.failedAt(),
                delivery.link(),
                delivery.attempts(),
                delivery.parts(),
                delivery.encoding(),
                delivery.error());
    }
}
