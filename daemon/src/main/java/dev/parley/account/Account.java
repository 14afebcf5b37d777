package dev.parley.account;

import java.time.Instant;
import java.util.List;
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

    /// The ids of its lines, as they are shown.
    public List<String> lineIds() {
        return lines.stream().sorted().map(String::valueOf).toList();
    }

    /// Whether it sees only the contacts that are assigned to it, and their conversations.
    public boolean seesAssignedOnly() {
        return !isAdmin() && scope == AccessScope.ASSIGNED;
    }
}
