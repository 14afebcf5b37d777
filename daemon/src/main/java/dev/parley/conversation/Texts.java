package dev.parley.conversation;

import java.util.Optional;

/// What is said of texts whoever writes them, as pure functions.
public final class Texts {

    /// A title in a prefix is cut here: the prefix is paid for in every text.
    static final int PREFIX_TITLE_MAX = 40;

    static final int TITLE_MAX = 100;

    private Texts() {}

    /// `[#2 Soccer] `; empty for a conversation without a tag.
    static String prefix(Conversation conversation) {
        return conversation
                .tag()
                .map(tag -> "[#" + tag + " " + cut(conversation.shownTitle(), PREFIX_TITLE_MAX) + "] ")
                .orElse("");
    }

    /// How the others read what a participant wrote.
    static String relayed(String name, String text) {
        return name + ": " + text;
    }

    /// Whether this cannot be stored and sent as it is: half a surrogate pair, or NUL.
    static boolean isBroken(String text) {
        return text.indexOf('\0') >= 0
                || text.codePoints()
                        .anyMatch(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE);
    }

    public static String cut(String text, int codePointsMax) {
        return text.codePointCount(0, text.length()) <= codePointsMax
                ? text
                : text.substring(0, text.offsetByCodePoints(0, codePointsMax)).stripTrailing();
    }

    /// A title as it is kept: on one line, without brackets, which end a prefix.
    static Optional<String> title(String typed) {
        var title = typed.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return title.isEmpty() ? Optional.empty() : Optional.of(title);
    }

    /// Says who is in a group and how to leave it.
    static String introduction(Conversation conversation, String lineName) {
        var names =
                conversation.participants().stream().map(conversation::nameOf).toList();
        var replies =
                conversation.relay() == Relay.ALL ? "Replies go to everybody." : "Replies go to " + lineName + " only.";
        return "You are in the group"
                + conversation.title().map(title -> " \"" + title + "\"").orElse("")
                + " with " + lineName + " and these people: " + String.join(", ", names) + ". " + replies
                + " Reply LEAVE to leave the group, STOP to get no more texts from this number.";
    }
}
