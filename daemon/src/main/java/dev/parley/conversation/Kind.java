package dev.parley.conversation;

/// The kinds of conversations.
public enum Kind {
    /// Two to nine participants.
    GROUP("group"),
    /// One participant.
    DIRECT("direct");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static Kind ofLabel(String label) {
        return Labels.find(values(), Kind::label, label);
    }
}
