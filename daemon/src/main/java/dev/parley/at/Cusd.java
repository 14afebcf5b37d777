package dev.parley.at;

import dev.parley.sms.Alphabet;
import dev.parley.sms.CbsDcs;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// An answer of the network to a USSD code (`+CUSD`, TS 27.007 §7.15).
///
/// @param status 0 done, 1 the network waits for an answer, 2 ended by the network, 4 not supported, 5
/// time-out
/// @param text as the modem gives it; may be hexadecimal
/// @param dcs its data coding scheme (TS 23.038 §5)
public record Cusd(Optional<Integer> status, String text, Optional<Integer> dcs) {

    /// Shorter ones are not taken for packed septets: `FACE` and `2500` are words and sums too.
    private static final int PACKED_DIGITS_MIN = 10;

    /// The same for a modem that packs: two characters.
    private static final int PACKED_DIGITS_MIN_OF_PACKER = 4;

    /// A text of decimal digits alone is a number as it stands, up to this length: of so many pairs of
    /// digits one is hardly ever no character.
    private static final int NUMBER_DIGITS_MAX = 15;

    /// What stands after `+CUSD:`. The text may hold quotes of its own: the last one closes it.
    public static Cusd of(String value) {
        int open = value.indexOf('"');
        int close = value.lastIndexOf('"');
        if (open >= 0 && close > open) {
            var behind = value.substring(close + 1).strip();
            return new Cusd(
                    Lines.number(Lines.fields(value.substring(0, open)).getFirst()),
                    value.substring(open + 1, close),
                    behind.startsWith(",") ? Lines.number(behind.substring(1)) : Optional.empty());
        }
        var fields = Lines.fields(value);
        return new Cusd(Lines.number(fields.getFirst()), Lines.field(fields, 1), Lines.number(Lines.field(fields, 2)));
    }

    /// For a person. Modems give the text as it is, or in hexadecimal of UCS-2, of one octet a
    /// character or of packed septets, and `dcs` tells of what the network sent, not of what the modem
    /// made of it. So each is tried that can be, and the first that gives what people write is it; what
    /// is none of them stays as it came.
    ///
    /// @param packs whether the modem is known to give packed septets
    public String readable(boolean packs) {
        if (!Lines.isHex(text)) {
            return text;
        }
        var octets = HexFormat.of().parseHex(text);
        // The octet as it came; a number that is none is as good as no number.
        var scheme = dcs.filter(octet -> octet <= 255).map(CbsDcs::new).orElse(CbsDcs.UNSPECIFIED);
        if (octets.length % 2 == 0 && scheme.alphabet() == Alphabet.UCS2) {
            return scheme.text(octets);
        }
        var ucs2 = Ucs2Hex.readable(text);
        if (!ucs2.equals(text)) {
            return ucs2;
        }
        if (text.length() <= NUMBER_DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text;
        }
        var script = Ucs2Hex.ofOneScript(text);
        if (script.isPresent()) {
            return script.get();
        }
        var latin = new String(octets, StandardCharsets.ISO_8859_1);
        if (octets.length > 1 && latin.chars().allMatch(Cusd::isAscii)) {
            return latin;
        }
        if (scheme.alphabet() == Alphabet.GSM7
                && text.length() >= (packs ? PACKED_DIGITS_MIN_OF_PACKER : PACKED_DIGITS_MIN)) {
            var unpacked = scheme.text(octets);
            if (isWritten(unpacked)) {
                return unpacked;
            }
        }
        return text;
    }

    private static boolean isAscii(int c) {
        return (c >= 0x20 && c <= 0x7E) || c == '\n' || c == '\r';
    }

    /// Letters of any language and signs, mostly those of ASCII; what is no text gives control
    /// characters, and one Greek capital beside the other.
    private static boolean isWritten(String text) {
        var ascii = text.chars().filter(Cusd::isAscii).count();
        return !text.isEmpty()
                && text.chars().noneMatch(c -> Character.isISOControl(c) && !isAscii(c))
                && ascii * 3 >= text.length() * 2L;
    }
}
