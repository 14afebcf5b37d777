package dev.parley.conversation;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Recognises machines that answer machines, before they fill a group: another gateway in it, an
/// auto-responder, one of our own lines.
final class LoopGuard {

    /// What one participant may have relayed in a conversation in [#WINDOW]. People who type fast stay
    /// below; a machine that answers each relay is there within minutes.
    static final int RELAYED_MAX = 30;

    static final Duration WINDOW = Duration.ofMinutes(5);

    /// How long ago a text may have been sent to somebody and still be its echo.
    static final Duration ECHO_WINDOW = Duration.ofHours(1);

    /// Shorter ones are said twice by people.
    private static final int ECHO_CHARACTERS_MIN = 4;

    private LoopGuard() {}

    enum Loop {
        OWN_LINE("own-line", "it comes from one of our own lines"),
        ECHO("echo", "it is a text of this conversation that comes back"),
        RATE("rate", "too many came in too short a time");

        private final String label;
        private final String reason;

        Loop(String label, String reason) {
            this.label = label;
            this.reason = reason;
        }

        String label() {
            return label;
        }

        String reason() {
            return reason;
        }
    }

    /// @param sentToSender the texts that were sent to the sender in the [#ECHO_WINDOW] before `at`, as
    /// it got them
    /// @param relayedBefore when earlier texts of this participant were relayed in this conversation
    static Optional<Loop> looksLike(
            String sender,
            String text,
            Instant at,
            Collection<String> ownLines,
            Collection<String> sentToSender,
            List<Instant> relayedBefore) {
        if (ownLines.contains(sender)) {
            return Optional.of(Loop.OWN_LINE);
        }
        if (sentToSender.stream().anyMatch(sent -> isEcho(text, sent))) {
            return Optional.of(Loop.ECHO);
        }
        var since = at.minus(WINDOW);
        long recent = relayedBefore.stream()
                .filter(time -> time.isAfter(since) && !time.isAfter(at))
                .count();
        return recent >= RELAYED_MAX ? Optional.of(Loop.RATE) : Optional.empty();
    }

    /// Whether a text is a relay that we sent, alone or behind the name that another gateway put before
    /// it. The tag in front of either is not compared. A person does not send our line back with the
    /// name in front of it.
    private static boolean isEcho(String text, String sent) {
        var ours = Keywords.words(withoutTag(sent));
        var theirs = Keywords.words(withoutTag(text));
        return isRelay(sent)
                && isRelay(text)
                && ours.length() >= ECHO_CHARACTERS_MIN
                && (theirs.equals(ours) || theirs.endsWith(" " + ours));
    }

    private static boolean isRelay(String sent) {
        return withoutTag(sent).indexOf(": ") > 0;
    }

    private static String withoutTag(String text) {
        return Tags.leading(text).map(Tags.Tagged::text).orElse(text);
    }
}
