package dev.parley.sim.modem;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One command of a command line (ITU-T V.250 §5.2, §5.3, §5.4).
///
/// @param name upper case, with its `+`, `^`, `$`, `%`, `*` or `&`
/// @param value what stands behind `=`, or of a basic command the number behind its letter
record Command(String name, Form form, String value) {

    enum Form {
        EXECUTE,
        READ,
        TEST,
        SET
    }

    private static final String EXTENDED = "+^$%*#";
    private static final String NAME_ALSO = "!%-./:_";

    /// The commands of a line behind its `AT`.
    ///
    /// @return empty if it is none that can be read
    static Optional<List<Command>> read(String line) {
        var commands = new ArrayList<Command>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ' ' || c == ';') {
                at++;
            } else if (EXTENDED.indexOf(c) >= 0) {
                int end = end(line, at);
                commands.add(extended(line.substring(at, end).strip()));
                at = end;
            } else if (Character.isLetter(c) || c == '&') {
                int end = basicEnd(line, at);
                commands.add(basic(line.substring(at, end)));
                at = end;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(commands);
    }

    /// An extended command ends at a semicolon that is in no string.
    private static int end(String line, int from) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (c == ';' && !quoted) {
                return i;
            }
        }
        return line.length();
    }

    /// `E1`, `&F0`, `S0=1`, `S3?`; a dial string goes on to the end.
    private static int basicEnd(String line, int from) {
        int at = line.charAt(from) == '&' ? Math.min(from + 2, line.length()) : from + 1;
        char letter = Character.toUpperCase(line.charAt(from));
        if (letter == 'D') {
            return line.length();
        }
        while (at < line.length() && Character.isDigit(line.charAt(at))) {
            at++;
        }
        if (letter == 'S' && at < line.length() && line.charAt(at) == '?') {
            at++;
        } else if (letter == 'S' && at < line.length() && line.charAt(at) == '=') {
            at++;
            while (at < line.length() && Character.isDigit(line.charAt(at))) {
                at++;
            }
        }
        return at;
    }

    private static Command extended(String text) {
        int at = 1;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || NAME_ALSO.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        var name = text.substring(0, at).toUpperCase(Locale.ROOT);
        var rest = text.substring(at).strip();
        if (rest.equals("=?")) {
            return new Command(name, Form.TEST, "");
        }
        if (rest.equals("?")) {
            return new Command(name, Form.READ, "");
        }
        if (rest.startsWith("=")) {
            return new Command(name, Form.SET, rest.substring(1).strip());
        }
        return new Command(name, Form.EXECUTE, rest);
    }

    private static Command basic(String text) {
        int letters = text.charAt(0) == '&' ? Math.min(2, text.length()) : 1;
        var name = text.substring(0, letters).toUpperCase(Locale.ROOT);
        return new Command(name, Form.EXECUTE, text.substring(letters));
    }

    /// The values between commas; quotation marks around them are gone, and commas within them are no separators.
    List<String> values() {
        var values = new ArrayList<String>();
        var one = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                values.add(one.toString().strip());
                one.setLength(0);
            } else {
                one.append(c);
            }
        }
        values.add(one.toString().strip());
        return values;
    }

    /// The value at a place, counted from 0; empty if it was left out.
    Optional<String> text(int place) {
        var values = values();
        return place < values.size() && !values.get(place).isEmpty()
                ? Optional.of(values.get(place))
                : Optional.empty();
    }

    /// The number at a place, counted from 0.
    ///
    /// @return `or` if it was left out, -1 if it is no number
    int number(int place, int or) {
        return text(place)
                .map(text -> text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9')
                        ? Integer.parseInt(text)
                        : -1)
                .orElse(or);
    }
}
