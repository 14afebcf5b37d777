package dev.parley.smpp;

import dev.parley.sms.Unpacked;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The characters of a receipt's text, whatever its `data_coding` and `esm_class` claim: SMSCs
/// answer a UCS-2 message with `data_coding` 8 over ASCII, or with real UTF-16, append octets of
/// the message to ASCII, and announce the message's header with or without repeating it.
final class ReceiptOctets {
    private ReceiptOctets() {}

    /// How many characters are looked at to tell UTF-16.
    private static final int LOOKED_AT = 8;

    /// A longer header cannot be told from text: its length would be a printable character.
    private static final int HEADER_OCTETS_MAX = 0x20;

    static String text(MessagePdu pdu) {
        var octets = pdu.shortMessage();
        int header = UserDataHeader.of(pdu).octets();
        return text(header <= HEADER_OCTETS_MAX ? Arrays.copyOfRange(octets, header, octets.length) : octets);
    }

    static String text(byte[] octets) {
        return new String(octets, charset(octets));
    }

    /// The same octets as septets of the GSM alphabet, packed (3GPP TS 23.038 §6.1.2.1), in which the
    /// letters and digits of ASCII stand where they stand there.
    static String packed(byte[] octets) {
        return new String(Unpacked.ofPacked(octets), StandardCharsets.US_ASCII);
    }

    /// Field names are ASCII, so UTF-16 shows as zeros in every other place, or begins with a byte
    /// order mark.
    private static Charset charset(byte[] octets) {
        if (octets.length >= 2) {
            int mark = ((octets[0] & 0xFF) << 8) | (octets[1] & 0xFF);
            if (mark == 0xFEFF || mark == 0xFFFE) {
                return StandardCharsets.UTF_16; // which goes by the mark and leaves it out
            }
        }
        if (zeros(octets, 0)) {
            return StandardCharsets.UTF_16BE;
        }
        return zeros(octets, 1) ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1;
    }

    private static boolean zeros(byte[] octets, int from) {
        if (octets.length < 2 * LOOKED_AT) {
            return false;
        }
        for (int i = 0; i < LOOKED_AT; i++) {
            if (octets[2 * i + from] != 0 || octets[2 * i + 1 - from] == 0) {
                return false;
            }
        }
        return true;
    }
}
