package dev.parley.conversation;

import dev.parley.sms.Segment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One message on its way to one number, as the queue needs to know it.
///
/// @param deliveryId unique; what the queue calls it in [DeliveryProgress]
/// @param lane what keeps its order: the participant's id, so that one conversation with one number is
/// one lane
/// @param recipient E.164 with `+`, or a short code
/// @param segments the parts, 1 to 255, in their order
/// @param notBefore nothing is handed over earlier
/// @param expiresAt nothing is handed over later, and the SMSC is asked to give up then
/// @param held whether it waits for [Outbox#release] from the start
public record OutgoingDelivery(
        long deliveryId,
        long lineId,
        long lane,
        String recipient,
        List<Segment> segments,
        Optional<Instant> notBefore,
        Optional<Instant> expiresAt,
        boolean held) {
    public OutgoingDelivery {
        segments = List.copyOf(segments);
        if (segments.isEmpty() || segments.size() > 255) {
            throw new IllegalArgumentException(segments.size() + " segments (expected 1 to 255)");
        }
    }
}
