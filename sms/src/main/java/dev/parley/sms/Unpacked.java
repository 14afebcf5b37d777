package dev.parley.sms;

import java.nio.charset.StandardCharsets;

/// User data as SMPP carries it: the header in octets as in a TPDU, and behind it one septet an octet, or UCS-2. No
/// bits are packed, so there is no filling either.
public final class Unpacked {
    private Unpacked() {}

    /// Whether the segment needs a user data header: for its place among the parts, or for its shift tables.
    public static boolean headed(Segment segment) {
        return Headers.octets(segment) > 0;
    }

    /// The header, where one is needed, and the text.
    public static byte[] octets(Segment segment) {
        var text = switch (segment.alphabet()) {
            case GSM7 -> septets(segment.text(), segment.locking(), segment.single());
            case UCS2 -> segment.text().getBytes(StandardCharsets.UTF_16BE);
            case DATA8 -> segment.text().getBytes(StandardCharsets.ISO_8859_1);
        };
        int header = Headers.octets(segment);
        var octets = new byte[header + text.length];
        Headers.write(segment, octets);
        System.arraycopy(text, 0, octets, header, text.length);
        return octets;
    }

    /// Whether the default alphabet with its extension has every character of the text.
    public static boolean fits(String text) {
        return Gsm7.DEFAULT.septets(text) >= 0;
    }

    /// A text as septets, one an octet.
    ///
    /// @throws IllegalArgumentException if the alphabet lacks one of the characters
    public static byte[] septets(String text, NationalLanguage locking, NationalLanguage single) {
        var alphabet = Gsm7.of(locking, single);
        int septets = alphabet.septets(text);
        if (septets < 0) {
            throw new IllegalArgumentException("the text does not fit the alphabet");
        }
        var packed = new byte[(septets * 7 + 7) / 8];
        alphabet.pack(text, packed, 0, 0);
        return Gsm7.unpack(packed, 0, septets);
    }

    /// All septets that packed octets hold (3GPP TS 23.038 §6.1.2.1), one an octet.
    public static byte[] ofPacked(byte[] octets) {
        return Gsm7.unpack(octets, 0, octets.length * 8 / 7);
    }

    /// The text that septets without a header say.
    ///
    /// @param septets one an octet; the upper bit is ignored
    public static String text(byte[] septets, NationalLanguage locking, NationalLanguage single) {
        return Gsm7.of(locking, single).text(masked(septets));
    }

    /// The same of one of several parts, for [Reassembly#mended].
    public static String piece(byte[] septets, NationalLanguage locking, NationalLanguage single) {
        return Gsm7.of(locking, single).piece(masked(septets));
    }

    private static byte[] masked(byte[] septets) {
        var masked = septets.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] &= 0x7F;
        }
        return masked;
    }
}
