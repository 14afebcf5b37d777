package dev.parley.conversation;

/// Who can be the author of a message.
public enum AuthorKind implements Labelled {
    USER,
    PARTICIPANT,
    SYSTEM
}
