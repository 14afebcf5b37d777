package dev.parley.at;

import dev.parley.sms.CbsDcs;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// How a modem wants the code of `+CUSD` (TS 27.007 §7.15), which should follow `+CSCS` and often does
/// not.
public enum UssdForm {
    /// As it is dialled.
    PLAIN,
    /// Packed septets in hexadecimal, as they go over the air (TS 23.038 §6.1.2.3): most sticks of
    /// Huawei's.
    PACKED,
    /// Four digits a character: a modem that somebody has left in the character set `UCS2`.
    UCS2;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// What goes between the quotes.
    ///
    /// @param code of `0` to `9`, `*`, `#` and `+`
    public String written(String code) {
        return switch (this) {
            case PLAIN -> code;
            case PACKED -> HEX.formatHex(CbsDcs.packed(code));
            case UCS2 -> HEX.formatHex(code.getBytes(StandardCharsets.UTF_16BE));
        };
    }

    /// The command that asks the network. 15: the default alphabet, language unspecified.
    public Command command(String code) {
        return Command.of("AT+CUSD=1,\"" + written(code) + "\"," + CbsDcs.UNSPECIFIED.octet());
    }
}
