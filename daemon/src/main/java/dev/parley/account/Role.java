package dev.parley.account;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a user may do.
public enum Role {
    /// Sees everything, manages users, links and webhooks.
    ADMIN,
    /// Sees what its [AccessScope] and its lines allow.
    MEMBER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(role -> role.label().equals(label))
                .findFirst();
    }
}
