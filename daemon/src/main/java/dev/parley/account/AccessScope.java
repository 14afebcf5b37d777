package dev.parley.account;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Which conversations on its lines, and which contacts, a member sees. Means nothing for an admin.
public enum AccessScope {
    /// Every one.
    ALL,
    /// Those that include a contact now assigned to it, and only those contacts.
    ASSIGNED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AccessScope> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(scope -> scope.label().equals(label))
                .findFirst();
    }
}
