package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.ReferenceSpelling;
import dev.parley.link.SubmitOutcome;
import dev.parley.sim.network.Handset;
import dev.parley.sim.network.Reach;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.SmscSettings;
import dev.parley.sim.smpp.IdForm;
import dev.parley.sim.smpp.Quirks;
import dev.parley.sim.smpp.ReceiptFormat;
import dev.parley.sim.smpp.SmppListener;
import dev.parley.sms.Reassembly;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jsmpp.bean.Address;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.MessageState;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.ReplaceIfPresentFlag;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.session.SMPPSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The link and the simulated network's SMSC, over real sockets, with the SMSC as nasty as it can
/// be.
@DisplayName("The SMPP link over the simulated network")
@Timeout(120)
class SmppLinkAndNetworkTest {

    private static final String LINE = "+12025550101";
    private static final String ANN = "+12025550111";

    private final Smsc smsc = new Smsc();
    private final Ears ears = new Ears();
    private final List<SmppLink> links = new ArrayList<>();
    private SmppListener port;

    @BeforeEach
    void open() throws IOException {
        port = SmppListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), smsc);
    }

    @AfterEach
    void close() throws IOException {
        links.forEach(SmppLink::close);
        port.close();
        smsc.close();
    }

    private static final class Ears implements LinkListener {
        private final List<Received> heard = new CopyOnWriteArrayList<>();
        private final AtomicLong receipts = new AtomicLong();
        private final AtomicInteger notNow = new AtomicInteger();
        private final Set<String> open = ConcurrentHashMap.newKeySet();
        private final SmppDecoder decoder = new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of());

        @Override
        public long received(Inbound inbound) throws NotNow {
            if (notNow.getAndDecrement() > 0) {
                throw new NotNow("the database is away", new IOException());
            }
            heard.add(decoder.decode(inbound));
            return receipts.incrementAndGet();
        }

        @Override
        public void released(long receipt) {
            open.remove("" + receipt);
        }

        @Override
        public void stateChanged(Link link, LinkStatus status) {}

        List<Received.Report> reports() {
            return heard.stream()
                    .filter(Received.Report.class::isInstance)
                    .map(Received.Report.class::cast)
                    .toList();
        }

        List<Received.Text> texts() {
            return heard.stream()
                    .filter(Received.Text.class::isInstance)
                    .map(Received.Text.class::cast)
                    .toList();
        }
    }

    private SmppLink ready(int window, Optional<Double> perSecond, SmppSettings.LongMessages longMessages) {
        var settings = new SmppSettings(
                "127.0.0.1",
                port.port(),
                SmppSettings.Bind.TRANSCEIVER,
                "parley",
                "secret",
                "",
                window,
                perSecond,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                LINE,
                1,
                0x34,
                longMessages,
                SmppSettings.DefaultAlphabet.GSM7,
                MessageIds.Form.AS_WRITTEN,
                SmppSettings.AddressRules.USUAL,
                Optional.empty(),
                true);
        var link = new SmppLink("acme" + links.size(), settings, Clock.systemUTC(), new SimpleMeterRegistry());
        links.add(link);
        link.start(ears);
        eventually("ready", () -> link.status().state() == LinkState.READY);
        return link;
    }

    private SmppLink ready() {
        return ready(100, Optional.empty(), SmppSettings.LongMessages.UDH);
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what + " within 30 s");
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static List<OutboundPart> parts(String to, String text) {
        var split = assertInstanceOf(Split.Parts.class, Segmenter.split(text, SplitOptions.plain(7)));
        return split.segments().stream()
                .map(segment -> new OutboundPart(1, to, segment, true, Optional.empty(), false))
                .toList();
    }

    private List<String> textsOf(String number) {
        return smsc.handset(number).map(Handset::received).orElse(List.of()).stream()
                .map(dev.parley.sim.network.Received::text)
                .toList();
    }

    private void quirks(Quirks quirks) {
        port.quirks(quirks);
    }

    @ParameterizedTest
    @EnumSource(ReceiptFormat.class)
    void understandsEveryFormOfReceipt(ReceiptFormat format) throws Exception {
        var usual = SmscSettings.USUAL;
        smsc.settings(new SmscSettings(
                usual.latency(), 0, usual.receiptDelay(), format.label(), false, false, usual.validityMax()));
        var link = ready();
        var accepted = assertInstanceOf(
                SubmitOutcome.Accepted.class,
                Outcome.of(link, parts(ANN, "Hello Ann").getFirst()));
        eventually("receipt", () -> !ears.reports().isEmpty());
        var report = ears.reports().getFirst();
        assertEquals(accepted.reference(), report.reference());
        assertEquals(Optional.of(ANN), report.recipient());
        assertInstanceOf(Received.Fate.Delivered.class, report.fate());
        assertEquals(List.of("Hello Ann"), textsOf(ANN));
    }

    @ParameterizedTest
    @EnumSource(IdForm.class)
    void recognisesIdsHoweverTheyAreWritten(IdForm form) throws Exception {
        quirks(new Change().idForm(form).quirks());
        var link = ready();
        var references = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            var accepted = assertInstanceOf(
                    SubmitOutcome.Accepted.class,
                    Outcome.of(link, parts(ANN, "text " + i).getFirst()));
            references.add(accepted.reference().orElseThrow());
        }
        eventually("receipts", () -> ears.reports().size() == 5);
        var found = new HashSet<String>();
        for (var report : ears.reports()) {
            var ids = MessageIds.Form.AS_WRITTEN.get();
            var match = ids.among(references, Optional::of, report.reference().orElseThrow());
            found.add(assertInstanceOf(ReferenceSpelling.Found.One.class, match, report.toString())
                    .part()
                    .toString());
        }
        assertEquals(Set.copyOf(references), found);
    }

    @Test
    void hearsAReceiptAgainThatCouldNotBeTaken() throws Exception {
        ears.notNow.set(2);
        Outcome.of(ready(), parts(ANN, "Hello").getFirst());
        eventually("receipt", () -> ears.reports().size() == 1);
    }

    @Test
    void tellsWhyATextWasNotDelivered() throws Exception {
        var handset = smsc.used(ANN);
        smsc.change(handset, new Handset.Settings(Reach.REJECT, Duration.ZERO, Optional.empty()));
        Outcome.of(ready(), parts(ANN, "Hello").getFirst());
        eventually("receipt", () -> !ears.reports().isEmpty());
        var failed = assertInstanceOf(
                Received.Fate.Failed.class, ears.reports().getFirst().fate());
        assertEquals(Optional.of(32), failed.network());
    }

    @Test
    void hearsOfARecipientThatIsAwayWithoutGivingUp() throws Exception {
        var usual = SmscSettings.USUAL;
        smsc.settings(
                new SmscSettings(usual.latency(), 0, usual.receiptDelay(), "both", false, true, usual.validityMax()));
        var handset = smsc.used(ANN);
        smsc.change(handset, new Handset.Settings(Reach.OFF, Duration.ZERO, Optional.empty()));
        Outcome.of(ready(), parts(ANN, "Hello").getFirst());
        eventually("notification", () -> !ears.reports().isEmpty());
        assertInstanceOf(Received.Fate.Pending.class, ears.reports().getFirst().fate());
        smsc.change(handset, new Handset.Settings(Reach.ON, Duration.ZERO, Optional.empty()));
        eventually("receipt", () -> ears.reports().size() == 2);
        assertInstanceOf(Received.Fate.Delivered.class, ears.reports().get(1).fate());
    }

    @ParameterizedTest
    @EnumSource(SmppSettings.LongMessages.class)
    void sendsLongTextsWhole(SmppSettings.LongMessages how) throws Exception {
        var link = ready(100, Optional.empty(), how);
        for (var text : new String[] {"0123456789 {euro €} ".repeat(20), "Привет, мир! ".repeat(20)}) {
            for (var part : parts(ANN, text)) {
                assertInstanceOf(SubmitOutcome.Accepted.class, Outcome.of(link, part));
            }
            eventually("whole text", () -> textsOf(ANN).contains(text));
        }
    }

    @ParameterizedTest
    @EnumSource(Quirks.LongTexts.class)
    void receivesLongTextsInPartsHoweverTheyAreCarried(Quirks.LongTexts how) {
        quirks(new Change().longTexts(how).quirks());
        ready();
        var text = "0123456789 {euro €} ".repeat(20);
        int parts = assertInstanceOf(Smsc.Texted.Sent.class, smsc.text(smsc.used(ANN), LINE, text))
                .parts();
        eventually("all parts", () -> ears.texts().size() == parts);
        var whole = new TreeMap<Integer, String>();
        for (var part : ears.texts()) {
            assertEquals(ANN, part.sender());
            assertEquals(parts, part.concat().orElseThrow().total());
            whole.put(part.concat().orElseThrow().seq(), part.text());
        }
        assertEquals(text, Reassembly.mended(String.join("", whole.values())));
    }

    /// A window of a hundred, the connection cut every few submits, and everything else that
    /// hurts: whatever was accepted reaches its handset, and only what ended as uncertain may be
    /// there or not.
    @Test
    void losesNothingOnTheWorstOfConnections() throws Exception {
        quirks(new Change()
                .segments(Quirks.Segments.SPLIT)
                .outOfOrder()
                .garbage(Quirks.Garbage.PDUS)
                .disconnectEvery(37)
                .quirks());
        var link = ready(100, Optional.empty(), SmppSettings.LongMessages.UDH);
        var accepted = ConcurrentHashMap.<String>newKeySet();
        var uncertain = ConcurrentHashMap.<String>newKeySet();
        var refused = ConcurrentHashMap.<String>newKeySet();
        var room = new Semaphore(100);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 300; i++) {
                var text = "number " + i;
                room.acquire();
                all.add(threads.submit(() -> {
                    try {
                        SubmitOutcome outcome;
                        do {
                            outcome = Outcome.of(link, parts(ANN, text).getFirst());
                            LockSupport.parkNanos(1_000_000);
                        } while (outcome instanceof SubmitOutcome.NotHandedOver);
                        switch (outcome) {
                            case SubmitOutcome.Accepted _ -> accepted.add(text);
                            case SubmitOutcome.Uncertain _ -> uncertain.add(text);
                            default -> refused.add(text + ": " + outcome);
                        }
                    } finally {
                        room.release();
                    }
                    return null;
                }));
            }
            for (var each : all) {
                each.get();
            }
        }
        assertEquals(Set.of(), refused);
        assertEquals(300, accepted.size() + uncertain.size());
        assertTrue(!uncertain.isEmpty(), "the connection was cut in mid-window");
        eventually(
                "accepted texts on the handset", () -> Set.copyOf(textsOf(ANN)).containsAll(accepted));
        var counts = textsOf(ANN).stream().collect(Collectors.groupingBy(text -> text, Collectors.counting()));
        assertTrue(counts.values().stream().allMatch(count -> count == 1), "nothing twice: the link never repeats");
        quirks(Quirks.NONE);
        eventually("ready", () -> link.status().state() == LinkState.READY);
    }

    @Test
    void keepsToTheSmscsRateWithoutBeingTold() throws Exception {
        var usual = SmscSettings.USUAL;
        smsc.settings(
                new SmscSettings(usual.latency(), 25, usual.receiptDelay(), "text", false, false, usual.validityMax()));
        var link = ready(20, Optional.empty(), SmppSettings.LongMessages.UDH);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<SubmitOutcome>>();
            for (int i = 0; i < 20; i++) {
                int worker = i;
                all.add(threads.submit(() -> {
                    SubmitOutcome outcome = new SubmitOutcome.NotHandedOver("");
                    for (int round = 0; round < 4; round++) {
                        outcome = Outcome.of(
                                link, parts(ANN, worker + "/" + round).getFirst());
                        assertInstanceOf(SubmitOutcome.Accepted.class, outcome);
                    }
                    return outcome;
                }));
            }
            for (var each : all) {
                each.get();
            }
        }
        eventually("all of them", () -> textsOf(ANN).size() == 80);
    }

    @Test
    void hearsAReceiptThatOvertakesItsResponseAndOneThatComesTwice() throws Exception {
        var usual = SmscSettings.USUAL;
        smsc.settings(
                new SmscSettings(usual.latency(), 0, usual.receiptDelay(), "both", true, false, usual.validityMax()));
        quirks(new Change().duplicateReceipts(100).quirks());
        var link = ready();
        var accepted = assertInstanceOf(
                SubmitOutcome.Accepted.class,
                Outcome.of(link, parts(ANN, "Hello").getFirst()));
        eventually("both receipts", () -> ears.reports().size() == 2);
        for (var report : ears.reports()) {
            assertEquals(accepted.reference(), report.reference());
        }
    }

    @Test
    void isBoundAgainAfterGarbageThatIsNoPdu() throws Exception {
        quirks(new Change().garbage(Quirks.Garbage.OCTETS).quirks());
        var link = ready();
        for (int i = 0; i < 100; i++) {
            SubmitOutcome outcome;
            do {
                outcome = Outcome.of(link, parts(ANN, "text " + i).getFirst());
            } while (outcome instanceof SubmitOutcome.NotHandedOver);
        }
        quirks(Quirks.NONE);
        eventually("ready", () -> link.status().state() == LinkState.READY);
        eventually("all on the handset", () -> textsOf(ANN).size() == 100);
    }

    @Test
    void noticesThatTheConnectionIsHalfOpen() throws Exception {
        var link = ready();
        quirks(new Change().halfOpen().quirks());
        eventually("noticed", () -> link.status().state() != LinkState.READY);
        quirks(Quirks.NONE);
        eventually("ready", () -> link.status().state() == LinkState.READY);
        assertInstanceOf(
                SubmitOutcome.Accepted.class,
                Outcome.of(link, parts(ANN, "back").getFirst()));
    }

    @Test
    void unbindsAtOnceAfterASilentTime() {
        var link = ready();
        smsc.text(smsc.used(ANN), LINE, "Hello");
        eventually("text", () -> ears.texts().size() == 1);
        long begin = System.nanoTime();
        eventually("silence", () -> System.nanoTime() - begin > 4_000_000_000L);
        long closing = System.nanoTime();
        link.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - closing).toMillis() < 2_500, "closed at once");
    }

    @Test
    void isRefusedWithTheWrongPassword() {
        quirks(new Change().credentials("other:right").quirks());
        var session = new SMPPSession();
        var refused = assertThrows(IOException.class, () -> bind(session));
        assertEquals(
                0x0E,
                assertInstanceOf(NegativeResponseException.class, refused.getCause())
                        .getCommandStatus());
    }

    private void bind(SMPPSession session) throws IOException {
        session.connectAndBind(
                "127.0.0.1",
                port.port(),
                BindType.BIND_TRX,
                "other",
                "x",
                "",
                TypeOfNumber.UNKNOWN,
                NumberingPlanIndicator.UNKNOWN,
                "");
    }

    /// An ESME that is not ours.
    @Test
    void servesAnEsmeOfAnotherMake() throws Exception {
        smsc.change(smsc.used(ANN), new Handset.Settings(Reach.OFF, Duration.ZERO, Optional.empty()));
        var session = new SMPPSession();
        bind(session);
        try {
            var first = submit(session, "one");
            assertEquals(MessageState.ENROUTE, query(session, first));
            session.cancelShortMessage(
                    "",
                    first,
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    "12025550199",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    ANN.substring(1));
            assertEquals(MessageState.DELETED, query(session, first));
            var second = submit(session, "two");
            smsc.change(smsc.used(ANN), new Handset.Settings(Reach.ON, Duration.ZERO, Optional.empty()));
            eventually("delivered", () -> query(session, second) == MessageState.DELIVERED);
            var multi = session.submitMultiple(
                    "",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    "12025550199",
                    new Address[] {
                        new Address(TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, "12025550112"),
                        new Address(TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, "12025550113"),
                        new Address(TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, "12x"),
                    },
                    new ESMClass(),
                    (byte) 0,
                    (byte) 0,
                    null,
                    null,
                    new RegisteredDelivery(0),
                    ReplaceIfPresentFlag.DEFAULT,
                    DataCodings.ZERO,
                    (byte) 0,
                    "to all".getBytes(StandardCharsets.US_ASCII));
            assertEquals(1, multi.getUnsuccessDeliveries().length);
            session.dataShortMessage(
                    "",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    "12025550199",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    "12025550112",
                    new ESMClass(),
                    new RegisteredDelivery(0),
                    DataCodings.ZERO,
                    new OptionalParameter.Message_payload("x".repeat(400).getBytes(StandardCharsets.US_ASCII)));
            eventually("two texts", () -> textsOf("+12025550112").equals(List.of("to all", "x".repeat(400))));
            eventually("one text", () -> textsOf("+12025550113").equals(List.of("to all")));
            assertEquals(List.of("two"), textsOf(ANN));
        } finally {
            session.unbindAndClose();
        }
        eventually("no session", () -> port.sessions() == 0);
    }

    private static String submit(SMPPSession session, String text) throws Exception {
        return session.submitShortMessage(
                        "",
                        TypeOfNumber.INTERNATIONAL,
                        NumberingPlanIndicator.ISDN,
                        "12025550199",
                        TypeOfNumber.INTERNATIONAL,
                        NumberingPlanIndicator.ISDN,
                        ANN.substring(1),
                        new ESMClass(),
                        (byte) 0,
                        (byte) 0,
                        null,
                        "000001000000000R",
                        new RegisteredDelivery(0),
                        (byte) 0,
                        DataCodings.ZERO,
                        (byte) 0,
                        text.getBytes(StandardCharsets.US_ASCII))
                .getMessageId();
    }

    private static MessageState query(SMPPSession session, String id) {
        try {
            return session.queryShortMessage(id, TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, "12025550199")
                    .getMessageState();
        } catch (Exception e) {
            throw new AssertionError("query_sm", e);
        }
    }

    /// Some quirks, the others as they usually are.
    private static final class Change {
        private IdForm idForm = Quirks.NONE.idForm();
        private int duplicateReceipts;
        private boolean outOfOrder;
        private Quirks.Garbage garbage = Quirks.Garbage.NONE;
        private Optional<String> credentials = Optional.empty();
        private int disconnectEvery;
        private boolean halfOpen;
        private Quirks.Segments segments = Quirks.Segments.WHOLE;
        private Quirks.LongTexts longTexts = Quirks.LongTexts.UDH;

        Change idForm(IdForm form) {
            idForm = form;
            return this;
        }

        Change duplicateReceipts(int percent) {
            duplicateReceipts = percent;
            return this;
        }

        Change outOfOrder() {
            outOfOrder = true;
            return this;
        }

        Change garbage(Quirks.Garbage what) {
            garbage = what;
            return this;
        }

        Change credentials(String wanted) {
            credentials = Optional.of(wanted);
            return this;
        }

        Change disconnectEvery(int submits) {
            disconnectEvery = submits;
            return this;
        }

        Change halfOpen() {
            halfOpen = true;
            return this;
        }

        Change segments(Quirks.Segments how) {
            segments = how;
            return this;
        }

        Change longTexts(Quirks.LongTexts how) {
            longTexts = how;
            return this;
        }

        Quirks quirks() {
            var none = Quirks.NONE;
            return new Quirks(
                    idForm,
                    duplicateReceipts,
                    0,
                    0,
                    outOfOrder,
                    garbage,
                    0,
                    credentials,
                    none.window(),
                    0,
                    none.throttleStatus(),
                    disconnectEvery,
                    halfOpen,
                    segments,
                    none.deliverWindow(),
                    none.deliverTimeout(),
                    longTexts,
                    false);
        }
    }
}
