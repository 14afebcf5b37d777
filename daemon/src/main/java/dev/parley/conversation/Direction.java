package dev.parley.conversation;

/// Who speaks: somebody outside or our side.
public enum Direction implements Labelled {
    INBOUND,
    OUTBOUND
}
