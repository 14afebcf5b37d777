package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// A delivery as the API shows it.
///
/// @param participant the participant's id
/// @param display the number as people write it where the line is
public record DeliveryView(
        String participant,
        String number,
        String display,
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

    static DeliveryView of(Delivery delivery, String display) {
        return new DeliveryView(
                Long.toString(delivery.participantId()),
                delivery.number(),
                display,
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
