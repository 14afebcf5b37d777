package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// How an inbound text came: see [InboundText].
public record Arrival(String sender, Optional<Instant> scts, Instant arrivedAt, String link) {
    static Arrival of(InboundText text) {
        return new Arrival(text.sender(), text.scts(), text.arrivedAt(), text.link());
    }
}
