package dev.parley.audit;

import java.time.Instant;

/// One thing that somebody did, or was refused, as it was written down.
public record AuditEntry(long id, Instant at, AuditNote note) {}
