package dev.parley.http;

import io.netty.handler.codec.http.QueryStringDecoder;
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
        try {
            var octets = QueryStringDecoder.decodeComponent(
                    plusIsBlank ? text : text.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
            return utf8(octets.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
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
}
