package dev.parley.sim.network;

import java.time.Duration;
import java.util.function.Consumer;

/// Whoever takes messages from the SMSC: a handset, a modem, an SMPP system.
public interface Station {

    /// Takes a parcel, or says why not, by calling `answer` exactly once, now or later, from any thread. It must not
    /// block: the SMSC has one clock for everybody.
    void deliver(Parcel parcel, Consumer<Reception> answer);

    /// How many parcels may wait for their answer at once.
    default int window() {
        return 1;
    }

    /// How long the network takes from accepting a message to handing it over.
    default Duration delay() {
        return Duration.ZERO;
    }
}
