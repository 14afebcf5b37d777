package dev.parley.sim.network;

import dev.parley.sms.Address;
import dev.parley.sms.Dcs;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.UserData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class InboxTest {

    private final Inbox inbox = new Inbox();

    private static List<ShortMessage> parts(String from, String text, int reference) {
        var split = (Split.Parts) Segmenter.split(text, SplitOptions.plain(reference));
        return split.segments().stream()
                .map(segment -> new ShortMessage(
                        1,
                        new Origin.Stick(from),
                        Address.ofNumber(from),
                        Address.ofNumber("+12025550111"),
                        0,
                        Dcs.of(segment.alphabet()),
                        UserData.of(segment),
                        Instant.EPOCH,
                        Instant.MAX,
                        ReportWish.NONE,
                        0))
                .toList();
    }

    private List<String> texts() {
        return inbox.received().stream().map(Received::text).toList();
    }

    @Test
    void putsPartsTogetherInAnyOrderAndOnceEach() {
        var text = "0123456789".repeat(40);
        var parts = new ArrayList<>(parts("+12025550100", text, 3));
        Collections.reverse(parts);
        parts.add(1, parts.getFirst());
        parts.forEach(inbox::add);
        assertEquals(List.of(text), texts());
        assertEquals(3, inbox.received().getFirst().parts());
        assertEquals(0, inbox.incomplete());
    }

    @Test
    void keepsSendersAndReferencesApart() {
        var one = parts("+12025550100", "a".repeat(200), 3);
        var other = parts("+12025550101", "b".repeat(200), 3);
        var third = parts("+12025550100", "c".repeat(200), 4);
        for (int i = 0; i < 2; i++) {
            inbox.add(one.get(i));
            inbox.add(other.get(i));
            inbox.add(third.get(i));
        }
        assertEquals(List.of("a".repeat(200), "b".repeat(200), "c".repeat(200)), texts());
    }

    @Test
    void forgetsTheOldestIncompleteOfTooMany() {
        for (int i = 0; i <= Inbox.INCOMPLETE_MAX; i++) {
            inbox.add(parts("+1202555" + (1000 + i), "a".repeat(200), 0).getFirst());
        }
        assertEquals(Inbox.INCOMPLETE_MAX, inbox.incomplete());
        assertEquals(List.of(), texts());
    }
}
