package dev.parley.conversation;

/// The kinds of conversations.
public enum Kind implements Labelled {
    /// Two to nine participants.
    GROUP,
    /// One participant.
    DIRECT
}
