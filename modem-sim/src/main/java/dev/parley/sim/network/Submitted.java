package dev.parley.sim.network;

/// How the SMSC answered a [Submission].
public sealed interface Submitted {

    /// The SMSC has it and will report.
    record Accepted(ShortMessage message) implements Submitted {}

    /// There is no such recipient.
    record NoSuchNumber() implements Submitted {}

    /// Too much waits for this recipient already.
    record Congested() implements Submitted {}
}
