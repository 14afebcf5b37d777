package dev.parley.smpp;

import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import java.util.Optional;

/// The user data header in front of a message's octets: 3GPP TS 23.040 §9.2.3.24. `esm_class` says
/// whether there is
/// one; some SMSCs forget the bit, and a header that does nothing but number parts counts without it,
/// since no text
/// begins with such octets.
///
/// @param octets how many octets it takes, its length octet included; 0 where there is none, or
/// where what stands there cannot be one (some SMSCs set the bit on plain receipts)
record UserDataHeader(
        int octets,
        Optional<Concat> concat,
        NationalLanguage locking,
        NationalLanguage single,
        Optional<Integer> destinationPort) {

    private static final int CONCATENATED_8 = 0x00;
    private static final int PORTS_8 = 0x04;
    private static final int PORTS_16 = 0x05;
    private static final int CONCATENATED_16 = 0x08;
    private static final int SINGLE_SHIFT = 0x24;
    private static final int LOCKING_SHIFT = 0x25;

    static final UserDataHeader NONE = new UserDataHeader(
            0, Optional.empty(), NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, Optional.empty());

    static UserDataHeader of(MessagePdu pdu) {
        return pdu.udhi() || isPlainConcatenation(pdu.shortMessage()) ? read(pdu.shortMessage()) : NONE;
    }

    /// `05 00 03 …` or `06 08 04 …`, of several parts, with a place that can be and a text behind it.
    /// As septets it would
    /// be `é@¥` or `ùòè`, in every other coding control characters.
    private static boolean isPlainConcatenation(byte[] message) {
        boolean eight = message.length > 6 && message[0] == 5 && message[1] == CONCATENATED_8 && message[2] == 3;
        boolean sixteen = message.length > 7 && message[0] == 6 && message[1] == CONCATENATED_16 && message[2] == 4;
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
        Optional<Integer> port = Optional.empty();
        int at = 1;
        while (at + 2 <= end) {
            int identifier = message[at] & 0xFF;
            int length = message[at + 1] & 0xFF;
            int data = at + 2;
            if (data + length > end) {
                return NONE;
            }
            // Of a repeated element the last counts (§9.2.3.24).
            switch (identifier) {
                case CONCATENATED_8 -> {
                    if (length == 3) {
                        concat = concat(message[data] & 0xFF, 8, message[data + 1], message[data + 2]);
                    }
                }
                case CONCATENATED_16 -> {
                    if (length == 4) {
                        concat = concat(two(message, data), 16, message[data + 2], message[data + 3]);
                    }
                }
                case PORTS_8 -> port = length == 2 ? Optional.of(message[data] & 0xFF) : port;
                case PORTS_16 -> port = length == 4 ? Optional.of(two(message, data)) : port;
                case SINGLE_SHIFT -> single = length == 1 ? NationalLanguage.ofCode(message[data] & 0xFF) : single;
                case LOCKING_SHIFT -> locking = length == 1 ? NationalLanguage.ofCode(message[data] & 0xFF) : locking;
                default -> {
                    // An element we do not know is skipped, as §9.2.3.24 asks.
                }
            }
            at = data + length;
        }
        return new UserDataHeader(end, concat, locking, single, port);
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
