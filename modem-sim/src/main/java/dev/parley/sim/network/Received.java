package dev.parley.sim.network;

import java.time.Instant;

/// A whole text as a phone shows it.
///
/// @param from the sender's number or name
/// @param parts how many SMS it came in
/// @param encoding `gsm7`, `ucs2` or `8bit`
public record Received(String from, String text, int parts, String encoding, Instant receivedAt) {}
