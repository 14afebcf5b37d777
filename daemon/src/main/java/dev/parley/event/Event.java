package dev.parley.event;

import java.time.Instant;

/// A fact, as it was committed.
///
/// @param id from 1, without gaps, in the order of the commits
/// @param json the changed object as the API shows it
public record Event(long id, Instant at, EventType type, Scope scope, String json) {}
