package dev.parley.conversation;

import java.util.Optional;

/// A plain one-to-one text.
///
/// @param line the id of a line; empty for the only one, or the one last used with this number
/// @param to a number in any spelling, or a short code
public record DirectMessage(Optional<Long> line, String to, NewMessage message) {}
