package dev.parley.sms;

/// A character that became others, to be shown before the text is sent.
///
/// @param from the character, by code point
/// @param to what it became; empty if it was invisible and left out
/// @param count how often
public record Replacement(String from, String to, int count) {}
