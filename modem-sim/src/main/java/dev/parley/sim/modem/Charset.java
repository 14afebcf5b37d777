package dev.parley.sim.modem;

import dev.parley.sms.Address;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// How strings are written on the port: `AT+CSCS` (3GPP TS 27.007 §5.5). `GSM` and `IRA` differ from ISO 8859-1 here in
/// nothing that the strings of this modem have.
enum Charset {
    GSM,
    IRA,
    HEX,
    UCS2;

    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    static Optional<Charset> of(String name) {
        for (var charset : values()) {
            if (charset.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(charset);
            }
        }
        return Optional.empty();
    }

    String written(String text) {
        return switch (this) {
            case GSM, IRA -> text;
            case HEX -> UPPER.formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
            case UCS2 -> UPPER.formatHex(text.getBytes(StandardCharsets.UTF_16BE));
        };
    }

    /// Numbers stay as they are but in UCS-2, where real sticks write even those as hex.
    String number(String number) {
        return this == UCS2 ? written(number) : number;
    }

    /// Reads what a program wrote.
    ///
    /// @return empty if it cannot be read
    Optional<String> read(String written) {
        try {
            return Optional.of(
                    switch (this) {
                        case GSM, IRA -> written;
                        case HEX -> new String(UPPER.parseHex(written), StandardCharsets.ISO_8859_1);
                        case UCS2 -> new String(UPPER.parseHex(written), StandardCharsets.UTF_16BE);
                    });
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// A number that a program gives, plain or written in this character set.
    Optional<Address> address(String written) {
        if (Address.wrongWith(written).isEmpty()
                && !(this == UCS2 && written.length() % 4 == 0 && written.startsWith("00"))) {
            return Optional.of(Address.ofNumber(written));
        }
        return read(written)
                .filter(number -> Address.wrongWith(number).isEmpty())
                .map(Address::ofNumber);
    }
}
