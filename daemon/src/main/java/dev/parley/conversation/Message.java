package dev.parley.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What somebody said.
///
/// @param conversationId empty while it is unrouted
/// @param routing of an inbound one
/// @param arrival of an inbound one
/// @param cause the message that an automatic text or a system line answers
public record Message(
        long id,
        Optional<Long> conversationId,
        long lineId,
        Direction direction,
        MessageKind kind,
        Author author,
        String text,
        Instant createdAt,
        Optional<Instant> sendAt,
        Optional<Instant> expiresAt,
        Optional<Routing> routing,
        Optional<Arrival> arrival,
        Optional<Long> cause) {

    /// Ids of the conversations that an inbound one could have belonged to.
    public List<Long> candidates() {
        return routing.map(Routing::candidates).orElse(List.of());
    }

    public boolean isUnrouted() {
        return conversationId.isEmpty();
    }
}
