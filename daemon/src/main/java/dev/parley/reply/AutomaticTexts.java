package dev.parley.reply;

import dev.parley.conversation.Tags;
import java.util.List;
import java.util.stream.Collectors;

/// What we say by ourselves. In GSM 7-bit characters, as far as titles and names allow.
public final class AutomaticTexts {

    /// The one confirmation of an opt-out that 47 CFR 64.1200(a)(12) allows; it must not advertise
    /// anything.
    public static final String OPTED_OUT =
            "You are unsubscribed and will not receive more messages from this number. Reply START to resubscribe.";

    public static final String OPTED_IN =
            "You are resubscribed and will receive messages from this number again. Reply STOP to unsubscribe.";

    /// A title in a question; longer ones are cut, so that a question stays one or two SMS.
    private static final int TITLE_MAX = 40;

    private AutomaticTexts() {}

    /// One conversation to choose from.
    record Choice(int tag, String title) {}

    public static String help(String lineName) {
        return lineName + ": replies to this number reach us and your group. Reply STOP to unsubscribe,"
                + " START to resubscribe. Msg & data rates may apply.";
    }

    static String question(List<Choice> choices) {
        return "Who is your text for? Reply " + listed(choices);
    }

    static String leaveQuestion(List<Choice> choices) {
        return "Which group do you want to leave? Reply " + listed(choices);
    }

    private static String listed(List<Choice> choices) {
        return choices.stream()
                .map(choice -> choice.tag() + " for "
                        + (choice.tag() == Tags.DIRECT ? "a private text to us" : cut(choice.title())))
                .collect(Collectors.joining(", "));
    }

    private static String cut(String title) {
        return title.codePointCount(0, title.length()) <= TITLE_MAX
                ? title
                : title.substring(0, title.offsetByCodePoints(0, TITLE_MAX - 2)).strip() + "..";
    }

    public static String left(int tag, String title) {
        return "You left " + title + " and will not receive more messages of this group. Reply JOIN #" + tag
                + " to come back.";
    }

    public static String joined(int tag, String title) {
        return "You are back in " + title + ". Reply #" + tag + " LEAVE to leave it.";
    }
}
