package dev.parley.at;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Cuts lines into names and fields (TS 27.007 §4.2), forgiving what modems get wrong about blanks and quotes.
final class Lines {
    private Lines() {}

    /// A name is `+CMGS`, `^RSSI`, `*PSUTTZ`: a sign, then capitals, digits and a few marks. A bare word before a colon
    /// is none: `Manufacturer: …` answers `ATI`.
    private static final Pattern NAMED = Pattern.compile("([+^*#$%&@!_][A-Z0-9_+]+):(.*)", Pattern.DOTALL);

    private static final Pattern SMALL = Pattern.compile("[a-z]+");

    /// The name before the colon of `+NAME: …` or `^NAME:…`, or an empty text.
    static String nameOf(String line) {
        var named = NAMED.matcher(line);
        return named.matches() ? named.group(1) : "";
    }

    /// What follows the name and its colon.
    static String valueOf(String line) {
        var named = NAMED.matcher(line);
        return named.matches() ? named.group(2).strip() : line;
    }

    /// Fields between commas outside of quotes and brackets, unquoted and stripped. An unclosed quote ends with the
    /// line.
    static List<String> fields(String value) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        var quoted = false;
        var depth = 0;
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth = Math.max(0, depth - 1);
            }
            if (c == ',' && !quoted && depth == 0) {
                fields.add(unquoted(field.toString()));
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(unquoted(field.toString()));
        return fields;
    }

    /// With the brackets closed that a modem forgot to: a list does not begin inside of another
    /// (`(0,2,3,(0-2)`).
    static String withBracketsClosed(String value) {
        return value.replaceAll("(\\([^()]*),(?=\\s*\\()", "$1),");
    }

    static String field(List<String> fields, int index) {
        return index < fields.size() ? fields.get(index) : "";
    }

    /// A number in 0..99999, or empty: `-1`, `(0-1)`, words and digits without end are all no number.
    static Optional<Integer> number(String text) {
        return Optional.of(text.strip())
                .filter(digits -> digits.matches("[0-9]{1,5}"))
                .map(Integer::valueOf);
    }

    /// With the letters of ASCII as capitals, and as many characters as before: an `ß` that a serial
    /// line has made must not become two.
    static String upper(String text) {
        return SMALL.matcher(text).replaceAll(small -> small.group().toUpperCase(Locale.ROOT));
    }

    /// True for an even number of hexadecimal digits, at least two.
    static boolean isHex(String text) {
        return text.length() >= 2 && text.length() % 2 == 0 && text.chars().allMatch(HexFormat::isHexDigit);
    }

    private static String unquoted(String field) {
        return field.strip().replaceAll("^\"|\"\\z", "");
    }
}
