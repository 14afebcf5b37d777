package dev.parley.link;

/// Phone numbers as networks write them: with the country code, with zeros or a plus in front of it, or without it, as
/// they are dialled within the country (3GPP TS 23.040 §9.2.3.14). No numbering plan is asked: digits alone tell which
/// numbers may be meant.
public final class NumberSpelling {

    /// Fewer digits are a short code, and no end of a number.
    private static final int TAIL_DIGITS = 6;

    private NumberSpelling() {}

    /// The last digits of a number in any spelling, without the zeros that a national form puts in
    /// front. Empty for something without digits.
    public static String tail(String number) {
        var digits = digits(number);
        return digits.substring(Math.max(0, digits.length() - TAIL_DIGITS));
    }

    /// Whether two spellings may be of one number: the shorter must be the end of the longer, and a short code is not
    /// the end of a number.
    public static boolean mayBeOne(String one, String other) {
        var a = digits(one);
        var b = digits(other);
        return a.length() < b.length() ? isEnd(a, b) : isEnd(b, a);
    }

    private static boolean isEnd(String shorter, String longer) {
        return shorter.equals(longer) || (shorter.length() >= TAIL_DIGITS && longer.endsWith(shorter));
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
