package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// A whole text that somebody sent to a line, reassembled.
///
/// @param sender E.164 with `+` where it is such a number, a short code's digits, or a name
/// @param scts when the SMSC got it, by the SMSC's clock (its last part's); empty over SMPP
/// @param arrivedAt when the first of its parts was read from the link, by our clock
/// @param link the link it came by
public record InboundText(
        long lineId, String sender, String text, Optional<Instant> scts, Instant arrivedAt, String link) {

    /// The same, as it can be kept.
    public InboundText with(String sender, String text) {
        return new InboundText(lineId, sender, text, scts, arrivedAt, link);
    }
}
