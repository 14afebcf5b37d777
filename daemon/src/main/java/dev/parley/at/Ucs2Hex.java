package dev.parley.at;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Strings in the character set `UCS2` of `+CSCS` (TS 27.007 §5.5): four hexadecimal digits a unit.
final class Ucs2Hex {
    /// The scripts of the languages that networks write in, up to Thai and Georgian; above it are signs
    /// and ideographs, which telephone numbers would give.
    private static final int UNIT_MAX = 0x3000;

    /// Figures, signs, accents, and the Latin of names and currencies stand beside every script.
    private static final Set<Character.UnicodeScript> BESIDE_ANY =
            Set.of(Character.UnicodeScript.COMMON, Character.UnicodeScript.INHERITED, Character.UnicodeScript.LATIN);

    private static final Set<Character.UnicodeScript> IN_JAPANESE =
            Set.of(Character.UnicodeScript.HAN, Character.UnicodeScript.HIRAGANA, Character.UnicodeScript.KATAKANA);

    private Ucs2Hex() {}

    /// The text behind the digits, or `text` itself if it is not such a string. A telephone number of
    /// eight, twelve or more digits could be taken for one, so that only what gives printable characters
    /// is.
    static String readable(String text) {
        return decoded(text)
                .filter(decoded -> text.startsWith("0") && decoded.chars().allMatch(Ucs2Hex::isShown))
                .orElse(text);
    }

    /// The text behind digits that give nothing but letters of one script, figures and signs: as good as
    /// a proof, since of packed septets, or of octets that are no UCS-2, hardly two units in a row are
    /// letters of one script. Empty where it is none, and for decimal digits alone, which are a number.
    static Optional<String> ofOneScript(String text) {
        return decoded(text)
                .filter(decoded -> text.length() >= 8 && !text.matches("[0-9]*"))
                .filter(decoded -> decoded.codePoints().allMatch(Ucs2Hex::isWritten) && isOfOneScript(decoded));
    }

    private static boolean isOfOneScript(String text) {
        var scripts = text.codePoints().mapToObj(Character.UnicodeScript::of).collect(Collectors.toSet());
        scripts.removeAll(BESIDE_ANY);
        return scripts.size() == 1 || (scripts.size() > 1 && IN_JAPANESE.containsAll(scripts));
    }

    private static Optional<String> decoded(String text) {
        return text.length() % 4 == 0 && Lines.isHex(text)
                ? Optional.of(new String(HexFormat.of().parseHex(text), StandardCharsets.UTF_16BE))
                : Optional.empty();
    }

    private static boolean isWritten(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL -> point == '\n' || point == '\r';
            case Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static boolean isShown(int unit) {
        return (unit >= 0x20 && unit < UNIT_MAX && Character.isDefined(unit) && !Character.isISOControl(unit))
                || unit == '\n'
                || unit == '\r';
    }
}
