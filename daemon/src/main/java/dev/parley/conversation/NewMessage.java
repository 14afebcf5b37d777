package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

/// A text to be sent.
///
/// @param sendAt not earlier
/// @param expiresAt not later
public record NewMessage(String text, Optional<Instant> sendAt, Optional<Instant> expiresAt) {
    public static NewMessage now(String text) {
        return new NewMessage(text, Optional.empty(), Optional.empty());
    }
}
