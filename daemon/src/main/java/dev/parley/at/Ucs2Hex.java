package dev.parley.at;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Strings in the character set `UCS2` of `+CSCS` (TS 27.007 §5.5): four hexadecimal digits a unit.
final class Ucs2Hex {
    private Ucs2Hex() {}

    /// The text behind the digits, or `text` itself if it is not such a string. A telephone number of eight, twelve or
    /// more digits could be taken for one, so that only what gives printable characters is.
    static String readable(String text) {
        if (text.length() < 4 || text.length() % 4 != 0 || !Lines.isHex(text)) {
            return text;
        }
        var decoded = new String(HexFormat.of().parseHex(text), StandardCharsets.UTF_16BE);
        return decoded.chars().allMatch(unit -> unit >= 0x20 && unit < 0x3000) && text.startsWith("0") ? decoded : text;
    }
}
