package dev.parley.account;

import java.time.Instant;
import java.util.Set;

/// A user that exists now.
///
/// @param name what it signs in with and what threads show as author, 1 to 64 characters
/// @param lines ids of the lines it was given; empty for all
public record Account(long id, String name, Role role, AccessScope scope, Set<Long> lines, Instant createdAt) {
    public Account {
        lines = Set.copyOf(lines);
    }

    public boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
