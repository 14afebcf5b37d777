package dev.parley.account;

import java.util.Optional;
import java.util.Set;

/// A user to be created.
///
/// @param password without one nobody can sign in as this user, only use its tokens
/// @param lines ids of lines; empty for all
public record NewAccount(String name, Optional<String> password, Role role, AccessScope scope, Set<Long> lines) {
    public NewAccount {
        lines = Set.copyOf(lines);
    }

    @Override
    public String toString() {
        return "NewAccount[name=" + name + ", role=" + role + ", scope=" + scope + ", lines=" + lines + "]";
    }
}
