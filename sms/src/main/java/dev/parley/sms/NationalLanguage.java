package dev.parley.sms;

/// The national language identifiers of 3GPP TS 23.038 §6.2.1.2.4, and the default for "no shift table".
public enum NationalLanguage {
    DEFAULT(0),
    TURKISH(1),
    SPANISH(2),
    PORTUGUESE(3),
    BENGALI(4),
    GUJARATI(5),
    HINDI(6),
    KANNADA(7),
    MALAYALAM(8),
    ORIYA(9),
    PUNJABI(10),
    TAMIL(11),
    TELUGU(12),
    URDU(13);

    private static final NationalLanguage[] BY_CODE = values();

    private final int code;

    NationalLanguage(int code) {
        this.code = code;
    }

    /// The identifier in the shift table's information element; 0 stands for none.
    public int code() {
        return code;
    }

    /// The language of an identifier that came over the air; one that nobody has defined is the default
    /// (§6.2.1.2.4).
    public static NationalLanguage ofCode(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : DEFAULT;
    }
}
