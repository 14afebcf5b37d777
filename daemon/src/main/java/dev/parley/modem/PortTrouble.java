package dev.parley.modem;

import java.io.IOException;

/// The port could not be opened.
final class PortTrouble extends IOException {
    private static final long serialVersionUID = 1L;

    /// Why not.
    enum Kind {
        MISSING,
        BUSY,
        UNUSABLE
    }

    private final Kind kind;

    /// @param sentence for a person: what is wrong and what to do
    PortTrouble(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
