package dev.parley.account;

import java.util.Optional;
import java.util.Set;

/// What to change of a user; empty for what stays as it is.
public record AccountChange(
        Optional<String> name,
        Optional<String> password,
        Optional<Role> role,
        Optional<AccessScope> scope,
        Optional<Set<Long>> lines) {

    @Override
    public String toString() {
        return "AccountChange[name=" + name + ", role=" + role + ", scope=" + scope + ", lines=" + lines + "]";
    }
}
