package dev.parley.sim.network;

import java.util.Locale;
import java.util.Optional;

/// Whether a phone takes messages.
public enum Reach {
    /// At once.
    ON,
    /// Not now: the SMSC keeps them until it is on again, or their validity ends.
    OFF,
    /// Never: each fails for good.
    REJECT;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Reach> of(String label) {
        for (var reach : values()) {
            if (reach.label().equals(label)) {
                return Optional.of(reach);
            }
        }
        return Optional.empty();
    }
}
