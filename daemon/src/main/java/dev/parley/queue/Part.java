package dev.parley.queue;

import dev.parley.link.NumberSpelling;
import dev.parley.sms.Segment;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A part as the hand-over needs to know it.
///
/// @param seq its place among the parts of its delivery, from 1
/// @param attempts hand-overs ever, as of the claim
/// @param tries hand-overs since it was put here, or put back by hand, as of the claim
/// @param earlierLink the link that the part before it in its delivery was handed to last; empty for
/// the first
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
        int unanswered,
        Optional<String> earlierLink)
        implements PartKey {

    /// The same, where the part before it in its delivery went by this link.
    Part behind(@Nullable String link) {
        return new Part(
                id,
                deliveryId,
                seq,
                total,
                lineId,
                lane,
                recipient,
                segment,
                expiresAt,
                attempts,
                tries,
                unanswered,
                Optional.ofNullable(link));
    }

    /// By which its reports are found.
    String tail() {
        return NumberSpelling.tail(recipient);
    }
}
