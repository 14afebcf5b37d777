package dev.parley.queue;

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

    /// Digits of a number by which its reports are found.
    private static final int TAIL_DIGITS = 6;

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

    String tail() {
        return tail(recipient);
    }

    /// The last digits of a number in any spelling, without the zeros that a national form puts in
    /// front. Empty for something without digits.
    static String tail(String number) {
        var digits = digits(number);
        return digits.substring(Math.max(0, digits.length() - TAIL_DIGITS));
    }

    /// Whether two spellings may be of one number: a network writes recipients in national form too
    /// (3GPP TS 23.040 §9.2.3.14), so the shorter must be the end of the longer, and a short code is
    /// not the end of a number.
    static boolean sameNumber(String one, String other) {
        var a = digits(one);
        var b = digits(other);
        if (a.length() < b.length()) {
            var longer = b;
            b = a;
            a = longer;
        }
        return a.equals(b) || (b.length() >= TAIL_DIGITS && a.endsWith(b));
    }

    private static String digits(String number) {
        var digits = new StringBuilder();
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c >= '0' && c <= '9' && !(c == '0' && digits.isEmpty())) {
                digits.append(c);
            }
        }
        return digits.toString();
    }
}
