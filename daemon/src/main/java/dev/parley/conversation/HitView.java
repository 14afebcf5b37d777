package dev.parley.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A message that was found: as the API shows messages, but for its conversation, which a list of hits has to
/// name.
///
/// @param conversation empty while it is unrouted
public record HitView(
        String id,
        Optional<Place> conversation,
        String direction,
        String kind,
        MessageView.AuthorView author,
        Optional<String> text,
        Instant createdAt,
        Optional<Instant> sendAt,
        Optional<Instant> expiresAt,
        Optional<MessageView.RoutingView> routing,
        List<DeliveryView> deliveries,
        Map<String, Integer> summary) {

    /// The conversation of a message.
    public record Place(String id, String title, String kind) {}

    static HitView of(MessageView message, Optional<Place> place) {
        return new HitView(
                message.id(),
                place,
                message.direction(),
                message.kind(),
                message.author(),
                message.text(),
                message.createdAt(),
                message.sendAt(),
                message.expiresAt(),
                message.routing(),
                message.deliveries(),
                message.summary());
    }
}
