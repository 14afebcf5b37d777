package dev.parley.conversation;

/// What a message is. Only a normal one is said by a person to persons; the automatic ones are sent by
/// us, at most one of a kind an hour to a number, and are no evidence for routing.
public enum MessageKind implements Labelled {
    NORMAL,
    /// An inbound STOP, HELP, LEAVE and the like: shown, never relayed.
    KEYWORD,
    /// A line in the thread that is no SMS.
    SYSTEM,
    /// Asks which conversation a reply belongs to.
    QUESTION,
    /// Confirms an opt-out: the only text that goes to a number that has opted out.
    OPTED_OUT,
    OPTED_IN,
    LEFT,
    JOINED,
    HELP,
    INTRODUCTION;

    /// Whether it is a text that the daemon sends by itself.
    boolean isAutomatic() {
        return switch (this) {
            case NORMAL, KEYWORD, SYSTEM -> false;
            case QUESTION, OPTED_OUT, OPTED_IN, LEFT, JOINED, HELP, INTRODUCTION -> true;
        };
    }
}
