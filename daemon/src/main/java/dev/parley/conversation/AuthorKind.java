package dev.parley.conversation;

import dev.parley.store.Labelled;

/// Who can be the author of a message.
public enum AuthorKind implements Labelled {
    USER,
    PARTICIPANT,
    SYSTEM
}
