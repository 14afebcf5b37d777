package dev.parley.inbox;

import java.time.Instant;

/// Something that was received and given to nobody.
///
/// @param what `machine`, `unreadable` or `failed`
/// @param reason why, in a few words
/// @param pduHex the octets as the link got them
public record RawInbound(long id, String link, String what, String reason, String pduHex, Instant receivedAt) {}
