package dev.parley.sim.modem;

import java.util.List;

/// What commands ask of the modem around them.
interface Around {

    /// Writes lines on the port as soon as it can be.
    void unsolicited(List<String> lines);

    /// As [#unsolicited], after as long as a network takes to answer.
    void unsolicitedLater(List<String> lines);

    /// The network may try again: there is room, or the radio is on again.
    void alert();

    /// The program has what was shown last, or does not want it.
    ///
    /// @return false if nothing waits for that
    boolean acknowledged(boolean positive);

    /// Starts anew, as after power-on.
    void reset();
}
