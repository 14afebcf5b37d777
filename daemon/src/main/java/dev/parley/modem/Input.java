package dev.parley.modem;

/// What reaches the thread that owns a modem.
sealed interface Input {

    /// Read from the port, in whatever portion it came.
    @SuppressWarnings("ArrayRecordComponent") // on its way from one thread to the other, compared by nobody
    record Octets(byte[] octets) implements Input {}

    /// The port is gone; nothing more comes from it.
    record Lost(String why) implements Input {}

    /// Somebody wants something: a part, a restart, the end.
    record Woken() implements Input {}
}
