package dev.parley.conversation;

/// Why nothing goes to a number on a line for now.
public enum HoldReason implements Labelled {
    /// It wrote what reads like an opt-out; a user has to decide.
    WORDING,
    /// It wants to leave a group and has to say which.
    LEAVE
}
