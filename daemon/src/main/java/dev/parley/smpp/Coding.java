package dev.parley.smpp;

import dev.parley.sms.Reading;
import java.util.Optional;

/// What `data_coding` says of the octets of a message: SMPP v3.4 §5.2.19.
final class Coding {
    private Coding() {}

    /// The groups from `1100` up are those of 3GPP TS 23.038 §4, as the specification says; those
    /// between are reserved by SMPP and read as GSM's general data coding, which is what SMSCs
    /// mean that pass the phone's octet through.
    ///
    /// @param usual the SMSC's default alphabet
    /// @return empty for data of a machine
    static Optional<Reading> of(int dataCoding, Reading usual) {
        return switch (dataCoding) {
            case 0x01, 0x03 -> Optional.of(Reading.LATIN1); // the first is ASCII
            case 0x02, 0x04, 0x09 -> Optional.empty();
            case 0x05, 0x0A, 0x0D -> Optional.of(Reading.JIS);
            case 0x06 -> Optional.of(Reading.CYRILLIC);
            case 0x07 -> Optional.of(Reading.HEBREW);
            case 0x08 -> Optional.of(Reading.UCS2);
            case 0x0E -> Optional.of(Reading.KOREAN);
            default ->
                switch (dataCoding & 0xF0) {
                    case 0x00, 0xC0, 0xD0 -> Optional.of(usual);
                    case 0xE0 -> Optional.of(Reading.UCS2);
                    case 0xF0 -> (dataCoding & 0x04) == 0 ? Optional.of(usual) : Optional.empty();
                    default ->
                        switch (dataCoding & 0x0C) {
                            case 0x04 -> Optional.empty();
                            case 0x08 -> Optional.of(Reading.UCS2);
                            default -> Optional.of(usual);
                        };
                };
        };
    }
}
