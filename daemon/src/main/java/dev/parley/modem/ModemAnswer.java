package dev.parley.modem;

/// What came of a USSD code.
public sealed interface UssdAnswer {

    /// @param text as the network wrote it
    record Told(String text) implements UssdAnswer {}

    /// @param why a sentence for a person
    record Refused(String why) implements UssdAnswer {}
}
