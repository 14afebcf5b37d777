package dev.parley.account;

import java.util.Arrays;
import java.util.Optional;

/// What a user may do.
public enum Role {
    /// Sees everything, manages users, links and webhooks.
    ADMIN("admin"),
    /// Sees what its [AccessScope] and its lines allow.
    MEMBER("member");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<Role> ofLabel(String label) {
        return Arrays.stream(values()).filter(role -> role.label.equals(label)).findFirst();
    }
}
