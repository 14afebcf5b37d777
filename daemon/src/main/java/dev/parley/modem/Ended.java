package dev.parley.modem;

/// The modem's life has to begin anew, or to end. No trouble by itself, and no stack to look at.
final class Ended extends Exception {
    private static final long serialVersionUID = 1L;

    /// What comes after it.
    enum Next {
        /// The modem lost its settings, or its SIM wants something: the dialogue from its beginning, on the same port.
        START_OVER,
        /// The modem does not answer: the ladder.
        SILENT,
        /// Somebody asked for a restart: the port from its opening.
        REOPEN,
        /// The link is closed.
        CLOSED
    }

    private final Next next;

    Ended(Next next) {
        super(next.name(), null, false, false);
        this.next = next;
    }

    Next next() {
        return next;
    }
}
