package dev.parley.queue;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Function;

/// How SMSCs spell one `message_id` in two places: the answer to `submit_sm` and the receipt differ in
/// case, in leading zeros, and in base (hexadecimal here, decimal there).
final class References {
    private References() {}

    /// From the surest to the boldest. "100" may be 100 or 256: which is why an inexact fit counts
    /// only if it is the only
    /// one.
    private static final List<BiPredicate<String, String>> INEXACT = List.of(
            String::equalsIgnoreCase,
            (one, other) -> isHex(one) && isHex(other) && trimmed(one).equals(trimmed(other)),
            (one, other) -> isHex(one) && isHex(other) && (hexIsDecimal(one, other) || hexIsDecimal(other, one)));

    /// The candidates that fit `reference` at the first of the steps at which any does.
    static <T> List<T> fitting(String reference, List<T> candidates, Function<T, String> referenceOf) {
        for (var step : INEXACT) {
            var fits = candidates.stream()
                    .filter(candidate -> step.test(reference, referenceOf.apply(candidate)))
                    .toList();
            if (!fits.isEmpty()) {
                return fits;
            }
        }
        return List.of();
    }

    private static boolean isHex(String id) {
        return !id.isEmpty() && id.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
    }

    private static String trimmed(String id) {
        var lower = id.toLowerCase(Locale.ROOT);
        int zeros = 0;
        while (zeros < lower.length() - 1 && lower.charAt(zeros) == '0') {
            zeros++;
        }
        return lower.substring(zeros);
    }

    private static boolean hexIsDecimal(String hex, String decimal) {
        return decimal.chars().allMatch(c -> c >= '0' && c <= '9')
                && new BigInteger(hex, 16).equals(new BigInteger(decimal));
    }
}
