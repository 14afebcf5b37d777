package dev.parley.at;

/// What a run of octets from the modem meant.
public sealed interface AtEvent {

    /// The modem asks for a PDU: `>` at the start of a line. It comes unasked from a modem in which a dead process left
    /// a command open; ESC ends that, whereas Ctrl-Z would send what was typed since as a message.
    record Prompted() implements AtEvent {}

    /// The running command has ended.
    record Finished(Final result) implements AtEvent {}

    /// Something nobody asked for.
    record Unsolicited(Urc urc) implements AtEvent {}
}
