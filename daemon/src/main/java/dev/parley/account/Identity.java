package dev.parley.account;

import java.util.Set;

/// Somebody whom an identity provider vouches for, and what its groups stand for here.
///
/// @param issuer the provider
/// @param subject who it is there, for ever
/// @param name what the user is to be called
/// @param lines ids of lines; empty for all
public record Identity(String issuer, String subject, String name, Role role, AccessScope scope, Set<Long> lines) {
    public Identity {
        lines = Set.copyOf(lines);
    }
}
