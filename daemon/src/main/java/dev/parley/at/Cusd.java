package dev.parley.at;

import java.util.OptionalInt;

/// An answer of the network to a USSD code (`+CUSD`, TS 27.007 §7.15).
///
/// @param status 0 done, 1 the network waits for an answer, 2 ended by the network, 4 not supported, 5 time-out
/// @param text as the modem gives it; may be hexadecimal
/// @param dcs its data coding scheme (TS 23.038 §5)
public record Cusd(OptionalInt status, String text, OptionalInt dcs) {

    /// What stands after `+CUSD:`. The text may hold quotes of its own: the last one closes it.
    public static Cusd of(String value) {
        int open = value.indexOf('"');
        int close = value.lastIndexOf('"');
        if (open >= 0 && close > open) {
            var behind = value.substring(close + 1).strip();
            return new Cusd(
                    Lines.number(Lines.field(Lines.fields(value.substring(0, open)), 0)),
                    value.substring(open + 1, close),
                    behind.startsWith(",") ? Lines.number(behind.substring(1)) : OptionalInt.empty());
        }
        var fields = Lines.fields(value);
        return new Cusd(
                Lines.number(Lines.field(fields, 0)), Lines.field(fields, 1), Lines.number(Lines.field(fields, 2)));
    }

    /// For a person.
    public String readable() {
        return Ucs2Hex.readable(text);
    }
}
