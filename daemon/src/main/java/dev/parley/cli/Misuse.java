package dev.parley.cli;

/// The command line is wrong: the message says how, and the command's help follows it.
final class Misuse extends RuntimeException {
    Misuse(String message) {
        super(message);
    }
}
