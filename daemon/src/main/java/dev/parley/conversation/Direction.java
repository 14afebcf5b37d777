package dev.parley.conversation;

import dev.parley.store.Labelled;

/// Who speaks: somebody outside or our side.
public enum Direction implements Labelled {
    INBOUND,
    OUTBOUND
}
