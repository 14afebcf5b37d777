package dev.parley.at;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Cuts lines into names and fields (TS 27.007 §4.2), forgiving what modems get wrong about blanks and quotes.
final class Lines {
    private Lines() {}

    /// Names are `+CMGS`, `^RSSI`, `*PSUTTZ`: a sign, then capitals, digits and a few marks; `I` of `ATI` has no sign.
    static boolean isNameCharacter(char c, boolean first) {
        return first
                ? (c >= 'A' && c <= 'Z') || "+^*#$%&@!_".indexOf(c) >= 0
                : (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+';
    }

    /// The name before the colon of `+NAME: …` or `^NAME:…`, or an empty text. A bare word before a colon is no name:
    /// `Manufacturer: …` answers `ATI`.
    static String nameOf(String line) {
        if (line.isEmpty() || "+^*#$%&@!_".indexOf(line.charAt(0)) < 0) {
            return "";
        }
        var end = 1;
        while (end < line.length() && isNameCharacter(line.charAt(end), false)) {
            end++;
        }
        return end > 1 && end < line.length() && line.charAt(end) == ':' ? line.substring(0, end) : "";
    }

    /// What follows the name and its colon.
    static String valueOf(String line) {
        var name = nameOf(line);
        return name.isEmpty() ? line : line.substring(name.length() + 1).strip();
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
        var closed = new StringBuilder();
        var open = false;
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c == '(' && open) {
                var comma = closed.lastIndexOf(",");
                if (comma == closed.length() - 1 || closed.substring(comma + 1).isBlank()) {
                    closed.insert(comma, ')');
                }
            }
            open = c == '(' || (open && c != ')');
            closed.append(c);
        }
        return closed.toString();
    }

    static String field(List<String> fields, int index) {
        return index < fields.size() ? fields.get(index) : "";
    }

    /// A number in 0..99999, or empty: `-1`, `(0-1)`, words and digits without end are all no number.
    static OptionalInt number(String text) {
        var digits = text.strip();
        if (digits.isEmpty() || digits.length() > 5) {
            return OptionalInt.empty();
        }
        var value = 0;
        for (var i = 0; i < digits.length(); i++) {
            var c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalInt.empty();
            }
            value = value * 10 + (c - '0');
        }
        return OptionalInt.of(value);
    }

    /// With the letters of ASCII as capitals, and as many characters as before: an `ß` that a serial
    /// line has made must not become two.
    static String upper(String text) {
        var upper = new StringBuilder(text);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c >= 'a' && c <= 'z') {
                upper.setCharAt(i, (char) (c - 'a' + 'A'));
            }
        }
        return upper.toString();
    }

    /// True for an even number of hexadecimal digits, at least two.
    static boolean isHex(String text) {
        if (text.length() < 2 || text.length() % 2 != 0) {
            return false;
        }
        for (var i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    private static String unquoted(String field) {
        var text = field.strip();
        if (text.startsWith("\"")) {
            text = text.substring(1);
        }
        return text.endsWith("\"") ? text.substring(0, text.length() - 1) : text;
    }
}
