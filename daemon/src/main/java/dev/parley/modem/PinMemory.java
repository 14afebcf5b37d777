package dev.parley.modem;

import java.io.IOException;

/// Remembers which PINs were entered without success, over restarts: three wrong ones lock a SIM (3GPP TS 22.022 §6,
/// TS 31.101 §9.5), and a daemon that is restarted must not spend them.
public interface PinMemory {

    /// How often a PIN was entered into the modem of this link without being known to be right.
    int refused(String link);

    /// Whether this PIN was.
    boolean refused(String link, Pin pin);

    /// To be called before the PIN is entered, so that a crash right after it counts as refused.
    ///
    /// @throws IOException if it could not be made durable; the PIN must not be entered then
    void entering(String link, Pin pin) throws IOException;

    /// The PIN was not looked at after all, because the SIM was busy.
    void withdrawn(String link, Pin pin);

    /// The SIM is unlocked: nothing is held against it any more.
    void accepted(String link);
}
