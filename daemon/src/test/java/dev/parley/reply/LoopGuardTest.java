package dev.parley.reply;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// When a loop is recognised, and what we say by ourselves.
class LoopGuardTest {
    private static final String ANN = "+12025550111";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static Optional<LoopGuard.Loop> loop(String sender, String text, List<String> sent, int relayed) {
        return LoopGuard.looksLike(
                sender, text, NOW, Set.of("+12025550100"), sent, relayed(relayed, Duration.ofMinutes(1)));
    }

    private static List<LoopGuard.Relayed> relayed(int times, Duration ago) {
        return IntStream.range(0, times)
                .mapToObj(i -> new LoopGuard.Relayed(NOW.minus(ago), "text number " + i))
                .toList();
    }

    @Test
    void ourOwnLineIsNoParticipant() {
        assertEquals(Optional.of(LoopGuard.Loop.OWN_LINE), loop("+12025550100", "hi", List.of(), 0));
        assertEquals(Optional.empty(), loop(ANN, "hi", List.of(), 0));
    }

    @Test
    void aRelayThatComesBackIsALoop() {
        var sent = List.of("[#2 Soccer] Bob: on my way");
        assertEquals(Optional.of(LoopGuard.Loop.ECHO), loop(ANN, "Bob: on my way", sent, 0));
        assertEquals(Optional.of(LoopGuard.Loop.ECHO), loop(ANN, "[#2 Soccer] Bob: on my way", sent, 0));
        assertEquals(Optional.of(LoopGuard.Loop.ECHO), loop(ANN, "Front desk: Bob: on my way", sent, 0));
        assertEquals(Optional.empty(), loop(ANN, "on my way", sent, 0));
        assertEquals(Optional.empty(), loop(ANN, "ok", List.of("ok"), 0));
    }

    @Test
    void moreThanAnybodyTypesIsALoop() {
        assertEquals(Optional.empty(), loop(ANN, "hi", List.of(), LoopGuard.RELAYED_MAX - 1));
        assertEquals(Optional.of(LoopGuard.Loop.RATE), loop(ANN, "hi", List.of(), LoopGuard.RELAYED_MAX));
        assertEquals(
                Optional.empty(),
                LoopGuard.looksLike(
                        ANN, "hi", NOW, Set.of(), List.of(), relayed(LoopGuard.RELAYED_MAX, LoopGuard.WINDOW)));
    }

    /// Two phones that both answer "I am driving" had sent each other, and a third, thirty each before the rate told.
    @Test
    void aMachineThatSaysTheSameAgainAndAgainIsALoopLongBeforeItsRateTells() {
        assertEquals(Optional.empty(), repeated("I am driving", "I am driving", LoopGuard.REPEATED_MAX - 1));
        assertEquals(
                Optional.of(LoopGuard.Loop.REPEATED),
                repeated("I am driving", "i am driving.", LoopGuard.REPEATED_MAX));
        assertEquals(Optional.empty(), repeated("I am home", "I am driving", LoopGuard.REPEATED_MAX));
        assertEquals(Optional.empty(), repeated("ok", "ok", LoopGuard.REPEATED_MAX));
    }

    private static Optional<LoopGuard.Loop> repeated(String text, String before, int times) {
        var relayed = new LoopGuard.Relayed(NOW.minus(Duration.ofMinutes(1)), before);
        return LoopGuard.looksLike(ANN, text, NOW, Set.of(), List.of(), Collections.nCopies(times, relayed));
    }

    @Test
    void theTextsSayWhatToReply() {
        assertEquals(
                "You are unsubscribed and will not receive more messages from this number."
                        + " Reply START to resubscribe.",
                AutomaticTexts.OPTED_OUT);
        assertEquals(
                "Who is your text for? Reply 1 for Smith move, 2 for Soccer",
                AutomaticTexts.question(
                        List.of(new AutomaticTexts.Choice(1, "Smith move"), new AutomaticTexts.Choice(2, "Soccer"))));
        for (var text : List.of(AutomaticTexts.OPTED_OUT, AutomaticTexts.OPTED_IN, AutomaticTexts.help("Front desk"))) {
            assertTrue(text.length() <= 160, text);
        }
    }
}
