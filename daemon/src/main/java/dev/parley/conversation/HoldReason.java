package dev.parley.conversation;

/// Why nothing goes to a number on a line for now.
public enum HoldReason {
    /// It wrote what reads like an opt-out; a user has to decide.
    WORDING("wording"),
    /// It wants to leave a group and has to say which.
    LEAVE("leave");

    private final String label;

    HoldReason(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
