package dev.parley.smpp;

import dev.parley.link.FailureCode;
import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jsmpp.SMPPConstant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The link over real sockets, against an SMSC that does what each test tells it.
@DisplayName("The SMPP link")
@Timeout(60)
class SmppLinkTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Ears ears = new Ears();
    private final List<SmppLink> links = new ArrayList<>();
    private TestSmsc smsc;

    @BeforeEach
    void open() throws IOException {
        smsc = new TestSmsc();
    }

    @AfterEach
    void close() throws IOException {
        smsc.close();
        links.forEach(SmppLink::close);
    }

    /// Remembers what it hears, and dedups as the inbox does: equal octets that are not released
    /// are one.
    private static final class Ears implements LinkListener {
        private final List<Inbound> heard = new CopyOnWriteArrayList<>();
        private final List<String> open = new CopyOnWriteArrayList<>();
        private final List<Long> receipts = new CopyOnWriteArrayList<>();
        private final List<LinkStatus> states = new CopyOnWriteArrayList<>();
        private final AtomicLong next = new AtomicLong();
        private final AtomicBoolean notNow = new AtomicBoolean();
        private final AtomicInteger released = new AtomicInteger();
        private volatile Callable<Void> before = () -> null;

        @Override
        public long received(Inbound inbound) throws NotNow {
            if (notNow.get()) {
                throw new NotNow("the database is away", new IOException());
            }
            try {
                before.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            synchronized (this) {
                var key = HexFormat.of().formatHex(inbound.pdu());
                int known = open.indexOf(key);
                if (known >= 0) {
                    return receipts.get(known);
                }
                heard.add(inbound);
                open.add(key);
                receipts.add(next.incrementAndGet());
                return receipts.getLast();
            }
        }

        @Override
        public synchronized void released(long receipt) {
            int known = receipts.indexOf(receipt);
            if (known >= 0) {
                open.remove(known);
                receipts.remove(known);
            }
            released.incrementAndGet();
        }

        @Override
        public void stateChanged(Link link, LinkStatus status) {
            states.add(status);
        }

        List<String> texts() {
            var decoder = new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of());
            return heard.stream()
                    .map(decoder::decode)
                    .map(received -> received instanceof Received.Text text ? text.text() : received.toString())
                    .toList();
        }
    }

    private static final class Changes {
        private SmppSettings.Bind bind = SmppSettings.Bind.TRANSCEIVER;
        private int window = 10;
        private Optional<Double> perSecond = Optional.empty();
        private Duration enquireLink = Duration.ofSeconds(30);
        private Duration responseTimeout = Duration.ofSeconds(5);
        private int sessions = 1;
        private int version = 0x34;
        private SmppSettings.LongMessages longMessages = SmppSettings.LongMessages.UDH;
        private SmppSettings.DefaultAlphabet alphabet = SmppSettings.DefaultAlphabet.GSM7;
        private boolean statusReports = true;

        private SmppSettings at(int port) {
            return new SmppSettings(
                    "127.0.0.1",
                    port,
                    bind,
                    "parley",
                    "secret",
                    "",
                    window,
                    perSecond,
                    enquireLink,
                    responseTimeout,
                    "+12025550101",
                    sessions,
                    version,
                    longMessages,
                    alphabet,
                    MessageIds.Form.AS_WRITTEN,
                    SmppSettings.AddressRules.USUAL,
                    Optional.empty(),
                    statusReports);
        }
    }

    private SmppLink started(Changes changes) {
        var link = new SmppLink(
                "acme" + (links.isEmpty() ? "" : links.size()), changes.at(smsc.port()), Clock.systemUTC(), registry);
        links.add(link);
        link.start(ears);
        return link;
    }

    private SmppLink ready(Changes changes) {
        var link = started(changes);
        eventually(
                "ready",
                () -> link.status().state() == LinkState.READY
                        && link.status().sentence().isEmpty());
        return link;
    }

    private static void eventually(String what, BooleanSupplier condition) {
        eventually(what, Duration.ofMinutes(3), condition);
    }

    private static void eventually(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what + " within " + atMost);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static Segment gsm7(String text) {
        return new Segment(Alphabet.GSM7, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, text, Optional.empty());
    }

    private static OutboundPart part(Segment segment) {
        return new OutboundPart(1, "+12025550111", segment, true, Optional.empty(), false);
    }

    private static OutboundPart part(String text) {
        return part(gsm7(text));
    }

    @Test
    void bindsSubmitsAndUnbindsWhenItIsClosed() throws Exception {
        var link = ready(new Changes());
        assertEquals(
                new SubmitOutcome.Accepted(Optional.of("id-1")),
                Outcome.of(
                        link,
                        new OutboundPart(
                                1, "+12025550111", gsm7("a@b"), true, Optional.of(Duration.ofHours(50)), false)));
        assertEquals(
                "00" // service_type
                        + "0101" + "313230323535353031303100" // the line
                        + "0101" + "313230323535353031313100" // the recipient
                        + "00" + "00" + "00" // esm_class, protocol_id, priority_flag
                        + "00" + "30303030303230323030303030303052" + "00" // two days and two hours from now
                        + "01" + "00" + "00" + "00" // registered_delivery, replace, data_coding, sm_default_msg_id
                        + "03" + "610062", // septets, one an octet
                HexFormat.of().withUpperCase().formatHex(smsc.submit().body()));
        link.close();
        assertEquals(1, smsc.unbinds.size());
        assertEquals(LinkState.CLOSED, link.status().state());
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, Outcome.of(link, part("late")));
    }

    /// `registered_delivery` (SMPP v3.4 §5.2.17): a receipt is asked for where both the link and the part want one.
    @ParameterizedTest
    @CsvSource({"true, true, 1", "true, false, 0", "false, true, 0", "false, false, 0"})
    void asksForAReceiptWhereItIsWanted(boolean link, boolean part, int asked) throws Exception {
        var changes = new Changes();
        changes.statusReports = link;
        Outcome.of(ready(changes), new OutboundPart(1, "+12025550111", gsm7("a@b"), part, Optional.empty(), false));
        var body = ByteBuffer.wrap(smsc.submit().body());
        skipText(body); // service_type
        for (int address = 0; address < 2; address++) {
            body.getShort(); // type of number, numbering plan
            skipText(body);
        }
        body.position(body.position() + 3); // esm_class, protocol_id, priority_flag
        skipText(body); // schedule_delivery_time
        skipText(body); // validity_period
        assertEquals(asked, body.get());
    }

    private static void skipText(ByteBuffer body) {
        while (body.get() != 0) {
            // up to its end
        }
    }

    /// Seen as "thread=smpp-… did not end within 3 s": jsmpp waits for the answer to an unbind until its time is out,
    /// although the connection is gone.
    @Test
    void closesAtOnceWhenTheSmscAnswersTheUnbindByHangingUp() {
        smsc.answersUnbind = false;
        var link = ready(new Changes());
        assertTimeout(Duration.ofSeconds(3), link::close);
        assertEquals(1, smsc.unbinds.size());
    }

    @Test
    void closesAtOnceWhileTheSmscOwesTheAnswerToABind() {
        smsc.answersBinds = false;
        var link = started(new Changes());
        eventually("a bind", () -> !smsc.binds.isEmpty());
        assertTimeout(Duration.ofSeconds(3), link::close);
        assertEquals(LinkState.CLOSED, link.status().state());
    }

    /// Who writes then waits in the operating system, and whoever waited for him would wait as long.
    @Test
    void aSessionWhoseOctetsNobodyReadsIsGivenUp() throws Exception {
        var changes = new Changes();
        changes.window = 40_000;
        changes.responseTimeout = Duration.ofSeconds(2);
        var link = ready(changes);
        smsc.readsNothing = true;
        var ended = new AtomicInteger();
        var part = part("0123456789".repeat(16));
        for (int i = 0; i < changes.window; i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    Outcome.of(link, part);
                    ended.incrementAndGet();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        eventually("every submit has its outcome", Duration.ofSeconds(20), () -> ended.get() == changes.window);
        smsc.readsNothing = false;
        eventually("bound again", Duration.ofSeconds(30), () -> link.status().state() == LinkState.READY);
    }

    @Test
    void saysTheVersionThatTheSettingsName() {
        var changes = new Changes();
        changes.version = 0x50;
        ready(changes);
        var body = new String(smsc.binds.getFirst().body(), StandardCharsets.ISO_8859_1);
        assertEquals("parley\0secret\0\0P\0\0\0", body, "P is 0x50");
    }

    @Test
    void bindsATransmitterAndAReceiverWhereTheSmscWantsAPair() throws Exception {
        var changes = new Changes();
        changes.bind = SmppSettings.Bind.TRANSMITTER_AND_RECEIVER;
        changes.sessions = 2;
        var link = ready(changes);
        assertEquals(4, smsc.binds.size());
        assertEquals(
                List.of(1, 1, 2, 2),
                smsc.binds.stream().map(TestSmsc.Pdu::commandId).sorted().toList());
        assertEquals(20, link.window());
        assertInstanceOf(SubmitOutcome.Accepted.class, Outcome.of(link, part("hi")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                | status | ends as       | code
            the destination is impossible       | 0x0B   | Refused       | UNKNOWN_NUMBER
            the submit failed                   | 0x45   | Refused       | REFUSED_BY_NETWORK
            the account may not                 | 0x101  | Refused       | BARRED
            the SMSC has trouble                | 0x08   | Postponed     | NETWORK_TROUBLE
            a number that only the vendor knows | 0x411  | Postponed     | REFUSED_BY_NETWORK
            the session is not bound for it     | 0x04   | NotHandedOver |
            """)
    void endsASubmitAsItsStatusSays(String name, String status, String ends, FailureCode code) throws Exception {
        int number = Integer.decode(status);
        smsc.onSubmit = (connection, pdu) -> connection.refuse(pdu, number);
        var outcome = Outcome.of(ready(new Changes()), part(name));
        assertEquals(ends, outcome.getClass().getSimpleName());
        switch (outcome) {
            case SubmitOutcome.Refused refused -> {
                assertEquals(code, refused.code());
                assertEquals(Optional.of(number), refused.network());
            }
            case SubmitOutcome.Postponed postponed -> {
                assertEquals(code, postponed.code());
                assertEquals(Optional.of(number), postponed.network());
            }
            default -> assertInstanceOf(SubmitOutcome.NotHandedOver.class, outcome);
        }
    }

    @Test
    void takesAnAcceptanceWithoutABodyAndARefusalByGenericNack() throws Exception {
        var link = ready(new Changes());
        smsc.onSubmit = (connection, pdu) -> connection.refuse(pdu, 0);
        assertEquals(new SubmitOutcome.Accepted(Optional.empty()), Outcome.of(link, part("no id")));
        smsc.onSubmit = (connection, pdu) ->
                connection.send(TestSmsc.pdu(SMPPConstant.CID_GENERIC_NACK, 0x03, pdu.sequence(), new byte[0]));
        assertInstanceOf(SubmitOutcome.Refused.class, Outcome.of(link, part("nack")));
    }

    @Test
    void matchesResponsesInAnyOrder() throws Exception {
        var changes = new Changes();
        changes.window = 20;
        var held = new ArrayList<TestSmsc.Pdu>();
        smsc.onSubmit = (connection, pdu) -> {
            held.add(pdu);
            if (held.size() == 20) {
                for (var late : held.reversed()) {
                    connection.accept(late, "for-" + late.octets()[late.octets().length - 1]);
                }
            }
        };
        var link = ready(changes);
        for (var outcome : submitAll(link, 20)) {
            var accepted = assertInstanceOf(SubmitOutcome.Accepted.class, outcome.outcome);
            assertEquals(Optional.of("for-" + outcome.letter), accepted.reference());
        }
    }

    private record Ended(byte letter, SubmitOutcome outcome) {}

    private static List<Ended> submitAll(SmppLink link, int count) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<Ended>>();
            for (int i = 0; i < count; i++) {
                byte letter = (byte) ('A' + i % 26);
                futures.add(threads.submit(() -> new Ended(
                        letter,
                        Outcome.of(link, part(String.valueOf((char) letter).repeat(3))))));
            }
            var ended = new ArrayList<Ended>();
            for (var future : futures) {
                ended.add(future.get());
            }
            return ended;
        }
    }

    private static SubmitOutcome submitted(SmppLink link, OutboundPart part) {
        try {
            return Outcome.of(link, part);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tellsAtOnceThatAFullWindowIsUncertainWhenTheSessionDrops() throws Exception {
        var changes = new Changes();
        changes.window = 100;
        changes.responseTimeout = Duration.ofSeconds(30);
        smsc.onSubmit = (connection, _) -> {
            if (smsc.submits.size() == 100) {
                connection.cut();
            }
        };
        var link = ready(changes);
        long begin = System.nanoTime();
        for (var ended : submitAll(link, 100)) {
            assertInstanceOf(SubmitOutcome.Uncertain.class, ended.outcome);
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 10, "at once");
        smsc.onSubmit = (connection, pdu) -> connection.accept(pdu, "again");
        // The state may lag behind the session that was cut: nothing is handed over until it is bound anew.
        eventually(
                "accepted again",
                () -> new SubmitOutcome.Accepted(Optional.of("again")).equals(submitted(link, part("again"))));
        assertEquals(
                100,
                registry.get("parley.smpp.responses")
                        .tag("status", "none")
                        .counter()
                        .count());
    }

    @Test
    void isUncertainWhenNoResponseComes() throws Exception {
        var changes = new Changes();
        changes.responseTimeout = Duration.ofSeconds(1);
        smsc.onSubmit = (_, _) -> {};
        assertInstanceOf(SubmitOutcome.Uncertain.class, Outcome.of(ready(changes), part("silence")));
    }

    @Test
    void asksASessionThatSwallowedASubmitWhetherItIsThereBeforeItGetsAnother() throws Exception {
        var changes = new Changes();
        changes.responseTimeout = Duration.ofSeconds(1);
        smsc.onSubmit = (_, _) -> {};
        var link = ready(changes);
        assertInstanceOf(SubmitOutcome.Uncertain.class, Outcome.of(link, part("one")));
        assertInstanceOf(
                SubmitOutcome.Uncertain.class,
                Outcome.of(link, part("two")),
                "it answers enquire_link, so it is tried");
        assertEquals(2, smsc.submits.size());

        smsc.answersEnquireLink = false;
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, Outcome.of(link, part("three")));
        assertEquals(2, smsc.submits.size(), "the third is as it was");
        smsc.answersEnquireLink = true;
        smsc.onSubmit = (connection, pdu) -> connection.accept(pdu, "again");
        eventually(
                "accepted in a session bound anew",
                () -> new SubmitOutcome.Accepted(Optional.of("again")).equals(submitted(link, part("again"))));
        assertEquals(2, smsc.connections.size());
    }

    @Test
    void takesNothingInASessionThatIsGivenUpFromTheMomentThatAPartHearsOfIt() throws Exception {
        var changes = new Changes();
        changes.responseTimeout = Duration.ofSeconds(1);
        smsc.onSubmit = (_, _) -> {};
        var link = ready(changes);
        assertInstanceOf(SubmitOutcome.Uncertain.class, Outcome.of(link, part("one")));
        smsc.answersEnquireLink = false;
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, afterwards(link));
        assertEquals(1, smsc.submits.size());
    }

    @Test
    void takesNothingInASessionThatRetiresFromTheMomentThatAPartHearsOfIt() throws Exception {
        var changes = new Changes();
        changes.responseTimeout = Duration.ofSeconds(1);
        smsc.onSubmit = (_, _) -> {};
        var link = ready(changes);
        assertInstanceOf(SubmitOutcome.Uncertain.class, Outcome.of(link, part("one")));
        assertInstanceOf(SubmitOutcome.Uncertain.class, Outcome.of(link, part("two")));
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, afterwards(link));
        assertEquals(3, smsc.submits.size());
    }

    /// What becomes, at once, of a part that is handed over as soon as the outcome of another is told.
    private static SubmitOutcome afterwards(SmppLink link) throws Exception {
        var next = new CompletableFuture<Optional<SubmitOutcome>>();
        link.submit(part("the last"), _ -> {
            var outcome = new CompletableFuture<SubmitOutcome>();
            link.submit(part("next"), outcome::complete);
            next.complete(Optional.ofNullable(outcome.getNow(null)));
        });
        return next.get(30, TimeUnit.SECONDS).orElseThrow(() -> new AssertionError("it was taken"));
    }

    @Test
    void refusesWithoutWaitingWhatTheWindowDoesNotHold() throws Exception {
        var changes = new Changes();
        changes.window = 1;
        var held = new CopyOnWriteArrayList<TestSmsc.Pdu>();
        smsc.onSubmit = (_, pdu) -> held.add(pdu);
        var link = ready(changes);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> Outcome.of(link, part("first")));
            eventually("first submit", () -> !held.isEmpty());
            assertInstanceOf(SubmitOutcome.NotHandedOver.class, Outcome.of(link, part("second")));
            smsc.latest().accept(held.getFirst(), "x");
            assertInstanceOf(SubmitOutcome.Accepted.class, first.get());
        }
    }

    @Test
    void waitsForItsWindowBeforeItUnbinds() throws Exception {
        var held = new CopyOnWriteArrayList<TestSmsc.Pdu>();
        smsc.onSubmit = (_, pdu) -> held.add(pdu);
        var link = ready(new Changes());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var submit = threads.submit(() -> Outcome.of(link, part("last")));
            eventually("submit", () -> !held.isEmpty());
            var closing = threads.submit(link::close);
            LockSupport.parkNanos(200_000_000);
            assertEquals(0, smsc.unbinds.size());
            smsc.latest().accept(held.getFirst(), "in time");
            assertEquals(new SubmitOutcome.Accepted(Optional.of("in time")), submit.get());
            closing.get();
            assertEquals(1, smsc.unbinds.size());
        }
    }

    @Test
    void takesNothingBackThatIsHandedOver() throws Exception {
        var held = new CopyOnWriteArrayList<TestSmsc.Pdu>();
        smsc.onSubmit = (_, pdu) -> held.add(pdu);
        var outcome = new CompletableFuture<SubmitOutcome>();
        var takeBack = ready(new Changes()).submit(part("x"), outcome::complete);
        eventually("submit", () -> !held.isEmpty());
        takeBack.run();
        smsc.latest().accept(held.getFirst(), "known");
        assertEquals(new SubmitOutcome.Accepted(Optional.of("known")), outcome.get(30, TimeUnit.SECONDS));
    }

    /// Two a second: the second turn is half a second away.
    @Test
    void takesBackWhatWaitsForItsTurn() throws Exception {
        var changes = new Changes();
        changes.perSecond = Optional.of(2.0);
        var link = ready(changes);
        Outcome.of(link, part("first"));
        var outcome = new CompletableFuture<SubmitOutcome>();
        link.submit(part("second"), outcome::complete).run();
        assertEquals(new SubmitOutcome.NotHandedOver("it was withdrawn"), outcome.get(30, TimeUnit.SECONDS));
        assertEquals(1, smsc.submits.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x58, 0x14})
    void slowsDownWhenThrottledAndLosesNothing(int status) throws Exception {
        var refusals = new AtomicInteger();
        smsc.onSubmit = (connection, pdu) -> {
            if (refusals.incrementAndGet() <= 3) {
                connection.refuse(pdu, status);
            } else {
                connection.accept(pdu, "ok");
            }
        };
        var changes = new Changes();
        changes.perSecond = Optional.of(100.0);
        var link = ready(changes);
        assertEquals(new SubmitOutcome.Accepted(Optional.of("ok")), Outcome.of(link, part("x")));
        double slowed = registry.get("parley.smpp.rate").gauge().value();
        assertTrue(slowed < 60, "slowed to " + slowed);
        eventually(
                "full rate again",
                Duration.ofSeconds(30),
                () -> registry.get("parley.smpp.rate").gauge().value() > 99);
    }

    @Test
    void keepsToTheRateWithoutBursts() throws Exception {
        var times = new CopyOnWriteArrayList<Long>();
        smsc.onSubmit = (connection, pdu) -> {
            times.add(System.nanoTime());
            connection.accept(pdu, "ok");
        };
        var changes = new Changes();
        changes.window = 50;
        changes.perSecond = Optional.of(50.0);
        var link = ready(changes);
        for (int round = 0; round < 2; round++) {
            submitAll(link, 50);
        }
        double seconds = (times.getLast() - times.getFirst()) / 1e9;
        assertTrue(seconds > 1.85, "100 submits at 50/s took " + seconds + " s");
        for (int i = 0; i + 20 < times.size(); i++) {
            double twenty = (times.get(i + 20) - times.get(i)) / 1e9;
            assertTrue(twenty > 0.2, "20 submits at 50/s within " + twenty + " s");
        }
    }

    @Test
    void splitsLongTextsAsTheSmscWants() throws Exception {
        var concat = Optional.of(new Concat(0xAB, 8, 2, 1));
        var segment =
                new Segment(Alphabet.GSM7, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, "part one", concat);
        var changes = new Changes();
        Outcome.of(ready(changes), part(segment));
        assertEquals("0E" + "050003AB0201" + hex("part one"), tail("0E"));
        changes.longMessages = SmppSettings.LongMessages.SAR;
        Outcome.of(ready(changes), part(segment));
        assertEquals("08" + hex("part one") + "020C000200AB" + "020E000102" + "020F000101", tail("08"));
        changes.longMessages = SmppSettings.LongMessages.PAYLOAD;
        Outcome.of(ready(changes), part(segment));
        assertEquals("00" + "0424000E" + "050003AB0201" + hex("part one"), tail("00"));
        var whole = "0123456789".repeat(17);
        Outcome.of(ready(changes), part(whole));
        assertEquals("00" + "042400AA" + hex(whole), tail("00"));
    }

    /// The submit from its `sm_length` on.
    private String tail(String length) throws InterruptedException {
        var pdu = HexFormat.of().withUpperCase().formatHex(smsc.submit().body());
        int fixed = "00".length()
                + "0101".length() * 2
                + 24 * 2
                + "000000".length()
                + "0000".length()
                + "01000000".length();
        assertEquals(length, pdu.substring(fixed, fixed + 2));
        return pdu.substring(fixed);
    }

    private static String hex(String ascii) {
        return HexFormat.of().withUpperCase().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void sendsLatin1OrUcs2ToAnSmscWhoseDefaultIsLatin1() throws Exception {
        var changes = new Changes();
        changes.alphabet = SmppSettings.DefaultAlphabet.LATIN1;
        var link = ready(changes);
        Outcome.of(link, part("é@"));
        assertArrayEquals(new byte[] {0, 2, (byte) 0xE9, 0x40}, last(smsc.submit(), 4));
        Outcome.of(link, part("5 €"));
        assertArrayEquals(new byte[] {6, 0, '5', 0, ' ', 0x20, (byte) 0xAC}, last(smsc.submit(), 7));
    }

    private static byte[] last(TestSmsc.Pdu pdu, int count) {
        return Arrays.copyOfRange(pdu.octets(), pdu.octets().length - count, pdu.octets().length);
    }

    @Test
    void acknowledgesOnlyWhatIsCommitted() throws Exception {
        ready(new Changes());
        var commit = new CountDownLatch(1);
        ears.before = () -> {
            commit.await();
            return null;
        };
        smsc.latest().send(TestSmsc.text(7, "12025550111", "on my way"));
        LockSupport.parkNanos(200_000_000);
        assertTrue(smsc.responses.isEmpty(), "answered before it was committed");
        commit.countDown();
        var response = smsc.response();
        assertEquals(0x8000_0005, response.commandId());
        assertEquals(0, response.status());
        assertEquals(7, response.sequence());
        assertEquals(List.of("on my way"), ears.texts());
        eventually("released once the SMSC has provably read the answer", () -> ears.released.get() == 1);
    }

    @Test
    void tellsTheSmscToKeepWhatCannotBeCommittedNow() throws Exception {
        ready(new Changes());
        ears.notNow.set(true);
        smsc.latest().send(TestSmsc.text(1, "12025550111", "hello"));
        assertEquals(0x64, smsc.response().status());
        ears.notNow.set(false);
        smsc.latest().send(TestSmsc.text(2, "12025550111", "hello"));
        assertEquals(0, smsc.response().status());
        assertEquals(List.of("hello"), ears.texts());
    }

    @Test
    void storesOnceWhatComesAgainBecauseTheAnswerWasLost() throws Exception {
        smsc.answersEnquireLink = false; // so that nothing proves the answer's arrival
        var link = ready(new Changes());
        var first = smsc.latest();
        first.send(TestSmsc.text(1, "12025550111", "hello"));
        smsc.response();
        first.cut();
        eventually("bound again", () -> smsc.binds.size() == 2 && link.status().state() == LinkState.READY);
        smsc.latest().send(TestSmsc.text(1001, "12025550111", "hello"));
        assertEquals(1001, smsc.response().sequence());
        assertEquals(List.of("hello"), ears.texts());
    }

    @Test
    void keepsTwoEqualTextsThatWereReallySent() throws Exception {
        smsc.answersEnquireLink = false;
        ready(new Changes());
        smsc.latest().send(TestSmsc.text(1, "12025550111", "ok"));
        smsc.response();
        smsc.latest().send(TestSmsc.text(2, "12025550111", "ok"));
        smsc.response();
        assertEquals(List.of("ok", "ok"), ears.texts());
    }

    @Test
    void answersEveryMessageThatItCannotRead() throws Exception {
        ready(new Changes());
        smsc.latest().send(TestSmsc.pdu(SMPPConstant.CID_DELIVER_SM, 0, 1, new byte[0]));
        assertEquals(CommandStatus.ESME_RINVMSGLEN.number(), smsc.response().status());
        smsc.latest().send(TestSmsc.pdu(0x110, 0, 2, new byte[0]));
        var nack = smsc.response();
        assertEquals(SMPPConstant.CID_GENERIC_NACK, nack.commandId());
        assertEquals(CommandStatus.ESME_RINVCMDID.number(), nack.status());
        assertEquals(2, nack.sequence());
        for (var row : ReceiptVectors.all()
                .filter(row -> row.hasPdu() && !row.category().equals("malformed"))
                .toList()) {
            smsc.latest().send(row.pdu());
            assertEquals(0, smsc.response().status(), row.id());
        }
        assertEquals(1, smsc.binds.size(), "the session has lived through all of it");
    }

    @Test
    void readsPdusHoweverTheyAreCut() throws Exception {
        ready(new Changes());
        var two = ReceiptVectors.all()
                .filter(row -> row.id().equals("D-bad-12"))
                .findFirst()
                .orElseThrow()
                .pdu();
        for (int cut = 1; cut < two.length; cut += 7) {
            smsc.latest().send(Arrays.copyOf(two, cut));
            smsc.latest().send(Arrays.copyOfRange(two, cut, two.length));
            assertEquals(
                    List.of(1, 2),
                    IntStream.of(smsc.response().sequence(), smsc.response().sequence())
                            .sorted()
                            .boxed()
                            .toList());
        }
    }

    @Test
    void keepsTheFramingWhenAReadTimesOutWithinAPdu() throws Exception {
        var changes = new Changes();
        changes.enquireLink = Duration.ofMillis(300);
        smsc.answersEnquireLink = false; // an answer would come in the middle of the PDU
        ready(changes);
        var text = TestSmsc.text(1, "12025550111", "slow line");
        for (int at : new int[] {3, 20}) {
            smsc.latest().send(Arrays.copyOf(text, at));
            LockSupport.parkNanos(800_000_000);
            smsc.latest().send(Arrays.copyOfRange(text, at, text.length));
            assertEquals(0, smsc.response().status());
        }
        assertEquals(1, smsc.binds.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000000800000005", "7FFFFFFF00000005", "FFFFFFFF00000005", "0001000100000005"})
    void givesUpTheSessionWhenTheFramingIsLostAndBindsAnew(String octets) throws Exception {
        var link = ready(new Changes());
        smsc.latest().send(HexFormat.of().parseHex(octets + "0000000000000001"));
        var nack = smsc.response();
        assertEquals(SMPPConstant.CID_GENERIC_NACK, nack.commandId());
        assertEquals(CommandStatus.ESME_RINVCMDLEN.number(), nack.status());
        eventually("bound again", () -> smsc.binds.size() == 2);
        eventually("ready", () -> link.status().state() == LinkState.READY);
    }

    @Test
    void noticesAConnectionThatIsHalfOpen() throws Exception {
        var changes = new Changes();
        changes.enquireLink = Duration.ofMillis(500);
        changes.responseTimeout = Duration.ofSeconds(1);
        var link = ready(changes);
        smsc.answersEnquireLink = false;
        eventually("bound again", () -> smsc.binds.size() >= 2);
        smsc.answersEnquireLink = true;
        eventually("ready", () -> link.status().state() == LinkState.READY);
    }

    @Test
    void keepsTryingWhileTheSmscIsAway() throws Exception {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        var link = new SmppLink("acme", new Changes().at(port), Clock.systemUTC(), registry);
        links.add(link);
        link.start(ears);
        eventually("tried", () -> !link.status().sentence().isEmpty());
        assertEquals(LinkState.DISCONNECTED, link.status().state());
        assertTrue(
                link.status().sentence().contains("127.0.0.1:" + port),
                link.status().sentence());
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, Outcome.of(link, part("x")));
        try (var late = new TestSmsc(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()))) {
            eventually("ready", () -> link.status().state() == LinkState.READY);
            assertEquals(1, late.binds.size());
            link.close();
        }
    }

    @Test
    void bindsAnewSoonWhenTheConnectionBreaksBeforeTheBindIsAnswered() throws Exception {
        var changes = new Changes();
        changes.responseTimeout = Duration.ofMinutes(1); // what it must not wait for
        smsc.hangsUpOnBind = true;
        var link = started(changes);
        eventually("tried again", () -> smsc.binds.size() >= 2);
        assertTrue(
                link.status().sentence().endsWith("the SMSC closed the connection"),
                link.status().sentence());
        smsc.hangsUpOnBind = false;
        eventually("ready", () -> link.status().state() == LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, Outcome.of(link, part("x")));
    }

    @Test
    void isAtFaultWhileTheAccountIsRefusedAndSaysWhy() {
        smsc.bindStatus = CommandStatus.ESME_RINVPASWD.number();
        var link = started(new Changes());
        eventually("fault", () -> link.status().state() == LinkState.FAULT);
        assertTrue(
                link.status().sentence().contains("ESME_RINVPASWD"),
                link.status().sentence());
        assertTrue(!link.status().sentence().contains("secret"), link.status().sentence());
        smsc.bindStatus = 0;
        link.restart();
        eventually("ready", () -> link.status().state() == LinkState.READY);
    }

    @Test
    void takesNoPartsWhilePausedAndGoesOnReceiving() throws Exception {
        var link = ready(new Changes());
        link.pause();
        assertEquals(LinkState.PAUSED, link.status().state());
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, Outcome.of(link, part("x")));
        smsc.latest().send(TestSmsc.text(1, "12025550111", "still here"));
        assertEquals(0, smsc.response().status());
        link.resume();
        assertInstanceOf(SubmitOutcome.Accepted.class, Outcome.of(link, part("x")));
        assertNotEquals(Instant.EPOCH, link.status().since());
        assertEquals(SmppKind.KIND, link.kind());
    }

    @Test
    void bindsAnewWhenTheSmscUnbinds() throws Exception {
        var link = ready(new Changes());
        smsc.latest().send(TestSmsc.pdu(0x06, 0, 1, new byte[0]));
        assertEquals(0x8000_0006, smsc.response().commandId());
        eventually("bound again", () -> smsc.binds.size() == 2);
        eventually("ready", () -> link.status().state() == LinkState.READY);
    }
}
