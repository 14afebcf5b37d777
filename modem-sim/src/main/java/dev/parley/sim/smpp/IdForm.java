package dev.parley.sim.smpp;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// How the SMSC writes its message ids, in responses and in receipts.
public enum IdForm {
    DECIMAL("decimal"),
    HEX("hex"),
    /// Hexadecimal in the response, decimal with leading zeros in the receipt.
    HEX_IN_RESPONSE("hexInResponse"),
    HEX_IN_RECEIPT("hexInReceipt"),
    /// Leading zeros in the receipt alone.
    PADDED_IN_RECEIPT("paddedInReceipt"),
    /// Leading zeros in the response alone.
    PADDED_IN_RESPONSE("paddedInResponse"),
    /// Upper-case in the response, lower-case in the receipt.
    OTHER_CASE("otherCase"),
    UUIDS("uuid");

    private static final long UUID_UPPER = 0x0E99_9F21_81EF_4974L;
    private static final long UUID_LOWER = 0xA14D_0000_0000_0000L;

    /// Added to ids in hexadecimal, so that they have letters.
    private static final long LETTERS = 0xAB_0000_0000L;

    private final String label;

    IdForm(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<IdForm> of(String label) {
        for (var form : values()) {
            if (form.label.equals(label)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    String inResponse(long id) {
        return switch (this) {
            case DECIMAL, HEX_IN_RECEIPT, PADDED_IN_RECEIPT -> Long.toString(id);
            case HEX, HEX_IN_RESPONSE -> Long.toHexString(id);
            case PADDED_IN_RESPONSE -> "%010d".formatted(id);
            case OTHER_CASE -> Long.toHexString(LETTERS + id).toUpperCase(Locale.ROOT);
            case UUIDS -> new UUID(UUID_UPPER, UUID_LOWER + id).toString();
        };
    }

    String inReceipt(long id) {
        return switch (this) {
            case DECIMAL, PADDED_IN_RESPONSE -> Long.toString(id);
            case HEX, HEX_IN_RECEIPT -> Long.toHexString(id);
            case HEX_IN_RESPONSE, PADDED_IN_RECEIPT -> "%010d".formatted(id);
            case OTHER_CASE -> Long.toHexString(LETTERS + id);
            case UUIDS -> new UUID(UUID_UPPER, UUID_LOWER + id).toString();
        };
    }
}
