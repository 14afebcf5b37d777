package dev.parley.conversation;

/// How much waits for a user, in all conversations that it may see.
///
/// @param unread unread messages, up to [Reading#COUNT_MAX]
/// @param needs things that need a person
public record CountsView(int unread, int needs) {}
