package dev.parley.inbox;

import java.time.Instant;
import java.util.Optional;

/// What the event `link.updated` carries.
///
/// @param line the id of the link's line
public record LinkUpdate(
        String name,
        String kind,
        String state,
        String sentence,
        Instant since,
        Optional<Integer> signalDbm,
        Optional<String> operator,
        Optional<String> line) {}
