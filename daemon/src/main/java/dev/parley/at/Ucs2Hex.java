package dev.parley.at;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Strings in the character set `UCS2` of `+CSCS` (TS 27.007 §5.5): four hexadecimal digits a unit.
final class Ucs2Hex {
    /// The scripts of the languages that networks write in, up to Thai and Georgian; above it are signs
    /// and ideographs, which telephone numbers would give.
    private static final int UNIT_MAX = 0x3000;

    private Ucs2Hex() {}

    /// The text behind the digits, or `text` itself if it is not such a string. A telephone number of eight, twelve or
    /// more digits could be taken for one, so that only what gives printable characters is.
    static String readable(String text) {
        if (text.length() < 4 || text.length() % 4 != 0 || !Lines.isHex(text)) {
            return text;
        }
        var decoded = new String(HexFormat.of().parseHex(text), StandardCharsets.UTF_16BE);
        return decoded.chars().allMatch(Ucs2Hex::isShown) && text.startsWith("0") ? decoded : text;
    }

    private static boolean isShown(int unit) {
        return (unit >= 0x20 && unit < UNIT_MAX && Character.isDefined(unit) && !Character.isISOControl(unit))
                || unit == '\n'
                || unit == '\r';
    }
}
