package dev.parley.sms;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands in the GSM 7-bit alphabet for a character that does not: a pair of quotes for a curly
/// one, a hyphen for a dash, the Latin letter for a Greek or Cyrillic one of the same shape. Accents are
/// not taken off: `í` is no `i`.
final class LookAlikes {

    private static final Map<Character, String> LIKES = likes();

    private LookAlikes() {}

    /// What stands for it, null if nothing does.
    static @Nullable String of(char c) {
        if (c > 0xFF00 && c < 0xFF5F) {
            return String.valueOf((char) (c - 0xFF00 + 0x20)); // full-width forms of ASCII
        }
        return LIKES.get(c);
    }

    private static Map<Character, String> likes() {
        var likes = new HashMap<Character, String>();
        each(likes, "\u201C\u201D\u201E\u201F\u00AB\u00BB\u2033\u301D\u301E\u02BA", "\"");
        each(likes, "\u2018\u2019\u201A\u201B\u2032\u02B9\u02BC\u02BB\u00B4`\u2035\u02C8", "'");
        each(likes, "\u2039", "<");
        each(likes, "\u203A", ">");
        each(likes, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\uFE58\uFE63", "-");
        each(likes, "\u2026", "...");
        each(likes, "\u2025", "..");
        each(likes, "\u2024", ".");
        each(likes, "\u2022\u2219\u2217", "*");
        each(likes, "\u2044\u2215", "/");
        each(likes, "\u2236", ":");
        each(likes, "\u00A6", "|");
        each(likes, "\u02C6", "^");
        each(likes, "\u02DC\u223C", "~");
        each(likes, "\u00D7", "x");
        each(
                likes,
                "\t\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000",
                " ");
        each(likes, "\u2028\u2029\u0085\u000B", "\n");
        each(likes, "\u200B\u2060\uFEFF\u00AD", ""); // nobody sees them
        each(likes, "\uFB00", "ff");
        each(likes, "\uFB01", "fi");
        each(likes, "\uFB02", "fl");
        each(likes, "\u00BD", "1/2");
        each(likes, "\u00BC", "1/4");
        each(likes, "\u00BE", "3/4");
        pairs(likes, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"); // Greek capitals
        pairs(likes, "\u2206\u2126\u220F\u2211", "ΔΩΠΣ"); // mathematical signs that look like Greek capitals
        pairs(likes, "АВЕКМНОРСТХЅІЈ", "ABEKMHOPCTXSIJ"); // Cyrillic capitals
        pairs(likes, "аеорсухѕіј", "aeopcyxsij"); // Cyrillic small letters
        return Map.copyOf(likes);
    }

    private static void each(Map<Character, String> likes, String from, String to) {
        for (int i = 0; i < from.length(); i++) {
            likes.put(from.charAt(i), to);
        }
    }

    private static void pairs(Map<Character, String> likes, String from, String to) {
        for (int i = 0; i < from.length(); i++) {
            likes.put(from.charAt(i), String.valueOf(to.charAt(i)));
        }
    }
}
