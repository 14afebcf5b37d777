package dev.parley.audit;

import java.time.Instant;
import java.util.Optional;

/// One thing that somebody did, or was refused.
///
/// @param user the id of who did it; empty where nobody is known, or the program did it
/// @param userName as it was then; what a failed sign-in claimed
/// @param action the `operationId` of the request, `command:…` for one on the command line, or
/// `daemon:…`
/// @param target what it was done to: the path of the request or of what came of it; empty for nothing
/// in particular
/// @param from an address, or `command line`
/// @param detail JSON: what was asked for, without secrets and texts
public record AuditEntry(
        long id,
        Instant at,
        Optional<Long> user,
        String userName,
        String action,
        String target,
        AuditOutcome outcome,
        String from,
        String detail) {}
