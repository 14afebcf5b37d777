package dev.parley.contact;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// How names are compared in a search: without case, accents and the spaces between.
final class Names {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\s]+");

    /// Some characters are many when decomposed (U+FDFA is eighteen); what is beyond is not searched.
    private static final int FOLDED_MAX = 400;

    private Names() {}

    /// `Ångström  Søren` becomes `angstrom soren`. Letters that Unicode does not decompose and people do not type on
    /// foreign keyboards are written as their nearest ASCII.
    static String fold(String name) {
        var bare = MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT)
                .replace("ß", "ss")
                .replace("æ", "ae")
                .replace("œ", "oe")
                .replace("ø", "o")
                .replace("đ", "d")
                .replace("ð", "d")
                .replace("þ", "th")
                .replace("ł", "l")
                .replace("ı", "i");
        var folded = BLANKS.matcher(bare).replaceAll(" ").strip();
        return folded.substring(
                0, folded.offsetByCodePoints(0, Math.min(FOLDED_MAX, folded.codePointCount(0, folded.length()))));
    }
}
