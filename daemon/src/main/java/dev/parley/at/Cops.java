package dev.parley.at;

import java.util.Optional;

/// The operator (`+COPS?`, TS 27.007 §7.3).
public final class Cops {
    private Cops() {}

    /// The name as the modem gives it; empty while there is none.
    public static Optional<String> operator(Final result) {
        return result.answers().stream()
                .map(answer -> Lines.field(Lines.fields(answer.text()), 2))
                .filter(name -> !name.isBlank())
                .map(Ucs2Hex::readable)
                .findFirst();
    }
}
