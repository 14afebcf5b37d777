package dev.parley.smpp;

import dev.parley.link.ReferenceSpelling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Whether the `message_id` of a receipt is that of a `submit_sm_resp`, which SMSCs like to write
/// differently: in the other base, with or without leading zeros, in the other case. Ids are
/// texts: they go beyond 2^64 and hold UUIDs.
///
/// The ways are tried in the order of [Way], the configured or learned one right after the exact
/// one; no way is ever excluded. A way other than exact can err (`100` is 256 in hexadecimal), so
/// whoever asks offers only the unsettled parts of the receipt's link with the receipt's
/// recipient, and it counts only where exactly one fits.
public final class MessageIds {
    private MessageIds() {}

    /// How two ids are the same, surest first.
    public enum Way {
        /// Octet for octet.
        EXACT,
        /// `1101C1-C9D03D` and `1101c1-c9d03d`.
        OTHER_CASE,
        /// `00B8BE19` and `B8BE19`, of hexadecimal digits only.
        LEADING_ZEROS,
        /// `39f99dd5` in the response and `0972660181` in the receipt.
        HEX_IN_RESPONSE,
        /// The reverse.
        HEX_IN_RECEIPT,
        /// A UUID with its hyphens in one and without them in the other: seen in
        /// `receipted_message_id`.
        UUID_WITHOUT_HYPHENS
    }

    /// What the settings say of an SMSC's ids. It gives what is learned of one from then on.
    public enum Form implements Supplier<ReferenceSpelling> {
        AS_WRITTEN(Way.EXACT),
        HEX_IN_RESPONSE(Way.HEX_IN_RESPONSE),
        HEX_IN_RECEIPT(Way.HEX_IN_RECEIPT);

        private final Way way;

        Form(Way way) {
            this.way = way;
        }

        @Override
        public ReferenceSpelling get() {
            return new LearnedSpelling(way);
        }
    }

    /// What [#among] found.
    public sealed interface Found<T> {
        record One<T>(T part, Way way) implements Found<T> {}

        record None<T>() implements Found<T> {}

        /// More than one part fits in the first way in which any fits: settling one would be a
        /// guess.
        record Several<T>(Way way) implements Found<T> {}
    }

    /// Longer ids are compared octet for octet only; numbers of any length would be slow to
    /// convert.
    private static final int NUMBER_CHARACTERS_MAX = 128;

    private static final int UUID_DIGITS = 32;

    /// The part that a receipt means.
    ///
    /// @param parts the unsettled parts of one link with one recipient
    /// @param idOf what `submit_sm_resp` called the part; an empty text where it gave no id
    /// @param preferred the way that the settings name or that matched before; tried right after
    /// the exact one
    public static <T> Found<T> among(
            Collection<T> parts, Function<? super T, String> idOf, String receiptId, Way preferred) {
        for (var way : order(preferred)) {
            var fitting = new ArrayList<T>();
            for (var part : parts) {
                if (same(idOf.apply(part), receiptId, way)) {
                    fitting.add(part);
                }
            }
            if (fitting.size() == 1) {
                return new Found.One<>(fitting.getFirst(), way);
            }
            if (fitting.size() > 1) {
                return new Found.Several<>(way);
            }
        }
        return new Found.None<>();
    }

    /// The surest way in which the two are the same; empty if they are not.
    public static Optional<Way> compare(String responseId, String receiptId) {
        return EnumSet.allOf(Way.class).stream()
                .filter(way -> same(responseId, receiptId, way))
                .findFirst();
    }

    static List<Way> order(Way preferred) {
        var order = new ArrayList<Way>(List.of(Way.values()));
        order.remove(preferred);
        order.add(preferred == Way.EXACT ? 0 : 1, preferred);
        return order;
    }

    /// An empty id is the same as nothing.
    public static boolean same(String responseId, String receiptId, Way way) {
        if (responseId.isEmpty() || receiptId.isEmpty()) {
            return false;
        }
        return switch (way) {
            case EXACT -> responseId.equals(receiptId);
            case OTHER_CASE -> responseId.equalsIgnoreCase(receiptId);
            case LEADING_ZEROS ->
                isHex(responseId)
                        && isHex(receiptId)
                        && withoutZeros(responseId).equals(withoutZeros(receiptId));
            case HEX_IN_RESPONSE ->
                isHex(responseId) && isDecimal(receiptId) && equalsHexDecimal(responseId, receiptId);
            case HEX_IN_RECEIPT -> isHex(receiptId) && isDecimal(responseId) && equalsHexDecimal(receiptId, responseId);
            case UUID_WITHOUT_HYPHENS -> {
                var response = responseId.replace("-", "");
                yield response.length() == UUID_DIGITS
                        && isHex(response)
                        && response.equalsIgnoreCase(receiptId.replace("-", ""));
            }
        };
    }

    private static boolean equalsHexDecimal(String hex, String decimal) {
        return new BigInteger(hex, 16).equals(new BigInteger(decimal, 10));
    }

    private static String withoutZeros(String hex) {
        int from = 0;
        while (from < hex.length() - 1 && hex.charAt(from) == '0') {
            from++;
        }
        return hex.substring(from).toLowerCase(Locale.ROOT);
    }

    private static boolean isHex(String id) {
        return id.length() <= NUMBER_CHARACTERS_MAX
                && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
    }

    private static boolean isDecimal(String id) {
        return id.length() <= NUMBER_CHARACTERS_MAX && id.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
