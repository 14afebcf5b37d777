package dev.parley.smpp;

import dev.parley.sms.Reading;
import java.util.Optional;

/// What `data_coding` says of the octets of a message: SMPP v3.4 §5.2.19.
enum Coding {
    GSM7,
    ASCII,
    LATIN1,
    CYRILLIC,
    HEBREW,
    UCS2,
    JIS,
    KOREAN,
    BINARY;

    /// The groups from `1100` up are those of 3GPP TS 23.038 §4, as the specification says; those
    /// between are reserved by SMPP and read as GSM's general data coding, which is what SMSCs
    /// mean that pass the phone's octet through.
    static Coding of(int dataCoding, SmppSettings.DefaultAlphabet defaultAlphabet) {
        return switch (dataCoding) {
            case 0x00 -> byDefault(defaultAlphabet);
            case 0x01 -> ASCII;
            case 0x02, 0x04, 0x09 -> BINARY;
            case 0x03 -> LATIN1;
            case 0x05, 0x0A, 0x0D -> JIS;
            case 0x06 -> CYRILLIC;
            case 0x07 -> HEBREW;
            case 0x08 -> UCS2;
            case 0x0E -> KOREAN;
            default ->
                switch (dataCoding & 0xF0) {
                    case 0x00 -> byDefault(defaultAlphabet);
                    case 0xC0, 0xD0 -> byDefault(defaultAlphabet);
                    case 0xE0 -> UCS2;
                    case 0xF0 -> (dataCoding & 0x04) == 0 ? byDefault(defaultAlphabet) : BINARY;
                    default ->
                        switch (dataCoding & 0x0C) {
                            case 0x04 -> BINARY;
                            case 0x08 -> UCS2;
                            default -> byDefault(defaultAlphabet);
                        };
                };
        };
    }

    private static Coding byDefault(SmppSettings.DefaultAlphabet alphabet) {
        return switch (alphabet) {
            case GSM7 -> GSM7;
            case LATIN1 -> LATIN1;
        };
    }

    /// Empty for data of a machine.
    Optional<Reading> reading() {
        return switch (this) {
            case GSM7 -> Optional.of(Reading.SEPTETS);
            case ASCII, LATIN1 -> Optional.of(Reading.LATIN1);
            case CYRILLIC -> Optional.of(Reading.CYRILLIC);
            case HEBREW -> Optional.of(Reading.HEBREW);
            case UCS2 -> Optional.of(Reading.UCS2);
            case JIS -> Optional.of(Reading.JIS);
            case KOREAN -> Optional.of(Reading.KOREAN);
            case BINARY -> Optional.empty();
        };
    }
}
