package dev.parley.queue;

import dev.parley.link.NumberSpelling;
import dev.parley.sms.Segment;
import java.time.Instant;

/// A part as the hand-over needs to know it.
///
/// @param seq its place among the parts of its delivery, from 1
/// @param attempts hand-overs ever, as of the claim
/// @param tries hand-overs since it was put here, or put back by hand, as of the claim
record Part(
        long id,
        long deliveryId,
        int seq,
        int total,
        long lineId,
        long lane,
        String recipient,
        Segment segment,
        Instant expiresAt,
        int attempts,
        int tries,
        int unanswered)
        implements PartKey {

    /// By which its reports are found.
    String tail() {
        return NumberSpelling.tail(recipient);
    }
}
