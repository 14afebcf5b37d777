package dev.parley.sms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The data coding scheme of cell broadcasts and of USSD (3GPP TS 23.038 §5), which is not TP-DCS: the
/// same octet means something else there.
///
/// @param octet 0 to 255, kept as it came
public record CbsDcs(int octet) {

    /// The default alphabet, language unspecified: what a USSD code is sent with.
    public static final CbsDcs UNSPECIFIED = new CbsDcs(0x0F);

    private static final int LANGUAGE_FIRST = 0x10;
    private static final int UCS2_LANGUAGE_FIRST = 0x11;

    /// Two letters and a carriage return in front of a text in the default alphabet (§5, 0001 0000).
    private static final int LANGUAGE_SEPTETS = 3;

    /// The same two letters in two octets in front of one in UCS-2 (§5, 0001 0001).
    private static final int LANGUAGE_OCTETS = 2;

    private static final int SEPTETS_IN_GROUP = 8;

    public CbsDcs {
        if (octet < 0 || octet > 255) {
            throw new IllegalArgumentException("CBS data coding scheme " + octet + " (0 to 255)");
        }
    }

    /// How the octets are to be read. What is reserved is read as the default alphabet, as §5 says.
    public Alphabet alphabet() {
        return switch (octet >> 4) {
            case 0x1 -> octet == UCS2_LANGUAGE_FIRST ? Alphabet.UCS2 : Alphabet.GSM7;
            case 0x4, 0x5, 0x6, 0x7, 0x9 ->
                switch (octet & 0b1100) {
                    case 0b0100 -> Alphabet.DATA8;
                    case 0b1000 -> Alphabet.UCS2;
                    default -> Alphabet.GSM7;
                };
            case 0xF -> (octet & 0b0100) == 0 ? Alphabet.GSM7 : Alphabet.DATA8;
            default -> Alphabet.GSM7;
        };
    }

    /// The text behind the octets, without the language in front of it and without the carriage returns
    /// that fill the last octet or the page behind it (§6.1.2.2, §6.1.2.3). 8-bit data is read as
    /// Latin-1.
    public String text(byte[] octets) {
        return switch (alphabet()) {
            case GSM7 -> {
                var septets = Unpacked.ofPacked(octets);
                int from = octet == LANGUAGE_FIRST ? Math.min(LANGUAGE_SEPTETS, septets.length) : 0;
                yield withoutFill(Gsm7.DEFAULT.text(Arrays.copyOfRange(septets, from, septets.length)));
            }
            case UCS2 -> {
                int from = octet == UCS2_LANGUAGE_FIRST && beginsWithLanguage(octets) ? LANGUAGE_OCTETS : 0;
                yield withoutFill(UserData.wellFormed(
                        new String(octets, from, (octets.length - from) / 2 * 2, StandardCharsets.UTF_16BE)));
            }
            case DATA8 -> new String(octets, StandardCharsets.ISO_8859_1);
        };
    }

    /// Not every network that says so puts it there, and some modems take it away.
    private static boolean beginsWithLanguage(byte[] octets) {
        if (octets.length < LANGUAGE_OCTETS) {
            return false;
        }
        var letters = Gsm7.unpack(octets, 0, 2);
        return letters[0] >= 'a' && letters[0] <= 'z' && letters[1] >= 'a' && letters[1] <= 'z';
    }

    private static String withoutFill(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\r') {
            end--;
        }
        return text.substring(0, end);
    }

    /// A USSD string in the default alphabet, packed. Seven bits that stay free are a carriage return,
    /// as zeros would be an `@` (§6.1.2.3.1).
    ///
    /// @throws IllegalArgumentException if the alphabet lacks one of its characters
    public static byte[] packed(String text) {
        int septets = Gsm7.DEFAULT.septets(text);
        if (septets < 0) {
            throw new IllegalArgumentException("not in the GSM 7-bit alphabet: " + text);
        }
        var filled = septets % SEPTETS_IN_GROUP == SEPTETS_IN_GROUP - 1 ? text + '\r' : text;
        var octets = new byte[(septets * 7 + 7) / 8];
        Gsm7.DEFAULT.pack(filled, octets, 0, 0);
        return octets;
    }
}
