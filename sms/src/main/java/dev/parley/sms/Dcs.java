package dev.parley.sms;

import java.util.Locale;
import java.util.Optional;

/// TP-DCS, the data coding scheme (3GPP TS 23.038 §4): alphabet, class and what else an octet can say.
///
/// @param octet 0 to 255, kept as it came
public record Dcs(int octet) {

    /// The coding groups of §4, by the upper bits.
    public enum Group {
        /// 00xx
        GENERAL,
        /// 01xx: the message may be deleted once it was read
        AUTOMATIC_DELETION,
        /// 1000 to 1011: read as the default alphabet
        RESERVED,
        /// 1100 to 1110
        MESSAGE_WAITING,
        /// 1111
        DATA_OR_CLASS
    }

    /// A message waiting indication (§4, groups 1100 to 1110).
    ///
    /// @param store whether the text is to be kept
    /// @param active whether something waits
    public record Waiting(boolean store, boolean active, Kind kind) {
        public enum Kind {
            VOICEMAIL,
            FAX,
            EMAIL,
            OTHER;

            /// `voicemail`, `fax`, …
            public String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    public Dcs {
        if (octet < 0 || octet > 255) {
            throw new IllegalArgumentException("TP-DCS " + octet + " (0 to 255)");
        }
    }

    /// The general group, without a class.
    public static Dcs of(Alphabet alphabet) {
        return switch (alphabet) {
            case GSM7 -> new Dcs(0x00);
            case DATA8 -> new Dcs(0x04);
            case UCS2 -> new Dcs(0x08);
        };
    }

    /// The general group with a class: 0 is shown at once (*flash*), 2 is kept on the SIM.
    ///
    /// @param messageClass 0 to 3
    public static Dcs of(Alphabet alphabet, int messageClass) {
        if (messageClass < 0 || messageClass > 3) {
            throw new IllegalArgumentException("class " + messageClass + " (0 to 3)");
        }
        return new Dcs(of(alphabet).octet | 0x10 | messageClass);
    }

    public Group group() {
        return switch (octet >> 4) {
            case 0x0, 0x1, 0x2, 0x3 -> Group.GENERAL;
            case 0x4, 0x5, 0x6, 0x7 -> Group.AUTOMATIC_DELETION;
            case 0x8, 0x9, 0xA, 0xB -> Group.RESERVED;
            case 0xC, 0xD, 0xE -> Group.MESSAGE_WAITING;
            default -> Group.DATA_OR_CLASS;
        };
    }

    /// How to read the user data. What is reserved is read as the default alphabet, as §4 says.
    public Alphabet alphabet() {
        return switch (group()) {
            case GENERAL, AUTOMATIC_DELETION ->
                switch (octet & 0b1100) {
                    case 0b0100 -> Alphabet.DATA8;
                    case 0b1000 -> Alphabet.UCS2;
                    default -> Alphabet.GSM7;
                };
            case MESSAGE_WAITING -> octet >> 4 == 0xE ? Alphabet.UCS2 : Alphabet.GSM7;
            // Bit 3 is reserved and to be 0; networks are seen that set it (0xF9, 0xFB): [#isUnclear].
            case DATA_OR_CLASS -> (octet & 0b0100) == 0 ? Alphabet.GSM7 : Alphabet.DATA8;
            case RESERVED -> Alphabet.GSM7;
        };
    }

    /// Whether the alphabet bits have the reserved value 11.
    public boolean reservedAlphabet() {
        return octet < 0x80 && (octet & 0b1100) == 0b1100;
    }

    /// Whether this is 1111 10xx, whose bit 3 is reserved: seen with the default alphabet and with UCS-2.
    boolean isUnclear() {
        return (octet & 0b1111_1100) == 0b1111_1000;
    }

    /// Whether the text is compressed (TS 23.042). Nobody sends it; we do not decompress.
    public boolean compressed() {
        return octet < 0x80 && (octet & 0x20) != 0;
    }

    public boolean automaticDeletion() {
        return group() == Group.AUTOMATIC_DELETION;
    }

    /// 0 to 3; empty where the bits have no such meaning (bit 4 is 0, or another group).
    public Optional<Integer> messageClass() {
        boolean has = switch (group()) {
            case GENERAL, AUTOMATIC_DELETION -> (octet & 0x10) != 0;
            case DATA_OR_CLASS -> true;
            case MESSAGE_WAITING, RESERVED -> false;
        };
        return has ? Optional.of(octet & 0b11) : Optional.empty();
    }

    public Optional<Waiting> waiting() {
        if (group() != Group.MESSAGE_WAITING) {
            return Optional.empty();
        }
        return Optional.of(new Waiting(octet >> 4 != 0xC, (octet & 0b1000) != 0, Waiting.Kind.values()[octet & 0b11]));
    }
}
