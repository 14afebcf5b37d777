package dev.parley.queue;

import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.FailureCode;
import dev.parley.link.Link;
import dev.parley.link.LinkState;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import dev.parley.modem.ModemKind;
import dev.parley.queue.ReportSettler.Settled;
import dev.parley.smpp.MessageIds;
import dev.parley.smpp.SmppKind;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.parley.queue.Eventually.equal;
import static dev.parley.queue.Eventually.until;
import static dev.parley.queue.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SendQueueTest {
    private static final Store STORE = TestDatabase.open();
    private static final long LINE = 1;
    private static final String ANN = "+12025550111";
    private static final String BOB = "+12025550112";

    /// Long enough for what must not happen to happen.
    private static final Duration A_WHILE = Duration.ofMillis(300);

    private static final QueueSettings SETTINGS = new QueueSettings(
            "test",
            Duration.ofMinutes(10),
            Duration.ofHours(72),
            Duration.ofMillis(30),
            Duration.ofMillis(60),
            5,
            3,
            Duration.ofHours(24),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofMillis(20),
            Duration.ofSeconds(5));

    private final TestClock clock = TestClock.running();
    private final RecordingProgress progress = new RecordingProgress();
    private final List<SendQueue> queues = new ArrayList<>();
    private final List<CountDownLatch> gates = new ArrayList<>();
    private QueueMetrics metrics = new QueueMetrics(new SimpleMeterRegistry());

    @BeforeEach
    void empty() {
        for (var table : List.of("part", "link_lease", "parked_report", "link_use")) {
            execute("DELETE FROM " + table);
        }
    }

    @AfterEach
    void stop() {
        gates.forEach(CountDownLatch::countDown);
        queues.forEach(SendQueue::close);
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    private static int execute(String sql) {
        return STORE.transaction(tx -> {
            try (var statement = tx.connection().createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    private static String one(String sql) {
        return STORE.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                return row.next() ? String.valueOf(row.getString(1)) : "none";
            }
        });
    }

    /// A queued part may be the head of its lane, held there, or behind another.
    private static final String STATE = """
            CASE WHEN state <> 'queued' THEN state
                 WHEN EXISTS (SELECT 1 FROM part AS before_it
                               WHERE before_it.lane = part.lane AND before_it.work = 1
                                 AND before_it.place < part.place) THEN 'waiting'
                 WHEN held THEN 'held' ELSE 'queued' END""";

    private static String state(long delivery) {
        return one("SELECT GROUP_CONCAT(" + STATE + " ORDER BY seq SEPARATOR ' ') FROM part WHERE delivery_id = "
                + delivery);
    }

    private SendQueue queue(Link... links) {
        return queue(SETTINGS, links);
    }

    private SendQueue queue(QueueSettings settings, Link... links) {
        metrics = new QueueMetrics(new SimpleMeterRegistry());
        var queue = new SendQueue(STORE, clock, settings, metrics, Map.of(LINE, List.of(links)), Map.of());
        queues.add(queue);
        queue.start(progress);
        return queue;
    }

    private SendQueue limited(SendLimits limits, Link... links) {
        return queue(Map.of(links[0].name(), LinkTerms.NONE.with(limits)), links);
    }

    private SendQueue queue(Map<String, LinkTerms> terms, Link... links) {
        metrics = new QueueMetrics(new SimpleMeterRegistry());
        var queue = new SendQueue(STORE, clock, SETTINGS, metrics, Map.of(LINE, List.of(links)), terms);
        queues.add(queue);
        queue.start(progress);
        return queue;
    }

    private static void putOnLanes(SendQueue queue, int from, int to) {
        for (int id = from; id <= to; id++) {
            put(queue, delivery(id, id, ANN, "text " + id));
        }
    }

    private static ScriptedLink modem(String name) {
        return new ScriptedLink(name, ModemKind.KIND, 1);
    }

    private static ScriptedLink smpp(String name, int window) {
        return new ScriptedLink(name, SmppKind.KIND, window);
    }

    @Test
    void takesNoMoreInAMinuteThanTheSimMaySend() {
        var link = modem("modem-1");
        var queue = limited(new SendLimits(OptionalInt.of(3), OptionalInt.empty()), link);
        putOnLanes(queue, 1, 5);
        equal(3, () -> link.submitted().size());
        assertFalse(within(A_WHILE, () -> link.submitted().size() > 3));
        assertEquals("queued", state(4));
        clock.advance(Duration.ofSeconds(61));
        equal(5, () -> link.submitted().size());
    }

    @Test
    void keepsTheLimitOfADayOverARestart() {
        var limits = new SendLimits(OptionalInt.empty(), OptionalInt.of(4));
        var link = modem("modem-1");
        var queue = limited(limits, link);
        putOnLanes(queue, 1, 3);
        equal("accepted", () -> state(3));
        queue.close();
        var again = limited(limits, link);
        putOnLanes(again, 4, 6);
        equal(4, () -> link.submitted().size());
        assertFalse(within(A_WHILE, () -> link.submitted().size() > 4));
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        equal(6, () -> link.submitted().size());
    }

    @Test
    void aLinkBehindOneThatHasUsedUpItsLimitCarriesOn() {
        var first = modem("modem-1");
        var second = modem("modem-2");
        var queue = limited(new SendLimits(OptionalInt.of(2), OptionalInt.of(100)), first, second);
        putOnLanes(queue, 1, 6);
        equal(6, () -> first.submitted().size() + second.submitted().size());
        assertEquals(2, first.submitted().size());
    }

    @Test
    void whatTheNetworkRefusesDoesNotCountAgainstALimit() {
        var link = modem("modem-1");
        link.answers(_ -> new SubmitOutcome.Refused(FailureCode.UNKNOWN_NUMBER, Optional.of(1), "no such number"));
        var queue = limited(new SendLimits(OptionalInt.of(2), OptionalInt.empty()), link);
        putOnLanes(queue, 1, 4);
        equal("failed", () -> state(4));
        assertEquals("0", one("SELECT COUNT(*) FROM link_use"));
    }

    /// A gate before every answer of the link, which accepts.
    private CountDownLatch gate(ScriptedLink link) {
        var gate = gate();
        link.answers(_ -> {
            gate.await();
            return link.accepted();
        });
        return gate;
    }

    /// A gate that the test's end opens at the latest.
    private CountDownLatch gate() {
        var gate = new CountDownLatch(1);
        gates.add(gate);
        return gate;
    }

    private static OutgoingDelivery delivery(long id, long lane, String recipient, String... texts) {
        return delivery(id, lane, recipient, Optional.empty(), Optional.empty(), false, texts);
    }

    private static OutgoingDelivery delivery(
            long id,
            long lane,
            String recipient,
            Optional<Instant> notBefore,
            Optional<Instant> expiresAt,
            boolean held,
            String... texts) {
        var segments = IntStream.range(0, texts.length)
                .mapToObj(i -> new Segment(
                        Alphabet.GSM7,
                        NationalLanguage.DEFAULT,
                        NationalLanguage.DEFAULT,
                        texts[i],
                        texts.length == 1 ? Optional.empty() : Optional.of(new Concat(7, 8, texts.length, i + 1))))
                .toList();
        return new OutgoingDelivery(id, LINE, lane, recipient, segments, notBefore, expiresAt, held);
    }

    private static void put(SendQueue queue, OutgoingDelivery... deliveries) {
        STORE.transaction(tx -> {
            queue.enqueue(tx, Arrays.asList(deliveries));
            return queue;
        });
    }

    private static boolean again(SendQueue queue, long delivery) {
        return STORE.transaction(tx -> queue.retry(tx, delivery));
    }

    private Settled report(
            SendQueue queue, ScriptedLink link, String reference, String recipient, Instant scts, Received.Fate fate) {
        var report = new Received.Report(
                Optional.of(reference),
                Optional.of(recipient),
                link.kind() == ModemKind.KIND ? Optional.of(scts) : Optional.empty(),
                Optional.empty(),
                fate,
                Optional.empty());
        return STORE.transaction(tx -> queue.settle(tx, link.name(), link.kind(), report, clock.instant()));
    }

    private static final Received.Fate DELIVERED = new Received.Fate.Delivered();
    private static final Received.Fate PENDING = new Received.Fate.Pending(Optional.of(0x20), "congestion");
    private static final Received.Fate UNREACHABLE =
            new Received.Fate.Failed(FailureCode.UNREACHABLE, Optional.of(0x46), "validity expired");

    // ---- Order ----

    @Test
    void whatOneParticipantGetsIsHandedOverInTheOrderItWasSaid() {
        var link = smpp("a", 10);
        var queue = queue(link);
        for (int i = 1; i <= 15; i++) {
            put(queue, delivery(i, 1, ANN, i + "a", i + "b"));
        }
        equal(30, () -> link.submitted().size());
        assertEquals(
                IntStream.rangeClosed(1, 15)
                        .boxed()
                        .flatMap(i -> List.of(i + "a", i + "b").stream())
                        .toList(),
                link.texts());
        until("all are sent", () -> progress.told().contains("sent 15"));
    }

    @Test
    void aRetryLetsNothingOvertake() {
        var link = smpp("a", 10);
        var refusals = new AtomicInteger(2);
        link.answers(part -> part.segment().text().equals("first") && refusals.getAndDecrement() > 0
                ? new SubmitOutcome.Postponed(FailureCode.NETWORK_TROUBLE, Optional.of(41), "temporary failure")
                : link.accepted());
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "first"), delivery(2, 1, ANN, "second"), delivery(3, 2, BOB, "other"));
        until("the last is sent", () -> progress.told().contains("sent 2"));
        var ann = link.texts().stream().filter(text -> !text.equals("other")).toList();
        assertEquals(List.of("first", "first", "first", "second"), ann);
        assertEquals(
                List.of(
                        "sending 1 a #1",
                        "postponed 1 network-trouble",
                        "sending 1 a #2",
                        "postponed 1 network-trouble",
                        "sending 1 a #3",
                        "begun 1",
                        "sent 1"),
                progress.told(1));
    }

    @Test
    void differentLanesNeverWaitForEachOther() {
        var link = smpp("a", 4);
        var gate = gate();
        link.answers(part -> {
            if (part.recipient().equals(ANN)) {
                gate.await();
            }
            return link.accepted();
        });
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "stuck"), delivery(2, 1, ANN, "behind"), delivery(3, 2, BOB, "free"));
        until("Bob has his", () -> progress.told().contains("sent 3"));
        assertEquals("submitting", state(1));
        assertEquals("waiting", state(2));
        gate.countDown();
        until("Ann has hers", () -> progress.told().contains("sent 2"));
    }

    @Test
    void aDeliveryWithALaterTimeTakesItsPlaceWhenThatComes() {
        var link = modem("a");
        var queue = queue(link);
        put(
                queue,
                delivery(
                        1,
                        1,
                        ANN,
                        Optional.of(clock.instant().plus(Duration.ofHours(1))),
                        Optional.empty(),
                        false,
                        "later"),
                delivery(2, 1, ANN, "now"));
        until("what is due is sent", () -> progress.told().contains("sent 2"));
        assertEquals("scheduled", state(1));
        clock.advance(Duration.ofHours(1));
        until("the later one is sent", () -> progress.told().contains("sent 1"));
    }

    // ---- Ends ----

    @Test
    void aRefusalFailsTheDeliveryTakesBackItsRestAndLetsTheLaneGoOn() {
        var link = modem("a");
        link.answers(part -> part.segment().text().equals("two")
                ? new SubmitOutcome.Refused(FailureCode.UNKNOWN_NUMBER, Optional.of(1), "unassigned number")
                : link.accepted());
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "one", "two", "three"), delivery(2, 1, ANN, "next"));
        until("the lane goes on", () -> progress.told().contains("sent 2"));
        assertEquals("accepted failed withdrawn", state(1));
        assertEquals(List.of("one", "two", "next"), link.texts());
        assertEquals(
                List.of("sending 1 a #1", "begun 1", "sending 1 a #2", "failed 1 unknown-number"), progress.told(1));
    }

    @Test
    void retriesEndAndAFailedDeliveryIsSentAgainOnRequest() {
        var link = modem("a");
        link.answers(_ -> new SubmitOutcome.Postponed(FailureCode.UNREACHABLE, Optional.of(27), "out of order"));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("it fails", () -> progress.told().contains("failed 1 retries-used-up"));
        assertEquals(5, link.submitted().size());
        link.answers(_ -> link.accepted());
        assertTrue(again(queue, 1));
        until("it is sent", () -> progress.told().contains("sent 1"));
        assertFalse(again(queue, 1), "nothing of it failed now");
        assertFalse(again(queue, 99));
    }

    @Test
    void withoutALinkItWaitsAndThenFails() {
        var link = modem("a");
        link.is(LinkState.SEARCHING);
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"), delivery(2, 1, ANN, "behind"));
        assertFalse(within(A_WHILE, () -> !link.submitted().isEmpty()));
        assertEquals("queued", state(1));
        clock.advance(Duration.ofHours(73));
        until(
                "both fail",
                () -> progress.told().stream()
                                .filter(line -> line.startsWith("failed"))
                                .count()
                        == 2);
        assertTrue(progress.told().contains("failed 1 no-link"));
    }

    @Test
    void nothingIsHandedOverAfterItsValidity() {
        var link = modem("a");
        link.answers(_ -> new SubmitOutcome.Postponed(FailureCode.UNREACHABLE, Optional.empty(), "later"));
        var queue = queue(link);
        var expires = Optional.of(clock.instant().plus(Duration.ofMinutes(5)));
        put(queue, delivery(1, 1, ANN, Optional.empty(), expires, true, "hello"));
        clock.advance(Duration.ofMinutes(6));
        until("it fails", () -> progress.told().contains("failed 1 expired"));
        assertEquals(List.of(), link.texts());
    }

    // ---- Crash and uncertainty ----

    @Test
    void whatWasBeingHandedOverAtACrashIsNotSentAgainAndAReportProvesItSent() {
        var before = modem("a");
        var _ = gate(before);
        put(queue(before), delivery(1, 1, ANN, "once"), delivery(2, 1, ANN, "behind"), delivery(3, 2, BOB, "other"));
        until("it is being handed over", () -> before.submitted().size() == 1);
        // kill -9: the old object is left as it is.
        var after = modem("a");
        var queue = queue(after);
        until("the other lane goes on", () -> progress.told().contains("sent 3"));
        assertEquals("uncertain", state(1));
        assertEquals("waiting", state(2));
        assertEquals(Settled.MATCHED, report(queue, after, "200", ANN, clock.instant(), DELIVERED));
        until("the lane goes on", () -> progress.told().contains("sent 2"));
        assertEquals(List.of("sending 1 a #1", "begun 1", "sent 1", "delivered 1"), progress.told(1));
        assertEquals(List.of("other", "behind"), after.texts());
    }

    @Test
    void thePastOwnerOfALinkCanWriteNothingMore() {
        var before = modem("a");
        var gate = gate(before);
        var old = queue(before);
        put(old, delivery(1, 1, ANN, "hello"), delivery(2, 2, BOB, "other"));
        until("it is being handed over", () -> before.submitted().size() == 1);
        var after = modem("a");
        after.is(LinkState.SEARCHING);
        queue(after);
        gate.countDown();
        assertFalse(within(A_WHILE, () -> !state(1).equals("uncertain")), "its outcome comes with an old epoch");
        assertEquals("queued", state(2));
        assertEquals(1, before.submitted().size(), "and it takes nothing more");
    }

    @Test
    void anotherNodeWaitsForTheLeaseToRunOut() {
        var one = modem("a");
        var two = modem("a");
        one.is(LinkState.SEARCHING);
        queue(one);
        var other = new QueueSettings(
                "other",
                SETTINGS.grace(),
                SETTINGS.validity(),
                SETTINGS.retryFirst(),
                SETTINGS.retryLongest(),
                5,
                SETTINGS.copiesMax(),
                SETTINGS.parking(),
                SETTINGS.clockMargin(),
                SETTINGS.leaseTime(),
                SETTINGS.poll(),
                SETTINGS.stopWait());
        var second = queue(other, two);
        put(second, delivery(1, 1, ANN, "hello"));
        assertFalse(within(A_WHILE, () -> !two.submitted().isEmpty()));
        queues.getFirst().close(); // lets go of the lease
        until("the other takes over", () -> progress.told().contains("sent 1"));
    }

    @Test
    void anUncertainPartIsSentAgainOnlyWhenItsGracePeriodIsOverAndThatIsCounted() {
        var link = modem("a");
        var silent = new AtomicInteger(1);
        link.answers(_ -> silent.getAndDecrement() > 0 ? new SubmitOutcome.Uncertain("no result") : link.accepted());
        var queue = queue(link);
        long before = Long.parseLong(one("SELECT n FROM queue_tally WHERE name = 'resent'"));
        put(queue, delivery(1, 1, ANN, "hello"));
        until("it is uncertain", () -> state(1).equals("uncertain"));
        assertFalse(within(A_WHILE, () -> link.submitted().size() > 1));
        clock.advance(Duration.ofMinutes(10));
        until("it is sent", () -> progress.told().contains("sent 1"));
        assertEquals(2, link.submitted().size());
        assertEquals(Long.toString(before + 1), one("SELECT n FROM queue_tally WHERE name = 'resent'"));
        assertTrue(progress.told(1).contains("sending 1 a #2"));
    }

    @Test
    void aPartThatNobodyEverAnswersForHasFailedAfterAsManyCopiesAsArePermitted() {
        var link = modem("a");
        link.answers(part ->
                part.segment().text().equals("hello") ? new SubmitOutcome.Uncertain("no result") : link.accepted());
        put(queue(link), delivery(1, 1, ANN, "hello"), delivery(2, 1, ANN, "and more"));
        for (int copy = 1; copy <= SETTINGS.copiesMax(); copy++) {
            int copies = copy;
            until("copy " + copy, () -> link.submitted().size() == copies && state(1).equals("uncertain"));
            clock.advance(Duration.ofMinutes(10));
        }
        until("it fails", () -> progress.told().contains("failed 1 no-answer"));
        until("the next in its lane goes on", () -> progress.told().contains("sent 2"));
        assertEquals(SETTINGS.copiesMax() + 1, link.submitted().size());
    }

    @Test
    void aPartWithoutAnAnswerGoesToNoOtherLink() {
        var first = smpp("first", 4);
        var second = smpp("second", 4);
        first.answers(_ -> {
            first.is(LinkState.DISCONNECTED);
            return new SubmitOutcome.Uncertain("the session dropped");
        });
        var queue = queue(first, second);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("it is uncertain", () -> state(1).equals("uncertain"));
        put(queue, delivery(2, 1, ANN, "behind"), delivery(3, 2, BOB, "other"));
        until("the second carries on", () -> progress.told().contains("sent 3"));
        assertFalse(within(A_WHILE, () -> second.submitted().size() > 1));
    }

    @Test
    void aReportThatFitsSeveralUncertainPartsSettlesTheOldest() {
        var link = smpp("a", 4);
        link.answers(_ -> new SubmitOutcome.Uncertain("no answer"));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("the first is uncertain", () -> state(1).equals("uncertain"));
        put(queue, delivery(2, 2, ANN, "hello"));
        until("the second too", () -> state(2).equals("uncertain"));
        assertEquals(Settled.MATCHED, report(queue, link, "77", "12025550111", clock.instant(), DELIVERED));
        assertEquals("delivered", state(1));
        assertEquals("uncertain", state(2));
        assertEquals(Settled.DUPLICATE, report(queue, link, "77", "12025550111", clock.instant(), DELIVERED));
        assertEquals("uncertain", state(2));
    }

    @Test
    void aReceiptThatQuotesAnotherTextProvesNothing() {
        var link = smpp("a", 4);
        link.answers(_ -> new SubmitOutcome.Uncertain("no answer"));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "see you at nine"));
        until("it is uncertain", () -> state(1).equals("uncertain"));
        for (var quoted : Map.of("see you at six", Settled.PARKED, "see you at", Settled.MATCHED).entrySet().stream()
                .sorted(Map.Entry.<String, Settled>comparingByValue().reversed())
                .toList()) {
            var receipt = new Received.Report(
                    Optional.of("id-" + quoted.getKey().length()),
                    Optional.of(ANN),
                    Optional.empty(),
                    Optional.empty(),
                    DELIVERED,
                    Optional.of(quoted.getKey()));
            assertEquals(
                    quoted.getValue(),
                    STORE.transaction(tx -> queue.settle(tx, "a", SmppKind.KIND, receipt, clock.instant())));
        }
    }

    private Settled receipt(SendQueue queue, String link, String id, Instant submitDate) {
        var receipt = new Received.Report(
                Optional.of(id),
                Optional.of(ANN),
                Optional.of(submitDate.truncatedTo(ChronoUnit.MINUTES)),
                Optional.empty(),
                DELIVERED,
                Optional.empty());
        return STORE.transaction(tx -> queue.settle(tx, link, SmppKind.KIND, receipt, clock.instant()));
    }

    /// Its dates have no time zone, and an SMSC west of Greenwich writes some hours ago.
    @ParameterizedTest
    @CsvSource({"-300", "-720", "0", "345", "840"})
    void aReceiptProvesAPartSentWhateverTheTimeZoneOfItsDates(int minutes) {
        var link = smpp("a", 4);
        link.answers(_ -> new SubmitOutcome.Uncertain("no answer"));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("it is uncertain", () -> state(1).equals("uncertain"));
        var zone = Duration.ofMinutes(minutes);
        assertEquals(
                Settled.PARKED,
                receipt(queue, "a", "1", clock.instant().plus(zone).minus(Duration.ofMinutes(7))),
                "no zone is seven minutes off");
        assertEquals(Settled.MATCHED, receipt(queue, "a", "2", clock.instant().plus(zone)));
        assertEquals("delivered", state(1));
    }

    @Test
    void aReceiptMayComeByAnotherLinkOfTheSameAccount() {
        var first = smpp("first", 4);
        var second = smpp("second", 4);
        var other = smpp("other", 4);
        first.answers(part -> part.segment().text().equals("silent")
                ? new SubmitOutcome.Uncertain("no answer")
                : ScriptedLink.accepted("00" + part.segment().text()));
        var ours = LinkTerms.NONE.ofAccount("first");
        var queue = queue(
                Map.of("first", ours, "second", ours, "other", LinkTerms.NONE.ofAccount("other")),
                first,
                second,
                other);
        put(queue, delivery(1, 1, ANN, "17"), delivery(2, 1, ANN, "18"), delivery(3, 1, ANN, "silent"));
        until("the last is uncertain", () -> state(3).equals("uncertain"));
        var now = clock.instant();
        assertEquals(Settled.PARKED, receipt(queue, "other", "0017", now), "that is another SMSC's id");
        assertEquals(Settled.MATCHED, receipt(queue, "second", "0017", now));
        assertEquals(Settled.DUPLICATE, receipt(queue, "first", "0017", now));
        assertEquals(Settled.MATCHED, receipt(queue, "second", "18", now), "in another spelling");
        assertEquals(Settled.PARKED, receipt(queue, "other", "99", now));
        assertEquals("uncertain", state(3));
        assertEquals(Settled.MATCHED, receipt(queue, "second", "99", now));
        assertEquals("delivered", state(3));
        assertEquals(List.of("sending 3 first #1", "begun 3", "sent 3", "delivered 3"), progress.told(3));
    }

    @Test
    void aReceiptThatOvertakesItsAnswerByAnotherLinkOfTheAccountIsKeptForIt() {
        var first = smpp("first", 1);
        var second = smpp("second", 1);
        var ours = LinkTerms.NONE.ofAccount("first");
        var queue = queue(Map.of("first", ours, "second", ours), first, second);
        first.answers(_ -> {
            assertEquals(Settled.PARKED, receipt(queue, "second", "17", clock.instant()));
            return ScriptedLink.accepted("17");
        });
        put(queue, delivery(1, 1, ANN, "hello"));
        until("delivered", () -> progress.told().contains("delivered 1"));
        assertEquals("0", one("SELECT COUNT(*) FROM parked_report"));
    }

    @Test
    void aModemsOldReportDoesNotProveALaterPartSent() {
        var link = modem("a");
        link.answers(_ -> new SubmitOutcome.Uncertain("no result"));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("it is uncertain", () -> state(1).equals("uncertain"));
        var hourAgo = clock.instant().minus(Duration.ofHours(1));
        assertEquals(Settled.PARKED, report(queue, link, "12", ANN, hourAgo, DELIVERED));
        assertEquals("uncertain", state(1));
        var parked = queue.parked("a", Long.MAX_VALUE, 10);
        assertEquals(
                List.of(Optional.of("12")),
                parked.stream().map(ParkedReport::reference).toList());
    }

    // ---- Links ----

    @Test
    void whatTheFirstLinkCannotTakeGoesToTheNextAndNoAttemptIsCounted() {
        var first = modem("first");
        var second = smpp("second", 4);
        first.answers(_ -> new SubmitOutcome.NotHandedOver("no prompt"));
        var queue = queue(first, second);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("it is sent", () -> progress.told().contains("sent 1"));
        assertEquals(List.of("sending 1 first #1", "sending 1 second #1", "begun 1", "sent 1"), progress.told(1));
    }

    @Test
    void whatASuspectedLinkRefusedStandsAsideForTheNextRecipient() {
        var link = modem("a");
        link.answers(part -> part.recipient().equals(ANN)
                ? new SubmitOutcome.Suspected("+CMS ERROR: 1", Duration.ofMinutes(1))
                : link.accepted());
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "to Ann"));
        until("it stands aside", () -> queue.hasOpenCircuit("a"));
        put(queue, delivery(2, 2, BOB, "to Bob"));
        clock.advance(Duration.ofSeconds(1));
        until("Bob's goes, as the probe", () -> progress.told().contains("sent 2"));
        until("and proves the link", () -> !queue.hasOpenCircuit("a"));
        assertEquals("queued", state(1));
        link.answers(_ -> link.accepted());
        clock.advance(Duration.ofMinutes(1));
        until("then Ann's", () -> progress.told().contains("sent 1"));
        assertEquals(
                List.of("sending 1 a #1", "sending 1 a #1", "begun 1", "sent 1"),
                progress.told(1),
                "no attempt is counted");
    }

    @Test
    void aCircuitThatOpensAndClosesIsToldOnceEachAndCounted() {
        var first = smpp("first", 1);
        var second = smpp("second", 1);
        var registry = new SimpleMeterRegistry();
        var told = new CopyOnWriteArrayList<String>();
        first.answers(_ -> new SubmitOutcome.NotHandedOver("the window is full"));
        var queue = new SendQueue(
                STORE, clock, SETTINGS, new QueueMetrics(registry), Map.of(LINE, List.of(first, second)), Map.of());
        queues.add(queue);
        queue.tellsOfCircuits(
                link -> told.add(link.name() + (queue.hasOpenCircuit(link.name()) ? " open" : " closed")));
        queue.start(progress);
        put(queue, delivery(1, 1, ANN, "one"));
        until("sent", () -> progress.told().contains("sent 1"));
        assertEquals(List.of("first open"), told);
        assertTrue(queue.hasOpenCircuit("first"));
        assertFalse(queue.hasOpenCircuit("second"));
        assertEquals(1, circuit(registry, "first"));
        assertEquals(0, circuit(registry, "second"));

        clock.advance(Duration.ofSeconds(1));
        put(queue, delivery(2, 1, ANN, "two"));
        until("sent", () -> progress.told().contains("sent 2"));
        assertEquals(List.of("first open"), told, "a probe that comes to nothing is no news");
        first.answers(_ -> first.accepted());
        clock.advance(Duration.ofSeconds(1));
        put(queue, delivery(3, 1, ANN, "three"));
        until("sent", () -> progress.told().contains("sent 3"));
        equal(List.of("first open", "first closed"), () -> List.copyOf(told));
        assertEquals(0, circuit(registry, "first"));

        first.answers(_ -> new SubmitOutcome.NotHandedOver("the window is full"));
        put(queue, delivery(4, 1, ANN, "four"));
        until("sent", () -> progress.told().contains("sent 4"));
        first.is(LinkState.DISCONNECTED);
        queue.linkChanged(first, first.status());
        first.is(LinkState.READY);
        queue.linkChanged(first, first.status());
        equal(List.of("first open", "first closed", "first open", "first closed"), () -> List.copyOf(told));
        for (var to : List.of("open", "closed")) {
            assertEquals(
                    2,
                    registry.get("parley.queue.circuit.changes")
                            .tags("link", "first", "to", to)
                            .counter()
                            .count());
        }
    }

    private static double circuit(SimpleMeterRegistry registry, String link) {
        return registry.get("parley.queue.circuit.open")
                .tags("link", link)
                .gauge()
                .value();
    }

    @Test
    void theFirstLinkIsPreferredAndTakesOverAgainOnceItIsReady() {
        var first = smpp("first", 4);
        var second = smpp("second", 4);
        var queue = queue(first, second);
        put(queue, delivery(1, 1, ANN, "one"));
        until("sent", () -> progress.told().contains("sent 1"));
        first.is(LinkState.DISCONNECTED);
        queue.linkChanged(first, first.status());
        put(queue, delivery(2, 1, ANN, "two"));
        until("sent", () -> progress.told().contains("sent 2"));
        first.is(LinkState.READY);
        queue.linkChanged(first, first.status());
        put(queue, delivery(3, 1, ANN, "three"));
        until("sent", () -> progress.told().contains("sent 3"));
        assertEquals(List.of("one", "three"), first.texts());
        assertEquals(List.of("two"), second.texts());
    }

    @Test
    void aLinkThatSwallowsPartsGetsNoMoreUntilItIsReadyAgainAndThenOneForAProbe() {
        var link = smpp("a", 5);
        link.answers(_ -> new SubmitOutcome.Uncertain("no answer"));
        var queue = queue(link);
        for (int id = 1; id <= 3; id++) {
            putTexts(queue, id, id);
            int swallowed = id;
            until("it is uncertain", () -> state(swallowed).equals("uncertain"));
        }
        putTexts(queue, 4, 6);
        queue.linkChanged(link, link.status()); // its signal, or the like
        assertFalse(within(A_WHILE, () -> link.submitted().size() > 3));
        link.is(LinkState.DISCONNECTED);
        queue.linkChanged(link, link.status());
        link.is(LinkState.READY);
        queue.linkChanged(link, link.status());
        equal("uncertain", () -> state(4));
        assertFalse(within(A_WHILE, () -> link.submitted().size() > 4), "one was enough to see that it still does");
        link.answers(_ -> link.accepted());
        link.is(LinkState.DISCONNECTED);
        queue.linkChanged(link, link.status());
        link.is(LinkState.READY);
        queue.linkChanged(link, link.status());
        equal("accepted", () -> state(6));
    }

    private static void putTexts(SendQueue queue, int from, int to) {
        for (int id = from; id <= to; id++) {
            put(queue, delivery(id, id, "+1202555" + (1_000 + id), "text " + id));
        }
    }

    @Test
    void linksWithWeightsShareThePartsAndOneOutOfCircuitLeavesItsShareToTheOthers() {
        var three = smpp("three", 50); // room for all, so that no turn is passed on
        var one = smpp("one", 50);
        var spare = smpp("spare", 20);
        var queue = queue(
                Map.of("three", LinkTerms.NONE.weighing(3), "one", LinkTerms.NONE.weighing(1)), three, one, spare);
        putTexts(queue, 1, 40);
        equal(40, () -> three.submitted().size() + one.submitted().size());
        assertTrue(
                Math.abs(three.submitted().size() - 30) <= 4,
                "three took " + three.submitted().size());

        three.is(LinkState.DISCONNECTED);
        queue.linkChanged(three, three.status());
        int had = one.submitted().size();
        putTexts(queue, 41, 50);
        equal(had + 10, () -> one.submitted().size());

        one.answers(_ -> new SubmitOutcome.NotHandedOver("no session is bound"));
        putTexts(queue, 51, 60);
        equal(10, () -> spare.submitted().size());
        equal("accepted", () -> state(60));
    }

    @Test
    void aLinkWithAWeightAndAFullWindowPassesItsTurnOn() {
        var slow = modem("slow");
        var fast = smpp("fast", 5);
        var gate = gate(slow);
        var queue = queue(Map.of("slow", LinkTerms.NONE.weighing(9), "fast", LinkTerms.NONE.weighing(1)), slow, fast);
        putTexts(queue, 1, 20);
        equal(19, () -> fast.submitted().size());
        gate.countDown();
        until("all are sent", () -> state(1).equals("accepted"));
        assertEquals(1, slow.submitted().size());
    }

    @Test
    void thePartsOfOneTextStayOnOneLinkAsLongAsThatTakesParts() {
        var first = smpp("first", 3);
        var second = smpp("second", 3);
        var queue =
                queue(Map.of("first", LinkTerms.NONE.weighing(1), "second", LinkTerms.NONE.weighing(1)), first, second);
        for (int id = 1; id <= 12; id++) {
            put(queue, delivery(id, id, "+1202555" + (1_000 + id), id + ".", id + ".", id + ".", id + "."));
        }
        equal(48, () -> first.submitted().size() + second.submitted().size());
        assertTrue(first.texts().stream().noneMatch(second.texts()::contains), first.texts() + " " + second.texts());
        assertTrue(
                Math.abs(first.submitted().size() - 24) <= 8,
                "first took " + first.submitted().size());

        first.answers(part -> {
            first.is(LinkState.DISCONNECTED);
            return first.accepted();
        });
        second.is(LinkState.DISCONNECTED);
        put(queue, delivery(13, 13, ANN, "a", "b"));
        until("its link is away", () -> state(13).equals("accepted queued"));
        second.is(LinkState.READY);
        queue.linkChanged(second, second.status());
        until("the other goes on", () -> state(13).equals("accepted accepted"));
    }

    @Test
    void aSlowLinkKeepsNoMorePartsOfTextsForItselfThanItCanTakeNext() {
        var slow = modem("slow");
        var fast = smpp("fast", 5);
        fast.is(LinkState.DISCONNECTED);
        var gate = gate();
        slow.answers(part -> {
            if (part.segment().text().endsWith("b")) {
                gate.await();
            }
            return slow.accepted();
        });
        var queue = queue(Map.of("slow", LinkTerms.NONE.weighing(1), "fast", LinkTerms.NONE.weighing(1)), slow, fast);
        put(
                queue,
                IntStream.rangeClosed(1, 5)
                        .mapToObj(id -> delivery(id, id, "+1202555" + (1_000 + id), id + "a", id + "b"))
                        .toArray(OutgoingDelivery[]::new));
        equal(6, () -> slow.submitted().size());
        until(
                "the second parts wait",
                () -> one("SELECT COUNT(*) FROM part WHERE (" + STATE + ") = 'waiting'")
                        .equals("0"));
        fast.is(LinkState.READY);
        queue.linkChanged(fast, fast.status());
        equal(3, () -> fast.submitted().size());
        gate.countDown();
        until(
                "all are sent",
                () -> one("SELECT COUNT(*) FROM part WHERE state = 'accepted'").equals("10"));
    }

    // ---- Reports ----

    @Test
    void aDeliveryIsDeliveredWhenEachOfItsPartsIsAndAReportTwiceIsOne() {
        var link = modem("a");
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "one", "two"));
        until("sent", () -> progress.told().contains("sent 1"));
        var scts = clock.instant();
        assertEquals(Settled.MATCHED, report(queue, link, "1", ANN, scts, PENDING));
        assertEquals(Settled.MATCHED, report(queue, link, "1", ANN, scts, DELIVERED));
        assertFalse(progress.told().contains("delivered 1"));
        assertEquals(Settled.DUPLICATE, report(queue, link, "1", ANN, scts, DELIVERED));
        assertEquals(Settled.MATCHED, report(queue, link, "0", "2025550111", scts, DELIVERED));
        assertEquals("delivered delivered", state(1));
        assertEquals(Settled.DUPLICATE, report(queue, link, "0", ANN, scts, PENDING));
        assertEquals("delivered delivered", state(1));
        assertEquals(1, progress.told().stream().filter("delivered 1"::equals).count());
    }

    @Test
    void aPartThatFailsByReportFailsItsDeliveryOnceAndALaterWordChangesNothing() {
        var link = smpp("a", 1);
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "one", "two"));
        until("sent", () -> progress.told().contains("sent 1"));
        assertEquals(Settled.MATCHED, report(queue, link, "0", ANN, clock.instant(), UNREACHABLE));
        assertEquals(Settled.MATCHED, report(queue, link, "1", ANN, clock.instant(), DELIVERED));
        assertEquals(Settled.DUPLICATE, report(queue, link, "0", ANN, clock.instant(), DELIVERED));
        assertEquals("failed delivered", state(1));
        assertEquals(
                List.of("failed 1 unreachable"),
                progress.told(1).stream()
                        .filter(line -> line.matches("(failed|delivered).*"))
                        .toList());
        assertTrue(again(queue, 1));
        until("the failed part is sent again, and only that", () -> link.texts().equals(List.of("one", "two", "one")));
        until("it has its reference", () -> state(1).equals("accepted delivered"));
        assertEquals(Settled.MATCHED, report(queue, link, "2", ANN, clock.instant(), DELIVERED));
        assertTrue(progress.told().contains("delivered 1"));
    }

    @Test
    void aReportThatOvertakesItsOwnAnswerIsKeptForIt() {
        var link = smpp("a", 1);
        var queue = queue(link);
        link.answers(_ -> {
            assertEquals(Settled.PARKED, report(queue, link, "0000BEEF", ANN, clock.instant(), DELIVERED));
            return ScriptedLink.accepted("48879"); // 0xBEEF
        });
        put(queue, delivery(1, 1, ANN, "hello"));
        until("delivered", () -> progress.told().contains("delivered 1"));
        assertEquals(List.of("sending 1 a #1", "begun 1", "sent 1", "delivered 1"), progress.told(1));
        assertEquals("0", one("SELECT COUNT(*) FROM parked_report"));
    }

    @Test
    void afterAWrapOfTheReferencesAReportBelongsToThePartOfItsTime() {
        var link = modem("a");
        link.answers(_ -> ScriptedLink.accepted("5"));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "old"));
        until("sent", () -> progress.told().contains("sent 1"));
        var then = clock.instant();
        clock.advance(Duration.ofHours(2));
        put(queue, delivery(2, 1, ANN, "new"), delivery(3, 2, BOB, "other"));
        until(
                "sent",
                () -> progress.told().contains("sent 2") && progress.told().contains("sent 3"));
        assertEquals(Settled.MATCHED, report(queue, link, "5", ANN, then, DELIVERED));
        assertEquals("delivered", state(1));
        assertEquals("accepted", state(2));
        assertEquals(Settled.DUPLICATE, report(queue, link, "5", ANN, then, DELIVERED), "told twice");
        assertEquals("accepted", state(2));
        assertEquals(Settled.MATCHED, report(queue, link, "5", ANN, clock.instant(), UNREACHABLE));
        assertEquals("failed", state(2));
        assertEquals("accepted", state(3), "the other recipient has the same reference");
    }

    @Test
    void aTwofoldReportThatFindsNothingDoesNotSettleTheNextPartWithItsReference() {
        var link = modem("a");
        link.answers(_ -> ScriptedLink.accepted("5"));
        var queue = queue(link);
        assertEquals(Settled.PARKED, report(queue, link, "5", ANN, clock.instant(), DELIVERED));
        clock.advance(Duration.ofSeconds(1));
        put(queue, delivery(1, 1, ANN, "hello"));
        until("sent", () -> progress.told().contains("sent 1"));
        assertFalse(within(A_WHILE, () -> !state(1).equals("accepted")));
    }

    @Test
    void anIdInAnotherSpellingCountsOnlyIfExactlyOneFits() {
        var link = smpp("a", 1);
        var ids = Map.of("hex", "100", "decimal", "256", "zeros", "0ABC", "other", "2748");
        link.answers(
                part -> ScriptedLink.accepted(ids.getOrDefault(part.segment().text(), "?")));
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hex"), delivery(2, 1, ANN, "decimal"));
        put(queue, delivery(3, 1, ANN, "zeros"), delivery(4, 2, BOB, "other"));
        until(
                "sent",
                () -> progress.told().contains("sent 4") && progress.told().contains("sent 3"));
        assertEquals(Settled.PARKED, report(queue, link, "0X", ANN, clock.instant(), DELIVERED));
        assertEquals(Settled.MATCHED, report(queue, link, "256", ANN, clock.instant(), DELIVERED));
        assertEquals("accepted", state(1));
        assertEquals("delivered", state(2), "the exact one");
        assertEquals(Settled.MATCHED, report(queue, link, "abc", ANN, clock.instant(), DELIVERED));
        assertEquals("delivered", state(3));
        assertEquals(Settled.PARKED, report(queue, link, "ABC", "+12025550199", clock.instant(), DELIVERED));
        assertEquals(Settled.MATCHED, report(queue, link, "ABC", BOB, clock.instant(), DELIVERED));
        assertEquals("delivered", state(4));
    }

    private Settled receiptOf(SendQueue queue, String id, String recipient) {
        var receipt = new Received.Report(
                Optional.of(id),
                Optional.of(recipient),
                Optional.empty(),
                Optional.empty(),
                DELIVERED,
                Optional.empty());
        return STORE.transaction(tx -> queue.settle(tx, "second", SmppKind.KIND, receipt, clock.instant()));
    }

    /// SMSCs rewrite addresses, or turn them round, so that a receipt may name us or nobody at all.
    @Test
    void anIdOfOnePartAloneCountsWhomeverTheReceiptNamesUnlessThatIsSomebodyElse() {
        var first = smpp("first", 4);
        var second = smpp("second", 4);
        var ours = LinkTerms.NONE.ofAccount("first");
        var queue = queue(Map.of("first", ours, "second", ours), first, second);
        first.answers(part -> ScriptedLink.accepted(part.segment().text()));
        put(queue, delivery(1, 1, ANN, "7f01"), delivery(2, 2, BOB, "7f02"));
        put(queue, delivery(3, 3, "+12025550113", "7f03"), delivery(4, 4, "+12025550114", "7f03"));
        until(
                "sent",
                () -> List.of(1, 2, 3, 4).stream().allMatch(id -> state(id).equals("accepted")));

        assertEquals(Settled.PARKED, receiptOf(queue, "7f01", BOB), "that is somebody else");
        assertEquals("accepted", state(1));
        assertEquals("accepted", state(2));
        assertEquals(Settled.MATCHED, receiptOf(queue, "7f01", "+12025550100"), "our own number");
        assertEquals("delivered", state(1));
        assertEquals(Settled.MATCHED, receiptOf(queue, "7f02", "Example"));
        assertEquals("delivered", state(2));
        assertEquals(Settled.PARKED, receiptOf(queue, "7f03", "+12025550100"), "two have it");
        assertEquals(Settled.PARKED, receiptOf(queue, "7F04", "+12025550100"));
        assertEquals(Settled.MATCHED, receiptOf(queue, "7f03", "2025550114"), "but one of them is named");
        assertEquals("accepted", state(3));
        assertEquals("delivered", state(4));
        assertEquals(Settled.PARKED, receiptOf(queue, "7F03", "+12025550100"), "another spelling counts with a name");
        assertEquals("accepted", state(3));
    }

    @Test
    void anIdAloneDoesNotCountWhereTheSmscSpellsItsIdsInTwoWays() {
        var first = smpp("first", 4);
        var queue = queue(Map.of("first", LinkTerms.NONE.with(MessageIds.Form.HEX_IN_RESPONSE)), first);
        first.answers(part -> ScriptedLink.accepted(part.segment().text()));
        put(queue, delivery(1, 1, ANN, "256"));
        until("sent", () -> state(1).equals("accepted"));
        assertEquals(Settled.PARKED, report(queue, first, "256", "+12025550100", clock.instant(), DELIVERED));
        assertEquals("accepted", state(1));
    }

    @Test
    void aReceiptThatOvertakesItsAnswerAndNamesUsSettlesItsPartSoonAfter() {
        var link = smpp("second", 1);
        link.answers(_ -> {
            assertEquals(Settled.PARKED, receiptOf(queues.getLast(), "17", "+12025550100"));
            return ScriptedLink.accepted("17");
        });
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"));
        until("delivered", () -> progress.told().contains("delivered 1"));
        assertEquals("0", one("SELECT COUNT(*) FROM parked_report"));
    }

    // ---- Taking back, holding ----

    @Test
    void aDeliveryIsTakenBackWholeOrNotAtAllHoweverTheRaceEnds() throws Exception {
        var link = smpp("a", 8);
        var queue = queue(link);
        var withdrawn = new HashMap<Long, Boolean>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long id = 1; id <= 60; id++) {
                long delivery = id;
                put(queue, delivery(delivery, delivery % 7, ANN, "t" + delivery + "a", "t" + delivery + "b"));
                withdrawn.put(
                        delivery,
                        threads.submit(() -> STORE.transaction(tx -> queue.withdraw(tx, List.of(delivery)))
                                        .contains(delivery))
                                .get());
            }
        }
        until(
                "nothing is left",
                () -> one("SELECT COUNT(*) FROM part WHERE state NOT IN ('accepted', 'withdrawn')")
                        .equals("0"));
        for (var one : withdrawn.entrySet()) {
            assertEquals(one.getValue() ? "withdrawn withdrawn" : "accepted accepted", state(one.getKey()));
            assertEquals(!one.getValue(), link.texts().contains("t" + one.getKey() + "a"));
        }
    }

    @Test
    void whatIsBeingHandedOverIsNotTakenBack() {
        var link = modem("a");
        var gate = gate(link);
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "one", "two"), delivery(2, 1, ANN, "behind"));
        until("it is being handed over", () -> link.submitted().size() == 1);
        assertEquals(List.of(2L), STORE.transaction(tx -> queue.withdraw(tx, List.of(1L, 2L, 3L))));
        gate.countDown();
        until("sent", () -> progress.told().contains("sent 1"));
        assertFalse(within(A_WHILE, () -> link.texts().contains("behind")));
    }

    @Test
    void aHeldDeliveryKeepsItsLaneWaitingUntilItIsReleased() {
        var link = smpp("a", 4);
        var queue = queue(link);
        put(
                queue,
                delivery(1, 1, ANN, Optional.empty(), Optional.empty(), true, "held"),
                delivery(2, 1, ANN, "behind"));
        put(queue, delivery(3, 2, BOB, "free"));
        until("the other lane goes on", () -> progress.told().contains("sent 3"));
        assertEquals("held", state(1));
        assertEquals("waiting", state(2));
        STORE.transaction(tx -> {
            queue.release(tx, List.of(1L));
            return tx;
        });
        until("both are sent", () -> progress.told().contains("sent 2"));
        assertEquals(List.of("free", "held", "behind"), link.texts());
    }

    @Test
    void aHoldInTheMiddleStopsTheRest() {
        var link = modem("a");
        var gate = gate(link);
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "one", "two"));
        until("the first is being handed over", () -> link.submitted().size() == 1);
        STORE.transaction(tx -> {
            queue.hold(tx, List.of(1L));
            return tx;
        });
        gate.countDown();
        until("the second is held", () -> state(1).equals("accepted held"));
        assertEquals(List.of("one"), link.texts());
    }

    // ---- One failure stays one failure ----

    @Test
    void aMistakeWhileTellingTheConversationStopsNoOther() {
        var link = modem("a");
        progress.failsAt(line -> line.startsWith("sending 1 ") || line.equals("sent 2") || line.startsWith("failed 3"));
        link.answers(part -> part.segment().text().equals("refused")
                ? new SubmitOutcome.Refused(FailureCode.BARRED, Optional.empty(), "barred")
                : link.accepted());
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "poison"), delivery(2, 2, BOB, "hello"));
        put(queue, delivery(3, 3, BOB, "refused"), delivery(4, 2, BOB, "after"), delivery(5, 3, BOB, "after too"));
        until(
                "the others go on",
                () -> progress.told().contains("sent 4") && progress.told().contains("sent 5"));
        assertEquals("queued", state(1));
        assertEquals("accepted", state(2));
        assertEquals("failed", state(3));
        assertFalse(link.texts().contains("poison"));
    }

    @Test
    void aLinkThatThrowsLeavesItsPartUncertainAndTheOthersAlone() {
        var link = smpp("a", 2);
        link.answers(part -> {
            if (part.segment().text().equals("poison")) {
                throw new IllegalArgumentException("ours");
            }
            return link.accepted();
        });
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "poison"), delivery(2, 2, BOB, "hello"));
        until("the other is sent", () -> progress.told().contains("sent 2"));
        until("it is uncertain", () -> state(1).equals("uncertain"));
    }

    // ---- Stop and pace ----

    @Test
    void aCloseWaitsForWhatIsBeingHandedOver() throws Exception {
        var link = modem("a");
        var gate = gate();
        link.answers(_ -> {
            boolean interrupted = false;
            while (true) {
                try {
                    gate.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // the hand-over has begun
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return link.accepted();
        });
        var queue = queue(link);
        put(queue, delivery(1, 1, ANN, "hello"), delivery(2, 2, BOB, "other"));
        until("it is being handed over", () -> link.submitted().size() == 1);
        var closing = Thread.ofVirtual().start(queue::close);
        assertFalse(closing.join(A_WHILE));
        gate.countDown();
        closing.join();
        assertEquals("accepted", state(1));
        assertEquals("queued", state(2));
    }

    @Test
    void aPartReachesTheLinkWithinMillisecondsAndHundredsASecondPass() {
        var link = smpp("a", 50);
        var queue = queue(QueueSettings.of(Duration.ofMinutes(2), 3, Duration.ofDays(3)), link);
        until(
                "the link has its lease",
                () -> !one("SELECT epoch FROM link_lease WHERE link = 'a'").equals("none"));
        put(queue, delivery(1, 1, ANN, "warm"));
        until("sent", () -> progress.told().contains("sent 1"));
        long began = System.nanoTime();
        put(queue, delivery(2, 1, ANN, "one"));
        until("sent", () -> progress.told().contains("sent 2"));
        long one = System.nanoTime() - began;
        int count = 2_000;
        var many = new ArrayList<OutgoingDelivery>();
        for (int i = 0; i < count; i++) {
            many.add(delivery(10 + i, i % 400, ANN, "n" + i));
        }
        put(queue, many.toArray(OutgoingDelivery[]::new));
        began = System.nanoTime();
        until("all are sent", () -> link.submitted().size() == count + 2);
        double perSecond = count / ((System.nanoTime() - began) / 1e9);
        System.out.printf("one part: %.1f ms; %.0f parts a second%n", one / 1e6, perSecond);
        assertTrue(one < 500_000_000L, "enqueue to sent took " + one / 1_000_000 + " ms");
        assertTrue(perSecond > 100, perSecond + " parts a second");
    }

    @Test
    void theReferenceOfWhatWasHandedOverIsWhatTheLinkSaid() {
        var link = modem("a");
        var parts = new ArrayList<OutboundPart>();
        link.answers(part -> {
            parts.add(part);
            return link.accepted();
        });
        put(queue(link), delivery(1, 1, ANN, "one", "two"));
        until("sent", () -> progress.told().contains("sent 1"));
        assertEquals("0 1", one("SELECT GROUP_CONCAT(reference ORDER BY seq SEPARATOR ' ') FROM part"));
        assertEquals(
                Optional.of(new Concat(7, 8, 2, 1)), parts.getFirst().segment().concat());
        assertTrue(parts.getFirst().statusReport());
        assertTrue(parts.getFirst().validity().orElseThrow().compareTo(Duration.ofHours(71)) > 0);
    }
}
