package dev.parley.conversation;

import java.util.Optional;

/// How far a user has read in a conversation: what `conversation.read` carries.
///
/// @param message the latest message that counts as read; empty where none does
/// @param unread what is left
public record ReadView(String conversation, Optional<String> message, int unread) {}
