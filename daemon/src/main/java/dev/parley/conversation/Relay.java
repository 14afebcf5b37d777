package dev.parley.conversation;

/// Whether a reply goes on to the other participants.
public enum Relay implements Labelled {
    ALL,
    /// Only our side sees replies.
    NONE
}
