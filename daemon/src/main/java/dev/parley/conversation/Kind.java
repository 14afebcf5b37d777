package dev.parley.conversation;

import dev.parley.store.Labelled;

/// The kinds of conversations.
public enum Kind implements Labelled {
    /// Two to nine participants.
    GROUP,
    /// One participant.
    DIRECT
}
