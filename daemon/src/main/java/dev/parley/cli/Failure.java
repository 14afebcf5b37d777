package dev.parley.cli;

/// A command could not do what it was asked; the message tells the person at the terminal what to do.
final class Failure extends RuntimeException {

    Failure(String message) {
        super(message);
    }

    /// What the cause says, which tells a person what to do already.
    Failure(Throwable cause) {
        super(cause.getMessage(), cause);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
