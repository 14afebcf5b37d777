package dev.parley.conversation;

/// Who can be the author of a message.
public enum AuthorKind {
    USER("user"),
    PARTICIPANT("participant"),
    SYSTEM("system");

    private final String label;

    AuthorKind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static AuthorKind ofLabel(String label) {
        return Labels.find(values(), AuthorKind::label, label);
    }
}
