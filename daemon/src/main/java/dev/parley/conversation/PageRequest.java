package dev.parley.conversation;

import java.util.Optional;

/// Which part of a list is wanted.
///
/// @param limit 1 to 200
/// @param cursor [Page#next] of the page before; empty for the first
public record PageRequest(int limit, Optional<String> cursor) {
    static final int LIMIT_MAX = 200;

    public PageRequest {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit " + limit + " (expected 1 to " + LIMIT_MAX + ")");
        }
    }

    public static PageRequest first(int limit) {
        return new PageRequest(limit, Optional.empty());
    }
}
