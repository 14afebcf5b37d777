package dev.parley.smpp;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// The characters of a receipt's text, whatever its `data_coding` claims: SMSCs answer a UCS-2
/// message with `data_coding` 8 over ASCII, or with real UTF-16, and append octets of the message
/// to ASCII.
final class ReceiptOctets {
    private ReceiptOctets() {}

    /// How many characters are looked at to tell UTF-16.
    private static final int LOOKED_AT = 8;

    static String text(MessagePdu pdu) {
        var octets = pdu.shortMessage();
        return new String(octets, charset(octets));
    }

    /// Field names are ASCII, so UTF-16 shows as zeros in every other place.
    private static Charset charset(byte[] octets) {
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
