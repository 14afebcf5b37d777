package dev.parley.sim.network;

/// Which final outcomes the sender wants to hear of.
public enum ReportWish {
    NONE,
    ALL,
    FAILURE
}
