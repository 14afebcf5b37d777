package dev.parley.smpp;

import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Unpacked;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

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

    private static final Charset ISO_8859_5 = Charset.forName("ISO-8859-5");
    private static final Charset ISO_8859_8 = Charset.forName("ISO-8859-8");

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

    /// @param octets the message without its header
    String text(byte[] octets, NationalLanguage locking, NationalLanguage single) {
        return switch (this) {
            case GSM7 -> isSeptets(octets) ? Unpacked.text(octets, locking, single) : eightBit(octets);
            case ASCII, LATIN1 -> eightBit(octets);
            case CYRILLIC -> new String(octets, ISO_8859_5);
            case HEBREW -> new String(octets, ISO_8859_8);
            case UCS2 -> ucs2(octets);
            case JIS -> optional("Shift_JIS", octets);
            case KOREAN -> optional("EUC-KR", octets);
            case BINARY -> throw new IllegalStateException("binary data is no text");
        };
    }

    /// The same of one of several parts, for [dev.parley.sms.Reassembly#mended]: half of a surrogate
    /// pair and
    /// an escape at the end stay for the next.
    String piece(byte[] octets, NationalLanguage locking, NationalLanguage single) {
        return switch (this) {
            case GSM7 -> isSeptets(octets) ? Unpacked.piece(octets, locking, single) : eightBit(octets);
            case UCS2 -> octets.length % 2 == 0 ? units(octets) : ucs2(octets);
            default -> text(octets, locking, single);
        };
    }

    private static boolean isSeptets(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /// Octets above 0x7F cannot be septets, and ASCII has none: the SMSC passes UTF-8 or Latin-1
    /// through.
    private static String eightBit(byte[] octets) {
        if (isSeptets(octets)) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException _) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
    }

    /// UTF-16 in practice. A last odd octet and lone surrogates become U+FFFD, which JSON and the
    /// database can hold.
    private static String ucs2(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_16BE);
    }

    /// UTF-16BE unit by unit: the charset of that name would not let half a surrogate pair through.
    private static String units(byte[] octets) {
        return ByteBuffer.wrap(octets).asCharBuffer().toString();
    }

    /// A character set that a small Java runtime may lack.
    private static String optional(String name, byte[] octets) {
        return new String(octets, Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1);
    }
}
