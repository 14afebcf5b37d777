package dev.parley.sim.network;

/// Who submitted a message, and so where its reports go.
public sealed interface Origin {

    /// A phone. Nobody reads its reports.
    ///
    /// @param automatic whether it answers by itself: such texts are not answered by themselves in turn
    record Phone(String number, boolean automatic) implements Origin {}

    /// A modem, which gets its reports at its number.
    record Stick(String number) implements Origin {}

    /// An SMPP system. Reports go to any of its sessions that may receive.
    record SmppSystem(String systemId) implements Origin {}
}
