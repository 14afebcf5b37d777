package dev.parley.conversation;

import dev.parley.store.Labelled;

/// Whether a reply goes on to the other participants.
public enum Relay implements Labelled {
    ALL,
    /// Only our side sees replies.
    NONE
}
