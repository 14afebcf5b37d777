package dev.parley.smpp;

import dev.parley.link.ReferenceSpelling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which part the `message_id` of a receipt means, which the SMSC of an account likes to write
/// otherwise than in its `submit_sm_resp`: in the other base, with or without leading zeros, in the
/// other case. Ids are texts: they go beyond 2^64 and hold UUIDs.
///
/// The ways are tried in the order of [Way], the one that the settings say or the latest receipt
/// showed right after the exact one; no way is ever excluded. A way other than exact can err (`100`
/// is 256 in hexadecimal), so whoever asks offers only the unsettled parts of the receipt's account
/// with the receipt's recipient, and it counts only where exactly one fits.
public final class MessageIds implements ReferenceSpelling {

    /// How two ids are the same, surest first.
    enum Way {
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
        /// A UUID with its hyphens in one and without them in the other: seen in `receipted_message_id`.
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
            return new MessageIds(way);
        }
    }

    /// Longer ids are compared octet for octet only; numbers of any length would be slow to convert.
    private static final int NUMBER_CHARACTERS_MAX = 128;

    private static final int UUID_DIGITS = 32;

    private volatile Way way;

    MessageIds(Way way) {
        this.way = way;
    }

    @Override
    public boolean isExact() {
        return way == Way.EXACT;
    }

    @Override
    public <T> Found<T> among(Collection<T> parts, Function<? super T, Optional<String>> referenceOf, String reported) {
        for (var tried : order(way)) {
            var fitting = new ArrayList<T>();
            for (var part : parts) {
                if (same(referenceOf.apply(part).orElse(""), reported, tried)) {
                    fitting.add(part);
                }
            }
            if (fitting.size() == 1) {
                way = tried;
                return new Found.One<>(fitting.getFirst());
            }
            if (fitting.size() > 1) {
                return new Found.Several<>();
            }
        }
        return new Found.None<>();
    }

    private static List<Way> order(Way preferred) {
        var order = new ArrayList<>(List.of(Way.values()));
        order.remove(preferred);
        order.add(preferred == Way.EXACT ? 0 : 1, preferred);
        return order;
    }

    /// An empty id is the same as nothing.
    static boolean same(String responseId, String receiptId, Way way) {
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
