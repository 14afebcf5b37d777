package dev.parley.reply;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// What is left of a text for the reader who looks for words: letters as people say them, whatever their keyboard
/// made of them.
final class Letters {

    /// Characters that show nothing: the Default_Ignorable_Code_Point of Unicode (UAX #44), among them variation
    /// selectors, joiners, soft hyphens and directional marks; and the keycap that surrounds a digit.
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{Cf}\\uFE00-\\uFE0F\\x{E0100}-\\x{E01EF}\\u034F\\u115F\\u1160"
                    + "\\u17B4\\u17B5\\u180B-\\u180F\\u3164\\uFFA0\\u20E3]+");

    /// Marks of the Latin, Greek and Cyrillic scripts. Those of other scripts are letters of their own.
    private static final Pattern ACCENTS =
            Pattern.compile("[\\u0300-\\u036F\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u20D0-\\u20DC]+");

    private static final Pattern APOSTROPHES = Pattern.compile("['’‘`´ʼ]");

    private static final Pattern NO_LETTER_OR_DIGIT = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private Letters() {}

    /// The text without what cannot be seen.
    static String visible(String text) {
        return INVISIBLE.matcher(text).replaceAll("");
    }

    /// Lower case, without compatibility forms (full-width, mathematical letters), accents and what cannot be
    /// seen: `Ｓᴛｏ́P` aside, `STÖP`, `stop` and `ＳＴＯＰ` are the same, and so are `İ`, `ı` and `i`.
    static String plain(String text) {
        var lower = Normalizer.normalize(visible(text), Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        var bare = ACCENTS.matcher(lower).replaceAll("").replace('ı', 'i');
        return Normalizer.normalize(bare, Normalizer.Form.NFC);
    }

    /// The words of a text in plain letters, with one blank between them.
    static String words(String text) {
        return NO_LETTER_OR_DIGIT
                .matcher(APOSTROPHES.matcher(plain(text)).replaceAll(""))
                .replaceAll(" ")
                .strip();
    }
}
