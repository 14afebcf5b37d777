package dev.parley.person;

import java.time.Instant;
import java.util.Optional;

/// An erasure, as it is told of. Of whom it was is not kept.
///
/// @param doneAt empty while there is something left
public record Erasure(long id, Instant askedAt, Optional<Instant> doneAt) {}
