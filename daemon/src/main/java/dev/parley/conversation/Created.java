package dev.parley.conversation;

/// What a creation led to.
///
/// @param isNew false when it is the open direct conversation that was there already
public record Created(ConversationView conversation, boolean isNew) {}
