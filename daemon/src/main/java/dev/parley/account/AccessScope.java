package dev.parley.account;

import java.util.Arrays;
import java.util.Optional;

/// Which conversations on its lines, and which contacts, a member sees. Means nothing for an admin.
public enum AccessScope {
    /// Every one.
    ALL("all"),
    /// Those that include a contact now assigned to it, and only those contacts.
    ASSIGNED("assigned");

    private final String label;

    AccessScope(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<AccessScope> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(scope -> scope.label.equals(label))
                .findFirst();
    }
}
