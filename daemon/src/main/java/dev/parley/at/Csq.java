package dev.parley.at;

import java.util.OptionalInt;

/// Signal strength (`+CSQ`, TS 27.007 §8.5).
public final class Csq {
    private Csq() {}

    /// In dBm, -113 to -51. Empty where the modem knows none: 99 is "not known", not the best.
    public static OptionalInt dbm(Final result) {
        for (var answer : result.answers()) {
            var rssi = Lines.number(Lines.field(Lines.fields(answer.text()), 0));
            if (rssi.isPresent() && rssi.getAsInt() <= 31) {
                return OptionalInt.of(-113 + 2 * rssi.getAsInt());
            }
        }
        return OptionalInt.empty();
    }
}
