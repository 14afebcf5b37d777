package dev.parley.conversation;

import java.util.Arrays;
import java.util.Optional;

/// Whether a reply goes on to the other participants.
public enum Relay {
    ALL("all"),
    /// Only our side sees replies.
    NONE("none");

    private final String label;

    Relay(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<Relay> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(relay -> relay.label.equals(label))
                .findFirst();
    }
}
