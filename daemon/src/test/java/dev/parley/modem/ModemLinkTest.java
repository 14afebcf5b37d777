package dev.parley.modem;

import dev.parley.link.Console;
import dev.parley.link.LinkState;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.parley.modem.Heard.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ModemLinkTest {
    static final String TEXT = "07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07";
    static final String OTHER = "07911326040000F0040B911346610089F60000208062917314490CC8F71D14969741F977FD07";
    /// A page of the "area" channel, from the log of a phone in Germany.
    static final String BROADCAST = "001000DD001133DAED46ABD56AB5186CD668341A8D46A3D168341A8D46A3D168341A8D46A3D168341"
            + "A8D46A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D100";

    static final String REPORT = "079119890400202306400C91197909913764511090718384225110907183252200";

    static final ModemSettings.Pace QUICK = new ModemSettings.Pace(
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofMillis(200));

    @TempDir
    private Path directory;

    private ScriptedModem modem;
    private Heard heard;
    private ModemLink link;

    @BeforeEach
    void plug() throws IOException {
        modem = new ScriptedModem(directory);
        heard = new Heard();
        link = link(Optional.empty());
    }

    @AfterEach
    void unplug() throws IOException {
        link.close();
        modem.close();
    }

    private ModemLink link(Optional<Pin> pin) {
        return new ModemLink(
                "modem-1",
                settings(modem.path(), pin, Duration.ofSeconds(2), Duration.ofMillis(500), QUICK),
                new PinMemory(directory.resolve("pins")),
                Clock.systemUTC());
    }

    static ModemSettings settings(
            Path port, Optional<Pin> pin, Duration airTimeout, Duration promptTimeout, ModemSettings.Pace pace) {
        return new ModemSettings(at(port), 115_200, pin, Optional.empty(), airTimeout, promptTimeout, true, pace);
    }

    private static Whereabouts at(Path port) {
        return new Whereabouts(Optional.of(port), Optional.empty(), Optional.empty());
    }

    static OutboundPart part(long id, boolean more) {
        return switch (Segmenter.split("hello", SplitOptions.plain(1))) {
            case Split.Parts parts ->
                new OutboundPart(
                        id, "+12025550111", parts.segments().getFirst(), true, Optional.of(Duration.ofHours(1)), more);
            case Split.TooLong _ -> throw new AssertionError();
        };
    }

    static OutboundPart partWithoutReport(long id) {
        var part = part(id, false);
        return new OutboundPart(id, part.recipient(), part.segment(), false, part.validity(), false);
    }

    private void ready() throws IOException {
        modem.plug();
        link.start(heard);
        until(link, LinkState.READY);
    }

    @Test
    void getsReadyAndTellsEachStateOnce() throws IOException {
        ready();
        assertEquals(
                List.of(LinkState.CONNECTING, LinkState.READY),
                heard.states.stream().map(status -> status.state()).distinct().toList());
        until(
                "signal and operator",
                () -> link.status().signalDbm().equals(Optional.of(-73))
                        && link.status().operator().equals(Optional.of("Testnet")));
        assertTrue(modem.said.contains("AT+CNMI=2,1,0,1,0"));
    }

    @Test
    void submitsAPartAndLearnsItsReference() throws Exception {
        ready();
        assertEquals(new SubmitOutcome.Accepted(Optional.of("1")), link.submit(part(1, false)));
        assertEquals(new SubmitOutcome.Accepted(Optional.of("2")), link.submit(part(2, false)));
        var pdu = modem.said.stream()
                .filter(said -> said.endsWith("^Z"))
                .findFirst()
                .orElseThrow();
        // SC address of the SIM; SMS-SUBMIT with SRR and relative TP-VP; one hour is octet 0B.
        assertEquals("0031000B912120550511F100000B05E8329BFD06^Z", pdu);
        assertEquals(1, modem.count("AT+CMGS=19") - 1);
    }

    @Test
    void holdsTheRadioLinkOnceForManyParts() throws Exception {
        ready();
        link.submit(part(1, true));
        link.submit(part(2, true));
        link.submit(part(3, false));
        assertEquals(1, modem.count("AT+CMMS=1"));
    }

    @Test
    void refusesPartsWhileItIsNotReady() throws Exception {
        link.start(heard);
        until(link, LinkState.DISCONNECTED);
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, link.submit(part(1, false)));
    }

    @Test
    void readsCommitsThenDeletes() throws IOException {
        ready();
        modem.stored.put("SM:3", TEXT);
        heard.onReceived = () -> assertTrue(modem.stored.containsKey("SM:3"));
        modem.say("\r\n+CMTI: \"SM\",3\r\n");
        until("released", () -> heard.released.equals(List.of(1L)));
        assertEquals(List.of(TEXT), heard.pdus());
        assertEquals(Optional.of("SM:3"), heard.inbound.getFirst().place());
        assertEquals(ModemKind.KIND, heard.inbound.getFirst().kind());
        assertTrue(modem.stored.isEmpty());
    }

    @Test
    void takesWhatLaysThereBeforeItCame() throws IOException {
        modem.stored.put("SM:0", TEXT);
        modem.stored.put("SM:4", OTHER);
        modem.stored.put("SR:1", REPORT);
        ready();
        until("all three", () -> heard.released.size() == 3);
        assertEquals(
                List.of("SM:0", "SM:4", "SR:1"),
                heard.inbound.stream().map(one -> one.place().orElse("")).toList());
        assertTrue(modem.stored.isEmpty());
    }

    /// Wavecom's memories. A broadcast comes again and again, told or stored, and is news once.
    @Test
    void keepsACellBroadcastOnceAndEmptiesItsMemory() throws IOException {
        modem.answer("AT+CPMS=?", ScriptedModem.ok("+CPMS: ((\"SM\",\"BM\",\"SR\"),(\"SM\"))"));
        modem.stored.put("SM:1", TEXT);
        modem.stored.put("BM:2", BROADCAST);
        modem.stored.put("SR:1", REPORT);
        ready();
        until("all three", () -> heard.released.size() == 3);
        assertEquals(
                List.of("SM:1", "SR:1", "BM:2"),
                heard.inbound.stream().map(one -> one.place().orElse("")).toList());
        assertTrue(modem.stored.isEmpty());

        modem.stored.put("BM:1", BROADCAST);
        modem.say("\r\n+CBM: 88\r\n" + BROADCAST + "\r\n");
        link.restart(); // which lists all
        until("deleted again", () -> modem.stored.isEmpty());
        assertEquals(3, heard.inbound.size());
    }

    /// Nobody asked for it, and some modems tell of it all the same, in the middle of whatever they are
    /// doing.
    @Test
    void aCellBroadcastNeverDisturbs() throws Exception {
        modem.script((_, said) -> said.endsWith("^Z")
                ? Optional.of(List.of("\r\n+CBM: 88\r\n", BROADCAST + "\r\n", "\r\n+CMGS: 5\r\n\r\nOK\r\n"))
                : Optional.empty());
        ready();
        for (var i = 1; i <= 3; i++) {
            assertEquals(new SubmitOutcome.Accepted(Optional.of("5")), link.submit(part(i, false)));
        }
        until("kept once", () -> heard.released.size() == 1);
        assertEquals(Optional.of("BM"), heard.inbound.getFirst().place());
        modem.stored.put("SM:3", TEXT);
        modem.say("\r\n+CMTI: \"SM\",3\r\n");
        until("a text after it", () -> heard.pdus().equals(List.of(BROADCAST, TEXT)));
        assertEquals(0, modem.count("AT+CNMA"));
    }

    @Test
    void readsBothMemoriesThroughTheOneThatShowsThem() throws IOException {
        modem.answer("AT+CPMS=?", ScriptedModem.ok("+CPMS: (\"ME\",\"MT\"),\"ME\",(\"SM\")"));
        modem.answer("AT+CPMS=\"ME\"", "\r\n+CMS ERROR: 302\r\n");
        modem.stored.put("MT:1", TEXT);
        ready();
        until("taken", () -> heard.released.size() == 1);
        modem.stored.put("MT:2", OTHER);
        modem.say("\r\n+CMTI: \"ME\",1\r\n");
        until("taken", () -> heard.released.size() == 2);
        assertEquals(
                List.of("MT:1", "MT:2"),
                heard.inbound.stream().map(one -> one.place().orElse("")).toList());
        assertEquals(1, modem.count("AT+CMGR=1"), "to see that MT:1 is deleted");
    }

    @Test
    void readsTheSimWhereTheModemRefusesWhatItOffers() throws IOException {
        modem.answer("AT+CPMS=?", ScriptedModem.ok("+CPMS: (\"SM\",\"MT\"),(\"SM\"),(\"SM\")"));
        modem.answer("AT+CPMS=\"MT\",\"SM\",\"SM\"", "\r\n+CMS ERROR: 302\r\n");
        modem.answer("AT+CPMS=\"MT\",\"MT\",\"MT\"", "\r\n+CMS ERROR: 302\r\n");
        modem.stored.put("SM:1", TEXT);
        ready();
        until("taken", () -> heard.released.size() == 1);
        assertEquals(Optional.of("SM:1"), heard.inbound.getFirst().place());
    }

    @Test
    void leavesWhatCannotBeCommittedAndOffersItAgain() throws IOException {
        heard.away = true;
        modem.stored.put("SM:1", TEXT);
        ready();
        until("refused", () -> heard.refused.get() > 0);
        assertTrue(modem.stored.containsKey("SM:1"));
        heard.away = false;
        until("released", () -> heard.released.size() == 1);
        assertTrue(modem.stored.isEmpty());
    }

    @Test
    void acknowledgesADirectReportOnlyOnceItIsCommitted() throws IOException {
        ready();
        heard.away = true;
        modem.say("\r\n+CDS: 25\r\n" + REPORT + "\r\n");
        until("refused", () -> heard.refused.get() > 1);
        assertEquals(0, modem.count("AT+CNMA"));
        heard.away = false;
        until("released", () -> heard.released.size() == 1);
        assertEquals(1, modem.count("AT+CNMA"));
        assertEquals(List.of(REPORT), heard.pdus());
        assertEquals(Optional.empty(), heard.inbound.getFirst().place());
    }

    @Test
    void doesNotReleaseWhatWasNotAcknowledged() throws IOException {
        modem.answer("AT+CNMA", "\r\n+CMS ERROR: 340\r\n");
        ready();
        modem.say("\r\n+CDS: 25\r\n" + REPORT + "\r\n");
        until("told again how to tell", () -> modem.count("AT+CNMI=2,1,0,1,0") == 2);
        assertEquals(1, heard.inbound.size());
        assertEquals(List.of(), heard.released);
    }

    /// A deletion that fails must neither lose the message nor release it.
    @Test
    void doesNotReleaseWhatCouldNotBeDeleted() throws IOException {
        modem.stored.put("SM:2", TEXT);
        modem.answer("AT+CMGD=2", "\r\n+CMS ERROR: 320\r\n");
        ready();
        until("tried", () -> modem.count("AT+CMGD=2") == 1);
        until("looked", () -> modem.count("AT+CSQ") >= 3);
        assertEquals(1, heard.inbound.size());
        assertEquals(List.of(), heard.released);
        modem.script((_, _) -> Optional.empty());
        link.restart();
        until("released", () -> heard.released.size() == 1);
        assertEquals(heard.pdus().getFirst(), heard.pdus().getLast());
        assertEquals(heard.inbound.getFirst().place(), heard.inbound.getLast().place());
    }

    @Test
    void oneBadSlotDoesNotBlockTheOthers() throws IOException {
        modem.stored.put("SM:1", TEXT);
        modem.stored.put("SM:2", "ZZZZ");
        modem.stored.put("SM:3", OTHER);
        modem.stored.put("SM:4", "00" + "FF".repeat(175));
        ready();
        until("three", () -> heard.released.size() == 3);
        assertEquals(List.of(TEXT, OTHER, "5A5A5A5A"), heard.pdus(), "what has no time comes last");
        assertEquals(List.of("SM:4"), List.copyOf(modem.stored.keySet()));
    }

    @Test
    void reconnectsByItselfAfterItWasUnplugged() throws Exception {
        ready();
        modem.unplug();
        until(link, LinkState.DISCONNECTED);
        modem.plug();
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void callsAPartUncertainOnlyAfterItsCtrlZ() throws Exception {
        modem.script((_, said) -> said.endsWith("^Z") ? Optional.of(List.of("UNPLUG")) : Optional.empty());
        ready();
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(1, false)));
        modem.script((_, said) -> said.startsWith("AT+CMGS") ? Optional.of(List.of("UNPLUG")) : Optional.empty());
        until("unplugged", () -> !modem.isPlugged());
        modem.plug();
        until("unplugged at the command", () -> {
            assertInstanceOf(SubmitOutcome.NotHandedOver.class, submitted(part(2, false)));
            return !modem.isPlugged();
        });
        modem.script((_, _) -> Optional.empty());
        modem.plug();
        until("accepted", () -> submitted(part(3, false)) instanceof SubmitOutcome.Accepted);
    }

    private SubmitOutcome submitted(OutboundPart part) {
        try {
            return link.submit(part);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The late result belongs to the part that was given up, so that its second try must not go on the
    /// air.
    @Test
    void remembersALateResult() throws Exception {
        modem.script((_, said) -> said.endsWith("^Z") ? Optional.of(List.of()) : Optional.empty());
        ready();
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(7, false)));
        modem.say("\r\n+CMGS: 77\r\n\r\nOK\r\n");
        var before = modem.said.stream().filter(said -> said.endsWith("^Z")).count();
        until("accepted", () -> {
            try {
                return link.submit(part(7, false)).equals(new SubmitOutcome.Accepted(Optional.of("77")));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(
                before, modem.said.stream().filter(said -> said.endsWith("^Z")).count());
    }

    /// Silence after the Ctrl-Z of part 1, and the late result at each moment when it can be taken for
    /// the result of something else: `AT`'s, the one of the next command, the one in place of the next
    /// prompt.
    private void silentAtFirst(String late, String before, boolean together) {
        var submitted = new AtomicBoolean();
        var told = new AtomicBoolean();
        modem.script((_, said) -> {
            if (said.endsWith("^Z") && submitted.compareAndSet(false, true)) {
                return Optional.of(List.of());
            }
            if (submitted.get() && said.startsWith(before) && told.compareAndSet(false, true)) {
                return Optional.of(together ? List.of(late + modem.usually(said)) : List.of(late, modem.usually(said)));
            }
            return Optional.empty();
        });
    }

    @ParameterizedTest(name = "{0} before the answer to {1}, together: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            +CMS ERROR: 38  | AT       | false
            +CMS ERROR: 38  | AT       | true
            +CMS ERROR: 38  | AT+CSQ   | false
            +CMS ERROR: 38  | AT+CPMS? | false
            +CMS ERROR: 38  | AT+CMGS  | false
            +CMS ERROR: 38  | AT+CMGS  | true
            +CMS ERROR: 304 | AT+CMGS  | false
            ERROR           | AT+CMGS  | false
            OK              | AT+CMGS  | false
            OK              | AT+CMGS  | true
            OK              | AT+CPMS? | false
            OK              | AT+CPMS? | true
            ERROR           | AT+CREG? | false
            """)
    void aLateResultIsNeverTakenForTheNextOne(String late, String before, boolean together) throws Exception {
        ready();
        silentAtFirst("\r\n" + late + "\r\n", before, together);
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(1, false)));
        until("told late", () -> {
            until(link, LinkState.READY);
            return before.equals("AT+CMGS") || modem.count("AT+CPMS?") >= 3;
        });
        assertEquals(new SubmitOutcome.Accepted(Optional.of("1")), link.submit(part(2, false)));
        assertEquals(new SubmitOutcome.Accepted(Optional.of("2")), link.submit(part(3, false)));
        assertEquals(3, modem.said.stream().filter(said -> said.endsWith("^Z")).count());
    }

    /// A message that is read when the late error comes is neither given up nor let go of.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLateErrorDoesNotHideAMessage(boolean together) throws Exception {
        ready();
        silentAtFirst("\r\n+CMS ERROR: 38\r\n", "AT+CMGR=3", together);
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(1, false)));
        var listings = modem.count("AT+CMGL=4");
        modem.stored.put("SM:3", TEXT);
        modem.say("\r\n+CMTI: \"SM\",3\r\n");
        until("taken", () -> heard.released.size() == 1);
        assertEquals(2, modem.count("AT+CMGR=3"), "to read it, and to see that it is deleted");
        var later = modem.count("AT+CMGL=4") - listings;
        assertTrue(later <= 1, "at the first read; the look after a silent submission lists once: " + later);
        assertEquals(List.of(TEXT), heard.pdus());
    }

    /// It answers every `AT` and no submission, until somebody unplugs it (gammu #138, #323).
    @Test
    void startsAModemAnewThatAnswersNoSubmission() throws Exception {
        modem.script((_, said) -> said.endsWith("^Z") ? Optional.of(List.of()) : Optional.empty());
        ready();
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(1, false)));
        until(link, LinkState.READY);
        assertEquals(0, modem.count("AT+CFUN=1,1"));
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(2, false)));
        until("told to start anew", () -> modem.count("AT+CFUN=1,1") == 1);
        modem.script((_, _) -> Optional.empty());
        until("works again", () -> submitted(part(3, false)) instanceof SubmitOutcome.Accepted);
        assertEquals(1, modem.count("AT+CFUN=1,1"));
    }

    /// Whether they come in one read or in two.
    @ParameterizedTest
    @ValueSource(strings = {"\r\nOK\r\n;\r\n+CMGS: 12\r\n", "\r\nOK\r\n\r\n+CMGS: 12\r\n"})
    void takesAReferenceBehindTheOk(String portions) throws Exception {
        modem.script(
                (_, said) -> said.endsWith("^Z") ? Optional.of(List.of(portions.split(";", -1))) : Optional.empty());
        ready();
        assertEquals(new SubmitOutcome.Accepted(Optional.of("12")), link.submit(part(1, false)));
    }

    /// Some ask for the PDU after they have refused it (SIM800 with `+CMS ERROR: invalid input
    /// value`). What comes next must not become a message.
    @Test
    void leavesAPromptThatComesBehindAnError() throws Exception {
        var refused = new AtomicBoolean();
        modem.script((_, said) -> said.startsWith("AT+CMGS") && refused.compareAndSet(false, true)
                ? Optional.of(List.of("\r\n+CMS ERROR: invalid input value\r\n", "~40", "\r\n> "))
                : Optional.empty());
        ready();
        assertInstanceOf(SubmitOutcome.Postponed.class, link.submit(part(1, false)));
        until(
                "left",
                () -> modem.said
                        .subList(modem.said.indexOf("AT+CMGS=19"), modem.said.size())
                        .contains("ESC"));
        assertEquals(new SubmitOutcome.Accepted(Optional.of("1")), link.submit(part(2, false)));
    }

    @Test
    void readsSlotBySlotWhereTheModemDoesNotList() throws IOException {
        modem.answer("AT+CMGL=4", "\r\n+CMS ERROR: 303\r\n");
        modem.stored.put("SM:0", TEXT);
        modem.stored.put("SM:7", OTHER);
        ready();
        until("both", () -> heard.released.size() == 2 && modem.stored.isEmpty());
        assertEquals(0, modem.count("AT+CMGR=8"), "all that the memory holds were found");
    }

    /// The SIM is busy with something else for a moment: that is no reason to wait for the next sweep,
    /// or to think that there is nothing.
    @ParameterizedTest
    @CsvSource({
        "AT+CMGR=3, +CMS ERROR: 314",
        "AT+CMGR=3, +CME ERROR: 14",
        "AT+CMGR=3, ERROR",
        "AT+CMGL=4, +CMS ERROR: 314"
    })
    void readsAgainWhatCouldNotBeReadForAMoment(String command, String error) throws IOException {
        var refused = new AtomicBoolean();
        modem.script((_, said) -> said.equals(command) && refused.compareAndSet(false, true)
                ? Optional.of(List.of("\r\n" + error + "\r\n"))
                : Optional.empty());
        link = new ModemLink(
                "modem-1",
                settings(
                        modem.path(),
                        Optional.empty(),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        new ModemSettings.Pace(
                                QUICK.search(),
                                QUICK.answer(),
                                QUICK.recheck(),
                                QUICK.health(),
                                Duration.ofMinutes(5),
                                QUICK.poll())),
                new PinMemory(directory.resolve("pins")),
                Clock.systemUTC());
        if (command.startsWith("AT+CMGL")) {
            modem.stored.put("SM:3", TEXT);
        }
        ready();
        until("listed", () -> modem.count("AT+CMGL=4") >= 2);
        if (command.startsWith("AT+CMGR")) {
            modem.stored.put("SM:3", TEXT);
            modem.say("\r\n+CMTI: \"SM\",3\r\n");
        }
        until("taken", () -> heard.released.size() == 1);
    }

    /// Another program has asked for the reports, or the modem has forgotten what it was told.
    @Test
    void goesBackToItsMemory() throws IOException {
        var other = new AtomicBoolean();
        modem.script((_, said) -> {
            if (said.startsWith("AT+CPMS=")) {
                other.set(false);
            }
            return said.equals("AT+CPMS?") && other.get()
                    ? Optional.of(List.of(ScriptedModem.ok("+CPMS: \"SR\",0,10,\"SM\",0,10,\"SM\",0,10")))
                    : Optional.empty();
        });
        ready();
        until("asked how full", () -> modem.count("AT+CPMS?") >= 2);
        other.set(true);
        until("told again", () -> !other.get());
    }

    /// Samsung's J700 names no memory when it is asked for those that it has.
    @Test
    void readsTheMemoryInUseWhereTheModemNamesNone() throws IOException {
        modem.answer("AT+CPMS=?", "\r\n+CPMS: \r\n\r\nOK\r\n");
        modem.stored.put("SM:1", TEXT);
        ready();
        until("taken", () -> heard.released.size() == 1 && modem.stored.isEmpty());
    }

    /// A listing that stops in the middle of a PDU shows a message that is none.
    @Test
    void keepsNothingOfAListingThatBreaksOff() throws IOException {
        modem.answer("AT+CMGL=4", "\r\n+CMGL: 1,1,,30\r\n" + TEXT.substring(0, 40) + "\r\n");
        modem.stored.put("SM:1", TEXT);
        ready();
        until("taken", () -> heard.released.size() == 1);
        assertEquals(List.of(TEXT), heard.pdus());
    }

    /// A SIM800 that sets its speed by the first `AT` says nothing more of a start than this.
    @Test
    void setsUpAModemAgainThatHasFallenIntoTextMode() throws Exception {
        var textMode = new AtomicBoolean();
        modem.script((_, said) -> {
            if (said.equals("AT+CMGF=0")) {
                textMode.set(false);
            }
            return said.equals("AT+CMGF?") && textMode.get()
                    ? Optional.of(List.of(ScriptedModem.ok("+CMGF: 1")))
                    : Optional.empty();
        });
        ready();
        textMode.set(true);
        modem.say("\r\nCall Ready\r\n\r\nSMS Ready\r\n");
        until("set up again", () -> modem.count("AT+CMGF=0") == 2 && modem.count("AT+CNMI=2,1,0,1,0") == 2);
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    /// `ATQ1`, or `ATV0`, after which it answers `0`.
    @ParameterizedTest
    @ValueSource(strings = {"", "0\r"})
    void wakesAModemThatWasToldNotToSpeak(String instead) throws IOException {
        var mute = new AtomicBoolean(true);
        modem.script((_, said) -> {
            if (said.startsWith("ATQ0V1")) {
                mute.set(false);
            }
            return mute.get() && !said.equals("ESC") ? Optional.of(List.of(instead)) : Optional.empty();
        });
        ready();
    }

    @Test
    void escapesFromAPromptThatDoesNotCome() throws Exception {
        modem.script((_, said) -> said.startsWith("AT+CMGS") ? Optional.of(List.of()) : Optional.empty());
        ready();
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, link.submit(part(1, false)));
        assertEquals(0, modem.said.stream().filter(said -> said.endsWith("^Z")).count());
        modem.script((_, _) -> Optional.empty());
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void bringsAHungModemBackWithoutAPerson() throws Exception {
        ready();
        modem.deaf(true);
        until(link, LinkState.FAULT);
        until("told to start anew", () -> modem.said.contains("AT+CFUN=1,1"));
        modem.deaf(false);
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void configuresAModemAgainThatStartedAnew() throws Exception {
        ready();
        modem.say("\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nSMS Ready\r\n");
        until("again", () -> modem.count("AT+CNMI=2,1,0,1,0") >= 2);
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void parksAModemWhoseSimFailsInsteadOfBurningTheQueue() throws Exception {
        modem.script(
                (_, said) -> said.endsWith("^Z") ? Optional.of(List.of("\r\n+CMS ERROR: 313\r\n")) : Optional.empty());
        ready();
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, link.submit(part(1, false)));
        until(link, LinkState.FAULT);
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, link.submit(part(1, false)));
        modem.script((_, _) -> Optional.empty());
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void waitsForItsNetworkAndFollowsIt() throws IOException {
        modem.answer("AT+CREG?", ScriptedModem.ok("+CREG: 1,2"));
        modem.answer("AT+CEREG?", ScriptedModem.ok("+CEREG: 1,2"));
        modem.plug();
        link.start(heard);
        until(
                "searching",
                () -> link.status().state() == LinkState.SEARCHING
                        && link.status().sentence().contains("searching"));
        modem.script((_, _) -> Optional.empty());
        modem.say("\r\n+CREG: 1\r\n");
        until(link, LinkState.READY);
        modem.answer("AT+CREG?", ScriptedModem.ok("+CREG: 1,3"));
        modem.answer("AT+CEREG?", ScriptedModem.ok("+CEREG: 1,3"));
        modem.say("\r\n+CREG: 3\r\n");
        until("refused", () -> link.status().sentence().contains("refused by the network"));
    }

    @Test
    void saysThatThePortIsBusy() throws IOException {
        modem.plug();
        modem.pty().lock();
        link.start(heard);
        until(link, LinkState.FAULT);
        assertTrue(link.status().sentence().contains("busy"), link.status().sentence());
        modem.pty().unlock();
        until(link, LinkState.READY);
    }

    @Test
    void entersThePinOnce() throws IOException {
        link = link(Optional.of(new Pin("1234")));
        modem.script((own, said) -> switch (said) {
            case "AT+CPIN?" ->
                Optional.of(List.of(
                        ScriptedModem.ok(own.said.contains("AT+CPIN=\"1234\"") ? "+CPIN: READY" : "+CPIN: SIM PIN")));
            default -> Optional.empty();
        });
        ready();
        assertEquals(1, modem.count("AT+CPIN=\"1234\""));
        assertFalse(link.status().toString().contains("1234"));
    }

    /// Three tries lock a SIM: a wrong PIN is not entered again by the next process either.
    @Test
    void doesNotEnterAWrongPinAgainAfterARestart() throws IOException {
        link = link(Optional.of(new Pin("1234")));
        modem.answer("AT+CPIN?", ScriptedModem.ok("+CPIN: SIM PIN"));
        modem.answer("AT+CPIN=\"1234\"", "\r\n+CME ERROR: 16\r\n");
        modem.plug();
        link.start(heard);
        until(link, LinkState.LOCKED);
        link.close();
        link = link(Optional.of(new Pin("1234")));
        link.start(heard);
        until(link, LinkState.LOCKED);
        until("asked some times", () -> modem.count("AT+CPIN?") > 6);
        assertEquals(1, modem.count("AT+CPIN=\"1234\""));
        assertTrue(link.status().sentence().contains("PIN"), link.status().sentence());
    }

    @Test
    void doesNotSpendTheLastTry() throws IOException {
        link = link(Optional.of(new Pin("1234")));
        modem.answer("AT+CPIN?", ScriptedModem.ok("+CPIN: SIM PIN"));
        modem.answer("AT+CPINR=\"SIM PIN\"", ScriptedModem.ok("+CPINR: SIM PIN,1,3"));
        modem.plug();
        link.start(heard);
        until(link, LinkState.LOCKED);
        until("asked some times", () -> modem.count("AT+CPIN?") > 4);
        assertEquals(0, modem.count("AT+CPIN=\"1234\""));
    }

    @Test
    void pausesAndGoesOn() throws Exception {
        ready();
        link.pause();
        until(link, LinkState.PAUSED);
        assertInstanceOf(SubmitOutcome.NotHandedOver.class, link.submit(part(1, false)));
        modem.stored.put("SM:3", TEXT);
        modem.say("\r\n+CMTI: \"SM\",3\r\n");
        until("received", () -> heard.released.size() == 1);
        link.resume();
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void finishesTheHandOverBeforeItCloses() throws Exception {
        modem.script((own, said) ->
                said.endsWith("^Z") ? Optional.of(List.of("~300", "\r\n+CMGS: 9\r\n\r\nOK\r\n")) : Optional.empty());
        ready();
        var outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return link.submit(part(1, false));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        until("on the air", () -> modem.said.stream().anyMatch(said -> said.endsWith("^Z")));
        link.close();
        assertEquals(LinkState.CLOSED, link.status().state());
        assertEquals(new SubmitOutcome.Accepted(Optional.of("9")), outcome.get());
    }

    @Test
    void saysThatTheStorageIsNearlyFull() throws IOException {
        heard.away = true;
        for (var i = 1; i <= 9; i++) {
            modem.stored.put("SM:" + i, TEXT);
        }
        ready();
        until("said", () -> link.status().sentence().contains("9 of 10"));
        var storage = link.storage().orElseThrow();
        assertEquals(0.9, (double) storage.used() / storage.total(), 0.001);
        heard.away = false;
        until("emptied", () -> modem.stored.isEmpty());
        until("forgotten", () -> link.status().sentence().isEmpty());
    }

    @Test
    void followsASymbolicLinkThatPointsElsewhereAfterwards() throws IOException {
        ready();
        modem.unplug();
        modem.plug();
        until(link, LinkState.READY);
        assertTrue(Files.isSymbolicLink(modem.path()));
    }

    @Test
    void treatsAModemAsTheConfigurationSays() throws IOException {
        modem.plug();
        link = new ModemLink(
                "modem-1",
                new ModemSettings(
                        at(modem.path()),
                        115_200,
                        Optional.empty(),
                        Optional.of(Dialect.TELIT),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        true,
                        QUICK),
                new PinMemory(directory.resolve("pins")),
                Clock.systemUTC());
        link.start(heard);
        until(link, LinkState.READY);
        assertTrue(modem.said.contains("AT#SMSMODE=0"), modem.said.toString());
    }

    private ModemLink byNumber(Optional<String> imei, Optional<String> imsi, Path... ports) {
        return new ModemLink(
                "modem-1",
                new ModemSettings(
                        new Whereabouts(Optional.empty(), imei, imsi),
                        115_200,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        true,
                        QUICK),
                new PinMemory(directory.resolve("pins")),
                Clock.systemUTC(),
                new ModemFinder(() -> List.of(ports)));
    }

    /// The modem comes back at another port than it left, where another modem is now.
    @Test
    void findsAModemByItsImeiWhereverItComesUp() throws IOException {
        Files.createDirectories(directory.resolve("other"));
        try (var other = new ScriptedModem(directory.resolve("other"))) {
            other.answer("AT+CGSN", ScriptedModem.ok("\"350000000000006\""));
            other.answer("AT+CIMI", ScriptedModem.ok("310150123456789"));
            other.plug();
            modem.plug();
            link = byNumber(Optional.of("490154203237518"), Optional.empty(), other.path(), modem.path());
            link.start(heard);
            until(link, LinkState.READY);
            assertTrue(other.said.stream().noneMatch("AT+CMGF=0"::equals), other.said.toString());

            modem.unplug();
            until(link, LinkState.DISCONNECTED);
            until("said", () -> link.status().sentence().contains("IMEI 490154203237518 at any port"));
            other.answer("AT+CGSN", ScriptedModem.ok("490154203237518"));
            until(link, LinkState.READY);
            assertTrue(other.said.contains("AT+CMGF=0"));
        }
    }

    @Test
    void findsAModemByItsSim() throws IOException {
        modem.answer("AT+CIMI", ScriptedModem.ok("310150123456789"));
        modem.plug();
        link = byNumber(Optional.empty(), Optional.of("310150123456789"), directory.resolve("none"), modem.path());
        link.start(heard);
        until(link, LinkState.READY);
    }

    @Test
    void asksTheNetworkByACode() throws Exception {
        modem.answer("AT+CUSD=1,\"*100#\",15", "\r\nOK\r\n", "~30", "\r\n+CUSD: 0,\"Balance 5 EUR\",15\r\n");
        modem.answer("AT+CUSD=1,\"*101#\",15", "\r\n+CUSD: 1,\"00530061006C0064006F\",72\r\n\r\nOK\r\n");
        modem.answer("AT+CUSD=1,\"*9#\",15", "\r\n+CME ERROR: 30\r\n");
        assertInstanceOf(Console.Answer.Refused.class, link.ussd("*100#"));
        ready();
        assertEquals(Console.Answer.Told.of("Balance 5 EUR"), link.ussd("*100#"));
        assertEquals(Console.Answer.Told.of("Saldo"), link.ussd("*101#"));
        until("the dialogue with the network is ended", () -> modem.said.contains("AT+CUSD=2"));
        assertInstanceOf(Console.Answer.Refused.class, link.ussd("*9#"));
        assertEquals(
                1,
                modem.said.stream()
                        .filter(said -> said.startsWith("AT+CUSD=1,\"*9#"))
                        .count());
        assertEquals(new SubmitOutcome.Accepted(Optional.of("1")), link.submit(part(1, false)));
    }

    /// An E1550 as its users know it: packed in, packed or UCS-2 out.
    @Test
    void asksAHuaweiStickInPackedSeptets() throws Exception {
        modem.answer("AT+CGMI", ScriptedModem.ok("huawei"));
        modem.answer("AT+CGMM", ScriptedModem.ok("E1550"));
        modem.answer(
                "AT+CUSD=1,\"AA180C3602\",15",
                "\r\nOK\r\n",
                "\r\n^CURC: 0\r\n",
                "\r\n+CUSD: 0,\"CF2135487D2E4131DCCD25A381E02E\",15\r\n");
        modem.answer(
                "AT+CUSD=1,\"AA182C3602\",15",
                "\r\nOK\r\n",
                "\r\n+CUSD: 0,\"04110430043B0430043D0441003A0032003200320030002C003700360440\",72\r\n");
        ready();
        assertEquals(Console.Answer.Told.of("OCTATOK 187.24 p."), link.ussd("*100#"));
        assertEquals(Console.Answer.Told.of("Баланс:2220,76р"), link.ussd("*101#"));
        assertEquals(0, modem.count("AT+CUSD=1,\"*100#\",15"));
    }

    /// A newer Huawei that takes plain codes only, and a modem that somebody left in UCS-2.
    @Test
    void asksInAnotherFormWhereTheModemRefusesOne() throws Exception {
        modem.answer("AT+CGMI", ScriptedModem.ok("huawei"));
        modem.answer("AT+CUSD=1,\"AA180C3602\",15", "\r\n+CME ERROR: 50\r\n");
        modem.answer("AT+CUSD=1,\"*100#\",15", "\r\n+CUSD: 0,\"Balance 5 EUR\",15\r\n\r\nOK\r\n");
        modem.answer("AT+CUSD=1,\"AA182C3602\",15", "\r\nERROR\r\n");
        modem.answer("AT+CUSD=1,\"*101#\",15", "\r\nERROR\r\n");
        modem.answer("AT+CUSD=1,\"002A0031003000310023\",15", "\r\n+CUSD: 0,\"004F004B\",0\r\n\r\nOK\r\n");
        ready();
        assertEquals(Console.Answer.Told.of("Balance 5 EUR"), link.ussd("*100#"));
        assertEquals(Console.Answer.Told.of("OK"), link.ussd("*101#"));
    }

    @Test
    void lendsTheModemToAPersonBetweenItsOwnCommands() throws Exception {
        assertInstanceOf(Console.Answer.Refused.class, link.command("AT+CREG?"));
        ready();
        assertEquals(new Console.Answer.Told(List.of("+CREG: 1,1", "OK")), link.command("AT+CREG?"));
        modem.answer("AT+CSQ", "\r\n+CMTI: \"SM\",3\r\n", ScriptedModem.ok("+CSQ: 20,99"));
        modem.stored.put("SM:3", TEXT);
        assertInstanceOf(Console.Answer.Told.class, link.command("AT+CSQ"));
        until("what came meanwhile is taken", () -> heard.released.size() == 1);
        assertEquals(1, modem.count("AT+CMGF=0"));

        // A prompt is left at once: nothing that was typed can be sent as a message.
        link.command("AT+CMGS=20");
        assertEquals(0, modem.said.stream().filter(said -> said.endsWith("^Z")).count());
        until("set up anew after a command that may have changed something", () -> modem.count("AT+CMGF=0") == 2);
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, false)));
    }

    @Test
    void aConsoleRunsWhatAsksAndTellsWhatMayLoseSomething() throws IOException {
        modem.plug();
        try (var console = AtConsole.open(modem.path(), 115_200)) {
            assertEquals(List.of("+CREG: 1,1", "OK"), console.run("AT+CREG?"));
        }
        for (var asks :
                List.of("AT", "at+csq", "ATI", "AT+CPMS?", "AT+CNMI=?", "AT+CMGL=4", "AT+CMGR=1", "AT+CSQ;+CREG?")) {
            assertEquals(Optional.empty(), AtConsole.danger(asks), asks);
        }
        for (var loses : List.of(
                "AT+CMGD=1",
                "AT+CNMA",
                "ATZ",
                "AT&F",
                "AT&W",
                "AT+CMGS=20",
                "ATD112;",
                "AT+CPIN=\"1234\"",
                "AT+CPMS=\"ME\"",
                "AT+CSQ;+CMGD=1,4",
                "AT+CFUN=0",
                "A/",
                "AT^RESET",
                "AT+CMGDA=6",
                "AT+CLCK=\"SC\",1")) {
            assertTrue(AtConsole.danger(loses).isPresent(), loses);
        }
    }

    /// Quectel EC25 says so of a report that lies in SR.
    @Test
    void takesNothingForAReportBecauseItsIndicationSaysSo() throws IOException {
        ready();
        modem.stored.put("SM:0", TEXT);
        modem.stored.put("SR:1", REPORT);
        modem.say("\r\n+CDSI: \"SM\",0\r\n");
        until("both are taken and deleted", () -> heard.inbound.size() == 2 && modem.stored.isEmpty());
        until("both are let go of", () -> heard.released.size() == 2);
    }

    /// SIM7000 and some dongles name neither memory nor index.
    @Test
    void findsAMessageWhoseIndicationSaysNothing() throws IOException {
        ready();
        modem.stored.put("SM:7", TEXT);
        modem.say("\r\n+CMTI: ,-1\r\n");
        until("taken", () -> heard.inbound.size() == 1 && modem.stored.isEmpty());
    }

    @Test
    void asksForMessagesWhereTheModemCannotTell() throws IOException {
        modem.answer("AT+CNMI=?", "\r\nERROR\r\n");
        ready();
        modem.stored.put("SM:3", TEXT);
        until("taken", () -> heard.inbound.size() == 1 && modem.stored.isEmpty());
    }

    @Test
    void aModemThatStartsAnewInTheMiddleOfASubmissionLeavesItUncertain() throws Exception {
        ready();
        var once = new AtomicBoolean();
        modem.script((_, said) -> said.endsWith("^Z") && once.compareAndSet(false, true)
                ? Optional.of(List.of("\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS Ready\r\n"))
                : Optional.empty());
        assertInstanceOf(SubmitOutcome.Uncertain.class, link.submit(part(1, false)));
        until("set up again", () -> modem.count("AT+CMGF=0") >= 2);
        until(link, LinkState.READY);
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(2, false)));
    }

    /// Gammu waits for the reference for ever (its issue 89).
    @Test
    void takesAnOkWithoutAReferenceForSent() throws Exception {
        ready();
        modem.script((_, said) -> said.endsWith("^Z") ? Optional.of(List.of("\r\nOK\r\n")) : Optional.empty());
        assertEquals(new SubmitOutcome.Accepted(Optional.empty()), link.submit(part(1, false)));
    }

    @Test
    void aDraftOfSomebodysIsNeitherReceivedNorDeleted() throws IOException {
        modem.answer(
                "AT+CMGL=4", "\r\n+CMGL: 1,2,,19\r\n" + TEXT + "\r\n+CMGL: 2,0,,19\r\n" + OTHER + "\r\n\r\nOK\r\n");
        ready();
        until("the received one", () -> modem.said.contains("AT+CMGD=2"));
        assertEquals(0, modem.count("AT+CMGD=1"));
        // The script lists the received one at each sweep, deleted or not: how often it is heard says
        // nothing.
        assertTrue(
                heard.inbound.stream()
                        .allMatch(inbound -> inbound.place().orElse("").endsWith(":2")),
                "the draft is not among them");
    }

    @Test
    void probesAModem() throws IOException {
        modem.stored.put("SM:1", TEXT);
        modem.plug();
        var finding = ModemProbe.probe(modem.path(), 115_200);
        assertEquals(Optional.empty(), finding.trouble());
        assertEquals("Scripted S-1", finding.manufacturer() + " " + finding.model());
        assertEquals("490154203237518", finding.imei());
        assertEquals("generic", finding.dialect());
        assertEquals("the SIM is ready", finding.sim());
        assertEquals(Optional.of("Testnet"), finding.operator());
        assertEquals(Optional.of(-73), finding.signalDbm());
        assertEquals(
                List.of(new ModemProbe.Memory("SM", 1, 10), new ModemProbe.Memory("SR", 0, 10)), finding.memories());
        assertEquals(1, modem.stored.size());
    }

    @Test
    void probesABusyPort() throws IOException {
        modem.plug();
        modem.pty().lock();
        var finding = ModemProbe.probe(modem.path(), 115_200);
        assertTrue(finding.trouble().orElse("").contains("busy"), finding.toString());
    }
}
