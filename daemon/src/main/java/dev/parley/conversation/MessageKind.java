package dev.parley.conversation;

/// What a message is. Only a normal one is said by a person to persons; the automatic ones are sent by
/// us, at most one of a kind an hour to a number, and are no evidence for routing.
public enum MessageKind {
    NORMAL("normal"),
    /// An inbound STOP, HELP, LEAVE and the like: shown, never relayed.
    KEYWORD("keyword"),
    /// A line in the thread that is no SMS.
    SYSTEM("system"),
    /// Asks which conversation a reply belongs to.
    QUESTION("question"),
    /// Confirms an opt-out: the only text that goes to a number that has opted out.
    OPTED_OUT("opted-out"),
    OPTED_IN("opted-in"),
    LEFT("left"),
    JOINED("joined"),
    HELP("help"),
    INTRODUCTION("introduction");

    private final String label;

    MessageKind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /// Whether it is a text that the daemon sends by itself.
    boolean isAutomatic() {
        return switch (this) {
            case NORMAL, KEYWORD, SYSTEM -> false;
            case QUESTION, OPTED_OUT, OPTED_IN, LEFT, JOINED, HELP, INTRODUCTION -> true;
        };
    }

    static MessageKind ofLabel(String label) {
        return Labels.find(values(), MessageKind::label, label);
    }
}
