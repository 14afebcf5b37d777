package dev.parley.at;

import java.util.Optional;

/// The address of the SMSC (`+CSCA`, TS 27.005 §3.3.1).
public final class Csca {
    private Csca() {}

    /// The number, which some modems give as UCS-2 in hexadecimal; empty where the SIM holds none.
    public static Optional<String> address(Final result) {
        return result.answers().stream()
                .map(answer -> Lines.fields(answer.text()).getFirst())
                .filter(number -> !number.isBlank())
                .map(Ucs2Hex::readable)
                .findFirst();
    }
}
