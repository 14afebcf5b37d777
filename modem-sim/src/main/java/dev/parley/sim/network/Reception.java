package dev.parley.sim.network;

/// How a [Station] answered a [Parcel].
public enum Reception {
    /// It has it.
    DELIVERED,
    /// It does not want it, now or ever.
    REJECTED,
    /// It cannot be reached or has no room: the SMSC waits for [Smsc#alert].
    ABSENT,
    /// It failed this time: the SMSC tries again by itself.
    FAILED
}
