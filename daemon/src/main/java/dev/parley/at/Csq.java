package dev.parley.at;

import java.util.Optional;

/// Signal strength (`+CSQ`, TS 27.007 §8.5).
public final class Csq {
    private Csq() {}

    /// In dBm, -113 to -51. Empty where the modem knows none: 99 is "not known", not the best.
    public static Optional<Integer> dbm(Final result) {
        return result.answers().stream()
                .flatMap(answer -> Lines.number(Lines.fields(answer.text()).getFirst()).stream())
                .filter(rssi -> rssi <= 31)
                .map(rssi -> -113 + 2 * rssi)
                .findFirst();
    }
}
