package dev.parley.inbox;

import dev.parley.conversation.InboundText;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.line.LineSettings;
import dev.parley.line.Lines;
import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.LinkListener.NotNow;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.Received;
import dev.parley.modem.ModemKind;
import dev.parley.queue.ReportSettler.Settled;
import dev.parley.queue.ScriptedLink;
import dev.parley.smpp.SmppKind;
import dev.parley.sms.Concat;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.TestDatabase;
import dev.parley.store.Tx;
import dev.parley.world.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static dev.parley.queue.Eventually.equal;
import static dev.parley.queue.Eventually.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The octets here are a little language of this test's own, read by [#decode]:
/// `text|sender|scts|text|destination`, `part|sender|scts|ref|total|seq|text|destination`, both perhaps
/// without the last, `report|reference`, `machine`, `unreadable`, `bug`.
class InboxTest {
    private static final Store STORE = TestDatabase.open();
    private static final TestClock CLOCK = TestClock.running();
    private static final EventLog EVENTS =
            new EventLog(STORE, CLOCK, JsonMapper.builder().build());
    private static final Lines LINES = Lines.register(
            STORE,
            List.of(
                    new LineSettings("+12025550100", "Front desk", "US", List.of("modem-1", "aggregator")),
                    new LineSettings("+491711234567", "Berlin", "DE", List.of("aggregator-de")),
                    new LineSettings("+2025550100", "Cairo", "EG", List.of("aggregator-eg")),
                    new LineSettings("+12025550102", "Elsewhere", "US", List.of("other"))));

    /// Those of the aggregator are one account.
    private static final Map<String, String> ACCOUNTS = Map.of(
            "aggregator", "aggregator", "aggregator-de", "aggregator", "aggregator-eg", "aggregator", "other", "other");

    private static final String SCTS = "2026-01-05T10:00:00Z";

    private final List<InboundText> texts = new ArrayList<>();
    private final List<Received.Report> settled = new ArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<Inbox> inboxes = new ArrayList<>();
    private final Set<String> openCircuits = ConcurrentHashMap.newKeySet();
    private boolean away;
    private Inbox inbox = restarted();

    @BeforeEach
    void empty() {
        for (var table : List.of("inbound", "inbound_part", "inbound_assembly")) {
            STORE.transaction(tx -> {
                try (var statement = tx.connection().createStatement()) {
                    return statement.executeUpdate("DELETE FROM " + table);
                }
            });
        }
    }

    @AfterEach
    void stop() {
        inboxes.forEach(Inbox::close);
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    /// A new one on the same database, while the old is left as it is.
    private Inbox restarted() {
        var decoder = new WordDecoder();
        inbox = new Inbox(
                STORE,
                CLOCK,
                new InboxSettings(Duration.ofHours(24), Duration.ofDays(3), Duration.ofMillis(20), ACCOUNTS),
                new InboxMetrics(metrics),
                EVENTS,
                LINES,
                Map.of(ModemKind.KIND, decoder, SmppKind.KIND, decoder),
                this::receive,
                (tx, _, _, report, _) -> {
                    tx.afterCommit(() -> settled.add(report));
                    return Settled.MATCHED;
                },
                (_, _) -> {},
                openCircuits::contains);
        inboxes.add(inbox);
        return inbox;
    }

    private void receive(Tx tx, InboundText text) {
        if (away) {
            throw new StoreUnavailable("away");
        }
        if (text.text().equals("poison")) {
            throw new IllegalStateException("ours");
        }
        tx.afterCommit(() -> {
            synchronized (texts) {
                texts.add(text);
            }
        });
    }

    private List<String> said() {
        synchronized (texts) {
            return texts.stream().map(InboundText::text).toList();
        }
    }

    /// Of a text that ends with `|dated` all the words are what it is known by.
    private static final class WordDecoder implements Decoder {
        @Override
        public Received decode(Inbound inbound) {
            return InboxTest.decode(inbound);
        }

        @Override
        public Optional<byte[]> identity(Inbound inbound) {
            var dated = octets("|dated");
            var pdu = inbound.pdu();
            return pdu.length > dated.length
                            && Arrays.equals(pdu, pdu.length - dated.length, pdu.length, dated, 0, dated.length)
                    ? Optional.of(pdu)
                    : Optional.empty();
        }
    }

    private static Received decode(Inbound inbound) {
        int from = inbound.kind() == SmppKind.KIND ? 16 : 0;
        var said = ByteBuffer.wrap(inbound.pdu(), from, inbound.pdu().length - from)
                .slice()
                .asCharBuffer()
                .toString();
        var words = List.of(said.split("\\|", -1));
        return switch (words.getFirst()) {
            case "text" ->
                new Received.Text(
                        words.get(1),
                        false,
                        words.get(3),
                        Optional.empty(),
                        scts(words.get(2)),
                        words.stream().skip(4).findFirst());
            case "part" ->
                new Received.Text(
                        words.get(1),
                        false,
                        words.get(6),
                        Optional.of(new Concat(
                                Integer.parseInt(words.get(3)),
                                8,
                                Integer.parseInt(words.get(4)),
                                Integer.parseInt(words.get(5)))),
                        scts(words.get(2)),
                        words.stream().skip(7).findFirst());
            case "report" ->
                new Received.Report(
                        Optional.of(words.get(1)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        new Received.Fate.Delivered(),
                        Optional.empty());
            case "machine" -> new Received.Machine(Optional.empty(), "WAP push");
            case "bug" -> throw new IllegalArgumentException("a bug");
            default -> new Received.Unreadable("TP-MTI 11 at 0");
        };
    }

    private static byte[] octets(String words) {
        var octets = ByteBuffer.allocate(2 * words.length());
        octets.asCharBuffer().put(words);
        return octets.array();
    }

    private static Optional<Instant> scts(String word) {
        return word.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(word));
    }

    private static Inbound modem(String place, String words) {
        return new Inbound(
                "modem-1",
                ModemKind.KIND,
                octets(words),
                place.isEmpty() ? Optional.empty() : Optional.of(place),
                CLOCK.instant());
    }

    private static Inbound smpp(int sequenceNumber, String words) {
        return smpp("aggregator", sequenceNumber, words);
    }

    private static Inbound smpp(String link, int sequenceNumber, String words) {
        var body = octets(words);
        var pdu = new byte[16 + body.length];
        pdu[15] = (byte) sequenceNumber;
        System.arraycopy(body, 0, pdu, 16, body.length);
        return new Inbound(link, SmppKind.KIND, pdu, Optional.empty(), CLOCK.instant());
    }

    private static String part(int ref, int total, int seq, String text) {
        return part(SCTS, ref, total, seq, text);
    }

    private static String part(String scts, int ref, int total, int seq, String text) {
        return "part|+12025550111|" + scts + "|" + ref + "|" + total + "|" + seq + "|" + text;
    }

    private static final String HELLO = "text|+12025550111|" + SCTS + "|hello";

    @Test
    void aSenderInNationalFormIsThePersonItIs() throws NotNow {
        inbox.received(modem("SM:1", "text|2025550111|" + SCTS + "|hello"));
        inbox.received(smpp(1, "text|12025550111||hello again"));
        inbox.received(smpp(2, "part|12025550111||7|2|1|in two "));
        inbox.received(smpp(3, "part|12025550111||7|2|2|parts"));
        inbox.received(smpp(4, "text|12345||a code"));
        equal(List.of("hello", "hello again", "in two parts", "a code"), this::said);
        assertEquals(
                List.of("+12025550111", "+12025550111", "+12025550111", "12345"),
                texts.stream().map(InboundText::sender).toList());
    }

    /// An SMSC with two sessions of one account gives a text to either.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                     | link          | destination       | line
            to the line of the link                  | aggregator    | +12025550100      | +12025550100
            to the other line of the account         | aggregator    | +491711234567     | +491711234567
            and the reverse                          | aggregator-de | +12025550100      | +12025550100
            without plus or type                     | aggregator    | 491711234567      | +491711234567
            with the international prefix            | aggregator    | 00491711234567    | +491711234567
            in the national form of its line         | aggregator    | 01711234567       | +491711234567
            national and called international        | aggregator    | +1711234567       | +491711234567
            with blanks and brackets                 | aggregator-de | +1 (202) 555-0100    | +12025550100
            national to one, international to another | aggregator    | 2025550100       | +2025550100
            to a line of another account             | aggregator    | +12025550102      | +12025550100
            to nobody we know                        | aggregator-de | +12025550199      | +491711234567
            to a short code that routes to us        | aggregator-de | 12345             | +491711234567
            to a name                                | aggregator-de | ACME              | +491711234567
            to nothing                               | aggregator-de | ''                | +491711234567
            by an account of its own                 | other         | +491711234567     | +12025550102
            """)
    void aTextBelongsToTheLineOfTheAccountThatItWasSentTo(String name, String link, String destination, String line)
            throws NotNow {
        inbox.received(smpp(link, 1, "text|+12025550111||hello|" + destination));
        inbox.received(smpp(link, 2, "part|+12025550111||7|2|2|parts|" + destination));
        inbox.received(smpp(link, 3, "part|+12025550111||7|2|1|in two |" + destination));
        equal(List.of("hello", "in two parts"), this::said);
        long expected = LINES.byNumber(line).orElseThrow().id();
        assertEquals(
                List.of(expected, expected),
                texts.stream().map(InboundText::lineId).toList());
        assertEquals(link, texts.getFirst().link(), "by which it came");
    }

    @Test
    void aTextThatComesAgainByAnotherSessionOfTheAccountIsOneText() throws NotNow {
        var words = "text|+12025550111||hello|+491711234567";
        long receipt = inbox.received(smpp("aggregator", 7, words));
        assertEquals(receipt, inbox.received(smpp("aggregator-de", 1, words)));
        restarted();
        assertEquals(receipt, inbox.received(smpp("aggregator-eg", 3, words)));
        assertEquals(List.of("hello"), said());
        inbox.received(smpp("other", 1, words));
        assertEquals(2, said().size(), "another SMSC's text is another text");
        inbox.released(receipt);
        inbox.received(smpp("aggregator-de", 2, words));
        assertEquals(3, said().size(), "the acknowledgement was read, so this was really sent again");
    }

    @Test
    void partsOfATextComeByAnySessionOfTheAccount() throws NotNow {
        inbox.received(smpp("aggregator", 1, "part|+12025550111||9|2|1|by two |+491711234567"));
        inbox.received(smpp("aggregator-de", 1, "part|+12025550111||9|2|2|sessions|+491711234567"));
        equal(List.of("by two sessions"), this::said);
    }

    @Test
    void aCopyThatComesAgainBecauseItsDeletionWasNotConfirmedIsOneText() throws NotNow {
        long receipt = inbox.received(modem("SM:3", HELLO));
        assertEquals(receipt, inbox.received(modem("SM:3", HELLO)));
        restarted(); // crash before the deletion was confirmed
        assertEquals(receipt, inbox.received(modem("SM:3", HELLO)));
        assertEquals(List.of("hello"), said());
        assertEquals("+12025550111", texts.getFirst().sender());
        assertEquals(LINES.all().getFirst().id(), texts.getFirst().lineId());
        assertEquals(Optional.of(Instant.parse(SCTS)), texts.getFirst().scts());
        inbox.released(receipt);
        assertNotEquals(receipt, inbox.received(modem("SM:3", HELLO)), "the copy before is gone");
        assertEquals(List.of("hello", "hello"), said());
    }

    private static final String DATED = HELLO + "|dated";

    /// Deleted, says the modem, and there it lies; in the other memory too; moved; handed over and
    /// stored; repeated.
    @Test
    void aMessageWithTheNetworksTimeIsOneWhereverAndHoweverOftenItComes() throws NotNow {
        long receipt = inbox.received(modem("", DATED));
        inbox.released(receipt);
        for (var place : List.of("SM:3", "SM:3", "ME:0", "SM:2", "")) {
            assertEquals(receipt, inbox.received(modem(place, DATED)), place);
            inbox.released(receipt);
            CLOCK.advance(Duration.ofDays(1));
        }
        restarted();
        assertEquals(receipt, inbox.received(modem("SM:1", DATED)));
        assertEquals(List.of("hello"), said());
        assertNotEquals(receipt, inbox.received(modem("SM:1", "text|+12025550111|2026-01-05T10:00:01Z|hello|dated")));
        assertEquals(List.of("hello", "hello"), said(), "said twice is twice");
    }

    @Test
    void whatIsNotDeletedIsKnownForEver() throws NotNow {
        long receipt = inbox.received(modem("SM:3", DATED));
        CLOCK.advance(CopyKey.REMEMBERED.multipliedBy(20));
        assertEquals(receipt, inbox.received(modem("ME:3", DATED)));
        inbox.released(receipt);
        CLOCK.advance(CopyKey.REMEMBERED);
        assertNotEquals(receipt, inbox.received(modem("SM:3", DATED)), "gone long since: a clock that stands still");
        assertEquals(List.of("hello", "hello"), said());
    }

    @Test
    void partsUnderOneReferenceThatLieHoursApartAreOfTwoTexts() throws NotNow {
        inbox.received(modem("SM:1", "part|+12025550111|2026-01-05T07:00:00Z|7|2|1|old-1 "));
        inbox.received(modem("SM:2", "part|+12025550111|2026-01-05T10:00:00Z|7|2|2|new-2"));
        inbox.received(modem("SM:3", "part|+12025550111|2026-01-05T10:00:01Z|7|2|1|new-1 "));
        assertEquals(List.of("old-1 [part 2 of 2 missing]", "new-1 new-2"), said());
    }

    @Test
    void aPartLeftOverOfAnEarlierTextDoesNotEndTheLaterOne() throws NotNow {
        inbox.received(modem("SM:1", "part|+12025550111|2026-01-05T10:00:00Z|7|2|1|new-1 "));
        inbox.received(modem("SM:2", "part|+12025550111|2026-01-05T07:00:00Z|7|2|2|old-2"));
        inbox.received(modem("SM:3", "part|+12025550111|2026-01-05T10:30:00Z|7|2|2|new-2"));
        assertEquals(List.of("[part 1 of 2 missing]old-2", "new-1 new-2"), said());
    }

    @Test
    void equalOctetsInTwoPlacesAreTwoTexts() throws NotNow {
        inbox.received(modem("SM:3", HELLO));
        inbox.received(modem("SM:4", HELLO));
        assertEquals(2, said().size());
    }

    @Test
    void whatLiesInAPlaceNowHasReplacedWhatLayThere() throws NotNow {
        inbox.received(modem("SM:3", HELLO));
        inbox.received(modem("SM:3", HELLO + " again"));
        inbox.received(modem("SM:3", HELLO));
        assertEquals(List.of("hello", "hello again", "hello"), said());
    }

    @Test
    void aDeliverSmThatIsSentAgainWithAnotherSequenceNumberIsTheSame() throws NotNow {
        long receipt = inbox.received(smpp(1, HELLO));
        assertEquals(receipt, inbox.received(smpp(2, HELLO)));
        inbox.released(receipt);
        inbox.received(smpp(3, HELLO));
        assertEquals(2, said().size());
    }

    @Test
    void anEqualDeliverSmIsAnotherTextOnceNothingComesAgainAnyMore() throws NotNow {
        long receipt = inbox.received(smpp(1, HELLO));
        restarted(); // crash before the SMSC had read the acknowledgement, or told so
        CLOCK.advance(Duration.ofMinutes(1));
        var bound = CLOCK.instant();
        assertEquals(receipt, inbox.received(smpp(1, HELLO)), "soon after the bind it may be a repetition");
        CLOCK.advance(Duration.ofMinutes(10));
        var late = smpp(2, HELLO);
        var another =
                new Inbound(late.link(), late.kind(), late.pdu(), late.place(), late.receivedAt(), Optional.of(bound));
        assertNotEquals(receipt, inbox.received(another));
        assertEquals(List.of("hello", "hello"), said());
    }

    @Test
    void partsInAnyOrderTwiceAndOverARestartBecomeOneText() throws NotNow {
        inbox.received(modem("SM:1", part(9, 3, 3, "three")));
        inbox.received(modem("SM:2", part(9, 3, 1, "one \uD83D")));
        inbox.received(modem("SM:3", part(9, 3, 1, "one \uD83D")));
        restarted();
        assertEquals(List.of(), said());
        inbox.received(smpp(1, part(9, 3, 2, "\uDE31 two "))); // by the line's other link
        assertEquals(List.of("one \uD83D\uDE31 two three"), said());
        inbox.received(modem("SM:5", part(9, 3, 1, "one \uD83D")));
        CLOCK.advance(Duration.ofHours(25));
        inbox.received(modem("SM:6", HELLO));
        assertEquals(2, said().size(), "a part that comes late and twice begins nothing");
    }

    @Test
    void theSameReferenceOfAnotherSenderOrTotalIsAnotherText() throws NotNow {
        inbox.received(modem("SM:1", part(9, 2, 1, "a")));
        inbox.received(modem("SM:2", part(9, 3, 2, "b")));
        inbox.received(modem("SM:3", part(9, 2, 2, "c").replace("0111", "0112")));
        assertEquals(List.of(), said());
        inbox.received(modem("SM:4", part(9, 2, 2, "d")));
        assertEquals(List.of("ad"), said());
    }

    @Test
    void aReferenceThatComesAgainWithOtherWordsBeginsTheNextText() throws NotNow {
        inbox.received(modem("SM:1", part(9, 2, 1, "old ")));
        inbox.received(modem("SM:2", part("2026-01-06T10:00:00Z", 9, 2, 1, "new ")));
        inbox.received(modem("SM:3", part("2026-01-06T10:00:01Z", 9, 2, 2, "words")));
        assertEquals(List.of("old [part 2 of 2 missing]", "new words"), said());
        inbox.received(modem("SM:4", part("2026-01-07T10:00:00Z", 9, 2, 1, "new ")));
        inbox.received(modem("SM:5", part("2026-01-07T10:00:01Z", 9, 2, 2, "words")));
        assertEquals("new words", said().getLast(), "really sent again");
        assertEquals(3, said().size());
    }

    @Test
    void whatIsIncompleteAfterADayIsGivenOnWithAMark() throws NotNow {
        inbox.received(modem("SM:1", part(9, 3, 1, "one ")));
        inbox.received(modem("SM:2", part(9, 3, 3, " three")));
        CLOCK.advance(Duration.ofHours(25));
        equal(List.of("one [part 2 of 3 missing] three"), this::said);
    }

    @Test
    void reportsGoToTheQueue() throws NotNow {
        inbox.received(modem("SR:1", "report|17"));
        inbox.received(modem("SR:1", "report|17"));
        assertEquals(1, settled.size());
        assertEquals(Optional.of("17"), settled.getFirst().reference());
    }

    @Test
    void whatNobodyCanReadIsKeptRawWithTheReasonAndStopsNothing() throws NotNow {
        inbox.received(modem("SM:1", "garbage"));
        inbox.received(modem("SM:2", "machine"));
        long receipt = inbox.received(modem("SM:3", "bug"));
        assertEquals(receipt, inbox.received(modem("SM:3", "bug")), "known, and not tried again");
        inbox.received(modem("SM:4", "text|+12025550111||poison"));
        inbox.received(modem("SM:5", HELLO));
        assertEquals(List.of("hello"), said());
        var unread = inbox.unread(Long.MAX_VALUE, 10);
        assertEquals(
                List.of("failed", "failed", "machine", "unreadable"),
                unread.stream().map(RawInbound::what).toList());
        assertEquals("TP-MTI 11 at 0", unread.getLast().reason());
        assertEquals("WAP push", unread.get(2).reason());
        assertTrue(unread.getLast().pduHex().startsWith("0067"));
        assertEquals(2, inbox.unread(unread.get(1).id(), 10).size());
        assertEquals(
                2.0,
                metrics.get("parley.inbox.received")
                        .tag("what", "failed")
                        .counter()
                        .count());
    }

    @Test
    void whileItCannotBeCommittedTheLinkKeepsIt() throws NotNow {
        away = true;
        assertThrows(NotNow.class, () -> inbox.received(modem("SM:1", HELLO)));
        assertEquals(List.of(), inbox.unread(Long.MAX_VALUE, 10), "and nothing of it is stored");
        away = false;
        inbox.received(modem("SM:1", HELLO));
        assertEquals(List.of("hello"), said());
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() {
        assertEquals("a\uFFFDb\uD83D\uDE31", Inbox.wellFormed("a\uD83Db\uD83D\uDE31"));
    }

    @Test
    void aChangeOfALinkIsAnEventOfItsLine() {
        long before = EVENTS.latest();
        var link = new ScriptedLink("modem-1", ModemKind.KIND, 1);
        var since = Instant.parse("2026-01-05T10:00:00Z");
        inbox.stateChanged(
                link, new LinkStatus(LinkState.READY, "", since, Optional.of(-71), Optional.of("Example Mobile")));
        until("it is in the log", () -> EVENTS.latest() > before);
        var event = EVENTS.after(before, 10).getFirst();
        assertEquals(EventType.LINK_UPDATED, event.type());
        assertEquals(LINES.all().getFirst().id(), event.scope().lineId());
        assertEquals(
                "{\"name\":\"modem-1\",\"kind\":\"modem\",\"line\":\""
                        + LINES.all().getFirst().id()
                        + "\",\"state\":\"ready\",\"sentence\":\"\",\"since\":\"2026-01-05T10:00:00Z\","
                        + "\"signalDbm\":-71,\"operator\":\"Example Mobile\",\"circuit\":\"closed\"}",
                event.json());
    }

    @Test
    void aCircuitThatOpensOrClosesIsAnEventOfTheLink() {
        var link = new ScriptedLink("aggregator", SmppKind.KIND, 1);
        for (var circuit : List.of("open", "closed")) {
            long before = EVENTS.latest();
            if (circuit.equals("open")) {
                openCircuits.add("aggregator");
            } else {
                openCircuits.clear();
            }
            inbox.circuitChanged(link);
            until("it is in the log", () -> EVENTS.latest() > before);
            var event = EVENTS.after(before, 10).getFirst();
            assertEquals(EventType.LINK_UPDATED, event.type());
            assertTrue(event.json().contains("\"name\":\"aggregator\""), event.json());
            assertTrue(event.json().contains("\"state\":\"ready\""), event.json());
            assertTrue(event.json().contains("\"circuit\":\"" + circuit + "\""), event.json());
        }
    }

    @Test
    void retentionLeavesWhatALinkHasNotLetGoOf() throws NotNow {
        inbox.released(inbox.received(modem("SM:1", HELLO)));
        inbox.received(modem("SM:2", HELLO));
        inbox.received(modem("SM:3", part(9, 2, 1, "a")));
        inbox.received(modem("SM:4", part(9, 2, 2, "b")));
        assertEquals(2, inbox.deleteBite(CLOCK.instant().plusSeconds(1)), "one copy and one text's parts");
        assertEquals(0, inbox.deleteBite(CLOCK.instant().plusSeconds(1)));
    }
}
