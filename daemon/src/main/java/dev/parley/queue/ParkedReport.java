package dev.parley.queue;

import java.time.Instant;
import java.util.Optional;

/// A status report that matches no part yet.
///
/// @param fate `delivered`, `pending` or `failed`
public record ParkedReport(
        long id,
        String link,
        Optional<String> reference,
        Optional<String> recipient,
        String fate,
        String reason,
        Optional<String> textBegin,
        Instant receivedAt) {}
