package dev.parley.sim.smpp;

import java.util.Optional;

/// How a receipt looks.
public enum ReceiptFormat {
    /// As in SMPP v3.4 appendix B.
    TEXT("text"),
    /// Optional parameters and an empty `short_message`.
    TLV("tlv"),
    /// The text, and the optional parameters beside it.
    BOTH("both"),
    /// A `data_sm` with optional parameters.
    DATA_SM("dataSm"),
    /// The text without `sub`, `dlvrd` and `text`.
    MINIMAL("minimal"),
    UPPER_CASE("upperCase"),
    /// Fields on lines of their own.
    LINES("lines"),
    /// `stat` behind the text, and the rest in another order.
    OUT_OF_ORDER("outOfOrder"),
    /// Dates of fourteen digits.
    LONG_DATES("longDates"),
    /// UTF-16 with `data_coding` 8.
    UCS2("ucs2"),
    /// The text, with `esm_class` 0.
    UNMARKED("unmarked"),
    /// The text in `message_payload`.
    PAYLOAD("payload"),
    /// The text, and an optional parameter that claims more octets than are left.
    BROKEN_TLV("brokenTlv");

    private final String label;

    ReceiptFormat(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<ReceiptFormat> of(String label) {
        for (var format : values()) {
            if (format.label.equals(label)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
