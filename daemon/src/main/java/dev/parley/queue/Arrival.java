package dev.parley.queue;

import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import java.time.Instant;
import java.util.List;

/// A status report as it came.
///
/// @param links those whose parts it may be of, in their order: an SMSC gives receipts to any session of the account
/// @param at when the link read it, by our clock
record Arrival(String link, List<String> links, LinkKind kind, Received.Report report, Instant at) {}
