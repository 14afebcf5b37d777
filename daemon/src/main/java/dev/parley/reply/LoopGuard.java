package dev.parley.reply;

import dev.parley.conversation.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Recognises machines that answer machines, before they fill a group: another gateway in it, an
/// auto-responder, one of our own lines.
public final class LoopGuard {

    /// What one participant may have relayed in a conversation in [#WINDOW]. People who type fast stay
    /// below; a machine that answers each relay is there within minutes.
    public static final int RELAYED_MAX = 30;

    static final Duration WINDOW = Duration.ofMinutes(5);

    /// How often one participant may have the same text relayed in a conversation in [#WINDOW]. A machine says the
    /// same each time, and is known by it long before it is by its rate.
    static final int REPEATED_MAX = 5;

    /// How long ago a text may have been sent to somebody and still be its echo.
    static final Duration ECHO_WINDOW = Duration.ofHours(1);

    /// Shorter ones are said again and again by people.
    private static final int CHARACTERS_MIN = 4;

    private LoopGuard() {}

    enum Loop {
        OWN_LINE("it comes from one of our own lines"),
        ECHO("it is a text of this conversation that comes back"),
        REPEATED("the same came in again and again"),
        RATE("too many came in too short a time");

        private final String reason;

        Loop(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /// A text that was relayed.
    record Relayed(Instant at, String text) {}

    /// @param sentToSender the texts that were sent to the sender in the [#ECHO_WINDOW] before `at`, as
    /// it got them
    /// @param relayedBefore earlier texts of this participant that were relayed in this conversation
    static Optional<Loop> looksLike(
            String sender,
            String text,
            Instant at,
            Collection<String> ownLines,
            Collection<String> sentToSender,
            List<Relayed> relayedBefore) {
        if (ownLines.contains(sender)) {
            return Optional.of(Loop.OWN_LINE);
        }
        if (sentToSender.stream().anyMatch(sent -> isEcho(text, sent))) {
            return Optional.of(Loop.ECHO);
        }
        var since = at.minus(WINDOW);
        var recent = relayedBefore.stream()
                .filter(each -> each.at().isAfter(since) && !each.at().isAfter(at))
                .toList();
        var words = Letters.words(text);
        long same = recent.stream()
                .filter(each -> Letters.words(each.text()).equals(words))
                .count();
        if (words.length() >= CHARACTERS_MIN && same >= REPEATED_MAX) {
            return Optional.of(Loop.REPEATED);
        }
        return recent.size() >= RELAYED_MAX ? Optional.of(Loop.RATE) : Optional.empty();
    }

    /// Whether a text is a relay that we sent, alone or behind the name that another gateway put before
    /// it. The tag in front of either is not compared. A person does not send our line back with the
    /// name in front of it.
    private static boolean isEcho(String text, String sent) {
        var ours = Letters.words(withoutTag(sent));
        var theirs = Letters.words(withoutTag(text));
        return isRelay(sent)
                && isRelay(text)
                && ours.length() >= CHARACTERS_MIN
                && (theirs.equals(ours) || theirs.endsWith(" " + ours));
    }

    private static boolean isRelay(String sent) {
        return withoutTag(sent).indexOf(": ") > 0;
    }

    private static String withoutTag(String text) {
        return Tags.leading(text).map(Tags.Tagged::text).orElse(text);
    }
}
