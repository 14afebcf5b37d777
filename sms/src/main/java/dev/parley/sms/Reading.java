package dev.parley.sms;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// How the octets of a text outside a TPDU are to be read, as it was announced. What the octets
/// themselves show
/// ([Evidence]) counts more, so that a text is what a person would read in it.
public enum Reading {
    /// The GSM 7-bit default alphabet, one septet an octet.
    SEPTETS(0),
    /// ASCII and Latin-1.
    LATIN1(1),
    CYRILLIC(2),
    HEBREW(3),
    UCS2(4),
    JIS(5),
    KOREAN(6);

    /// What it is called in a [Piece].
    final int code;

    Reading(int code) {
        this.code = code;
    }

    private static final Charset ISO_8859_5 = Charset.forName("ISO-8859-5");
    private static final Charset ISO_8859_8 = Charset.forName("ISO-8859-8");

    /// @param octets a whole text
    public String text(byte[] octets) {
        return read(octets, false);
    }

    /// One of several parts, for [Reassembly#mended], which reads them joined: a character may be cut
    /// between two.
    public String piece(byte[] octets) {
        return Piece.of(this, octets);
    }

    /// @param gaps whether parts are missing before or behind these octets
    String read(byte[] octets, boolean gaps) {
        return switch (this) {
            case SEPTETS, LATIN1 -> eightBit(octets, gaps);
            case CYRILLIC -> new String(octets, ISO_8859_5);
            case HEBREW -> new String(octets, ISO_8859_8);
            case UCS2 -> ucs2(octets);
            case JIS -> optional("Shift_JIS", octets);
            case KOREAN -> optional("EUC-KR", octets);
        };
    }

    private String eightBit(byte[] octets, boolean gaps) {
        return Evidence.marked(octets)
                .or(() -> gaps ? Evidence.utf8BetweenGaps(octets) : Evidence.utf8(octets))
                .or(() -> Evidence.paged(octets))
                .or(() -> Evidence.packed(octets))
                .orElseGet(() -> this == SEPTETS && Evidence.isSevenBit(octets)
                        ? Gsm7.DEFAULT.text(octets)
                        : Evidence.latin1(octets));
    }

    /// UTF-16 in practice. A last odd octet and lone surrogates become U+FFFD, which JSON and the
    /// database can hold.
    private static String ucs2(byte[] octets) {
        return Evidence.marked(octets)
                .or(() -> Evidence.littleEndian(octets))
                .or(() -> Evidence.asciiInPairs(octets))
                .orElseGet(() -> new String(octets, StandardCharsets.UTF_16BE));
    }

    /// A character set that a small Java runtime may lack.
    private static String optional(String name, byte[] octets) {
        return new String(octets, Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1);
    }
}
