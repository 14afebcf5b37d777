package dev.parley.account;

import java.time.Instant;
import java.util.Optional;

/// A token that has not been revoked, without its secret.
///
/// @param accountId whose it is
/// @param usedAt when it was last used, to the minute
public record Token(
        long id,
        long accountId,
        String accountName,
        String name,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> usedAt) {}
