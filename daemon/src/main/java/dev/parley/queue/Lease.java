package dev.parley.queue;

/// The right to drive a link, as long as nobody has taken a later epoch.
record Lease(String link, long epoch) {}
