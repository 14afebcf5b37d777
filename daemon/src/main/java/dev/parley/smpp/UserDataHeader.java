package dev.parley.smpp;

import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Ports;
import java.util.Optional;

/// The user data header in front of a message's octets: 3GPP TS 23.040 §9.2.3.24. `esm_class` says
/// whether there is one; some SMSCs forget the bit, and a header that does nothing but number parts
/// counts without it, since no text begins with such octets.
///
/// @param octets how many octets it takes, its length octet included; 0 where there is none, or
/// where what stands there cannot be one (some SMSCs set the bit on plain receipts)
record UserDataHeader(
        int octets, Optional<Concat> concat, NationalLanguage locking, NationalLanguage single, Optional<Ports> ports) {

    static final UserDataHeader NONE = new UserDataHeader(
            0, Optional.empty(), NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, Optional.empty());

    static UserDataHeader of(MessagePdu pdu) {
        return pdu.udhi() || isPlainConcatenation(pdu.shortMessage()) ? read(pdu.shortMessage()) : NONE;
    }

    /// `05 00 03 …` or `06 08 04 …`, of several parts, with a place that can be and a text behind it.
    /// As septets it would be `é@¥` or `ùòè`, in every other coding control characters.
    private static boolean isPlainConcatenation(byte[] message) {
        boolean eight = message.length > 6 && message[0] == 5 && message[1] == 0 && message[2] == 3;
        boolean sixteen = message.length > 7 && message[0] == 6 && message[1] == 8 && message[2] == 4;
        return (eight || sixteen)
                && concat(0, 8, message[eight ? 4 : 5], message[eight ? 5 : 6])
                        .filter(Concat::isOneOfSeveral)
                        .isPresent();
    }

    private static UserDataHeader read(byte[] message) {
        if (message.length == 0 || 1 + (message[0] & 0xFF) > message.length) {
            return NONE;
        }
        int end = 1 + (message[0] & 0xFF);
        Optional<Concat> concat = Optional.empty();
        var locking = NationalLanguage.DEFAULT;
        var single = NationalLanguage.DEFAULT;
        Optional<Ports> ports = Optional.empty();
        int at = 1;
        while (at + 2 <= end) {
            int length = message[at + 1] & 0xFF;
            int data = at + 2;
            if (data + length > end) {
                return NONE;
            }
            // Identifier and length: the place among parts with a reference of 8 bits and of 16, ports of 8 and of 16,
            // the shift tables. Of a repeated element the last counts; one that we do not know is skipped (§9.2.3.24).
            switch (two(message, at)) {
                case 0x0003 -> concat = concat(message[data] & 0xFF, 8, message[data + 1], message[data + 2]);
                case 0x0804 -> concat = concat(two(message, data), 16, message[data + 2], message[data + 3]);
                case 0x0402 -> ports = Optional.of(new Ports(message[data] & 0xFF, message[data + 1] & 0xFF));
                case 0x0504 -> ports = Optional.of(new Ports(two(message, data), two(message, data + 2)));
                case 0x2401 -> single = NationalLanguage.ofCode(message[data] & 0xFF);
                case 0x2501 -> locking = NationalLanguage.ofCode(message[data] & 0xFF);
                default -> {}
            }
            at = data + length;
        }
        return new UserDataHeader(end, concat, locking, single, ports);
    }

    private static int two(byte[] octets, int at) {
        return ((octets[at] & 0xFF) << 8) | (octets[at + 1] & 0xFF);
    }

    /// A place that cannot be is ignored, and the text kept (§9.2.3.24.1).
    static Optional<Concat> concat(int reference, int bits, int total, int seq) {
        int parts = total & 0xFF;
        int part = seq & 0xFF;
        return parts >= 1 && part >= 1 && part <= parts
                ? Optional.of(new Concat(reference, bits, parts, part))
                : Optional.empty();
    }
}
