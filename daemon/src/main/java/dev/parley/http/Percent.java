package dev.parley.http;

import dev.parley.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Percent-encoding (RFC 3986 §2.1) and UTF-8, both strict: what is not well-formed is refused,
/// never replaced.
final class Percent {
    private Percent() {}

    /// The text that was encoded.
    ///
    /// @param plusIsBlank as in a query that a form made (WHATWG URL §5.1)
    /// @return empty for `%` without two hexadecimal digits, or octets that are no UTF-8
    static Optional<String> decoded(String text, boolean plusIsBlank) {
        if (text.indexOf('%') < 0 && !(plusIsBlank && text.indexOf('+') >= 0)) {
            return Optional.of(text);
        }
        var octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < text.length();
                int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                octets.write((high << 4) | low);
                i += 2;
            } else {
                octets.write(c == '+' && plusIsBlank ? ' ' : c);
            }
        }
        return utf8(octets.toByteArray());
    }

    static Optional<String> utf8(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    static Problem notUtf8(String where) {
        return Problems.badField(where, "bad-utf-8", "The " + where + " is not well-formed UTF-8.");
    }
}
