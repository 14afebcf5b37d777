package dev.parley.at;

import dev.parley.at.Dialogues.Dialogue;
import dev.parley.at.Dialogues.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AtMachineTest {
    private static final String PDU = "07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07";

    /// A serial port delivers octets in any portions, so that a meaning that depends on them is a wrong
    /// one.
    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void readsADialogueAlikeHoweverItIsSplit(Dialogue dialogue) {
        var whole = played(dialogue, Integer.MAX_VALUE);
        assertEquals(whole, played(dialogue, 1), "octet by octet");
        var longest = dialogue.steps().stream()
                .mapToInt(step -> step instanceof Step.Modem modem ? modem.octets().length : 0)
                .max()
                .orElse(0);
        for (var at = 1; at < longest; at++) {
            assertEquals(whole, playedSplitAt(dialogue, at), "split at octet " + at);
        }
    }

    static Stream<Dialogue> dialogues() {
        return Dialogues.all();
    }

    /// A modem tells what it has to tell whenever it likes. Wherever that is, both are read as if the
    /// other were not there.
    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void readsADialogueAlikeWhateverComesBetweenItsLines(Dialogue dialogue) {
        if (dialogue.id().equals("E-urc-33")) {
            return; // what comes inside of a quoted text is text
        }
        var alone = played(dialogue, Integer.MAX_VALUE);
        var seams = dialogue.steps().stream()
                .mapToInt(step ->
                        step instanceof Step.Modem(var text) ? seamsOf(text).size() : 0)
                .sum();
        for (var urc : URCS) {
            var expected = new AtMachine().feed(ascii(urc));
            for (var seam = 0; seam < seams; seam++) {
                var both = played(withUrc(dialogue, seam, urc), Integer.MAX_VALUE);
                var where = urc.strip() + " at seam " + seam;
                assertEquals(without(expected, alone), without(expected, both), where);
                assertEquals(alone.size() + expected.size(), both.size(), where);
            }
        }
    }

    private static final String UNCLOSED =
            "\r\n+CUSD: 2,\"Balance 12,34 USD, good until 2030-01-02 03:04:05. Plus5\r\n";

    private static final AtEvent BALANCE = new AtEvent.Unsolicited(new Urc.Ussd(
            new Cusd(Optional.of(2), "Balance 12,34 USD, good until 2030-01-02 03:04:05. Plus5", Optional.empty())));

    /// Some modems never close the quote (gammu #150). Nothing behind it may be lost.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            another URC              | +CMTI: "SM",77                   | MessageStored[memory=Optional[SM], index=Optional[77]]
            a message                | +CMT: ,30~07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07 | Message[pdu=07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07]
            a report                 | +CDS: 30~079119890400202306400C91197909913764511090718384225110907183252200 | Report[pdu=079119890400202306400C91197909913764511090718384225110907183252200]
            one without a standard   | ^RSSI:31                         | Other[line=^RSSI:31]
            another like it          | +CUSD: 2                         | Ussd[cusd=Cusd[status=Optional[2], text=, dcs=Optional.empty]]
            """)
    void anUnclosedQuoteEndsWhereSomethingElseBegins(String what, String lines, String urc) {
        var events = new AtMachine().feed(ascii(UNCLOSED + "\r\n" + lines.replace("~", "\r\n") + "\r\n"));
        assertEquals(
                List.of(BALANCE.toString(), "Unsolicited[urc=" + urc + "]"),
                events.stream().map(AtEvent::toString).toList(),
                what);
    }

    @Test
    void anUnclosedQuoteHidesNeitherTheReferenceNorThePromptNorTheResult() {
        var machine = new AtMachine();
        machine.begin(Command.prompt("AT+CMGS=18"));
        assertEquals(List.of(BALANCE, new AtEvent.Prompted()), machine.feed(ascii(UNCLOSED + "\r\n> ")));
        assertEquals(
                List.of(BALANCE, new AtEvent.Finished(new Final.Ok(List.of(Answer.of("7"))))),
                machine.feed(ascii(UNCLOSED + "\r\n+CMGS: 7\r\n\r\nOK\r\n")));
        machine.begin(Command.prompt("AT+CMGS=18"));
        machine.feed(ascii("\r\n> "));
        assertEquals(
                List.of(BALANCE, new AtEvent.Finished(new Final.CmsError(38, "38"))),
                machine.feed(ascii(UNCLOSED + "\r\n+CMS ERROR: 38\r\n")));
    }

    /// A bare `OK` may be a line of a text that is closed later; a pause says that it was not.
    @Test
    void aPauseEndsAnUnclosedQuoteAndWhatCameSinceCounts() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CMGD=1"));
        assertEquals(List.of(), machine.feed(ascii(UNCLOSED + "\r\nOK\r\n")));
        assertTrue(machine.isQuoting());
        assertEquals(List.of(BALANCE, new AtEvent.Finished(new Final.Ok(List.of()))), machine.pause());
        assertFalse(machine.isQuoting());
        assertEquals(List.of(), machine.pause());
    }

    /// A PDU that is due is nobody's text.
    @Test
    void aMessageWhoseLinesAreTornByAnUnclosedQuoteIsWhole() {
        assertEquals(
                List.of(BALANCE, new AtEvent.Unsolicited(new Urc.Message(PDU))),
                new AtMachine().feed(ascii("\r\n+CMT: ,30\r\n" + UNCLOSED + PDU + "\r\n")));
    }

    private static List<AtEvent> without(List<AtEvent> some, List<AtEvent> all) {
        return all.stream().filter(event -> !some.contains(event)).toList();
    }

    private static final List<String> URCS = List.of(
            "\r\n+CMTI: \"SM\",77\r\n",
            "+CDSI: \"SR\",78\r\n",
            "\r\n+CMT: ,30\r\n" + PDU.replace("C8F7", "C8F9") + "\r\n",
            "\r\n^RSSI:31\r\n",
            "\r\nRING\r\n\r\n+CLIP: \"+491701234567\",145\r\n\r\nNO CARRIER\r\n",
            "\r\n+CUSD: 0,\"It is OK\r\nERROR\r\nby now\",15\r\n",
            "\r\n+CGREG: 2\r\n");

    /// Behind each end of a line.
    private static List<Integer> seamsOf(String text) {
        return IntStream.rangeClosed(1, text.length())
                .filter(at -> text.startsWith("\r\n", at - 2))
                .boxed()
                .toList();
    }

    private static Dialogue withUrc(Dialogue dialogue, int seam, String urc) {
        var steps = new ArrayList<Step>();
        var left = seam;
        for (var step : dialogue.steps()) {
            if (left >= 0 && step instanceof Step.Modem(var text)) {
                var seams = seamsOf(text);
                if (left < seams.size()) {
                    var at = seams.get(left);
                    step = new Step.Modem(text.substring(0, at) + urc + text.substring(at));
                }
                left -= seams.size();
            }
            steps.add(step);
        }
        return new Dialogue(
                dialogue.id(), dialogue.category(), steps, dialogue.events(), dialogue.must(), dialogue.result());
    }

    /// Every command of a dialogue that was answered ends, except those that the row leaves without an
    /// answer.
    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void endsEveryCommandThatIsAnswered(Dialogue dialogue) {
        var silent = List.of(
                        "E-snd-10",
                        "E-snd-18",
                        "E-lst-06",
                        "E-in-11",
                        "P-in-16",
                        "P-pin-01",
                        "P-pin-02",
                        "P-pin-26",
                        "P-snd-03")
                .contains(dialogue.id());
        var commands = dialogue.steps().stream()
                .filter(step -> step instanceof Step.Driver(var octets) && octets.startsWith("AT"))
                .count();
        var finished = played(dialogue, Integer.MAX_VALUE).stream()
                .filter(event -> event instanceof AtEvent.Finished)
                .count();
        assertTrue(silent ? finished < commands || commands == 0 : finished == commands, commands + " commands");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pins")
    void readsTheStateOfTheSim(Dialogue dialogue) {
        var state = SimState.of(lastResult(dialogue)).orElseThrow();
        var expected = dialogue.result();
        assertEquals(
                expected.startsWith("ready")
                        ? SimState.READY
                        : expected.startsWith("need-pin")
                                ? SimState.NEEDS_PIN
                                : expected.startsWith("blocked-puk")
                                        ? SimState.NEEDS_PUK
                                        : expected.startsWith("locked to network")
                                                ? SimState.NETWORK_LOCKED
                                                : expected.startsWith("locked to SIM")
                                                        ? SimState.DEVICE_LOCKED
                                                        : expected.startsWith("wrong PIN")
                                                                ? SimState.WRONG_PIN
                                                                : expected.startsWith("no SIM")
                                                                        ? SimState.NO_SIM
                                                                        : SimState.BUSY,
                state);
    }

    /// Without those that need a clock: an answer without `OK` or after it.
    static Stream<Dialogue> pins() {
        return Dialogues.of("cpin")
                .filter(row ->
                        !List.of("P-pin-01", "P-pin-02", "P-pin-11", "P-pin-26").contains(row.id()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            answer                                                  | read     | write      | receive  | chosen
            ("ME","MT"),("ME","SM","MT"),("SM","MT")                | ME,MT    | ME,SM,MT   | SM,MT    | AT+CPMS="MT","MT","MT"
            "ME","MT","SM"                                          | ME       | MT         | SM       | AT+CPMS="ME","MT","SM"
            ("ME","MT"),"ME",("SM")                                 | ME,MT    | ME         | SM       | AT+CPMS="MT","ME","SM"
            (  "ME"  ,  "MT"  )   ,  "ME" ,   (  "SM"  )            | ME,MT    | ME         | SM       | AT+CPMS="MT","ME","SM"
            (("SM","BM","SR"),("SM"))                               | SM,BM,SR | SM         |          | AT+CPMS="SM","SM"
            "SM","SM","SM"                                          | SM       | SM         | SM       | AT+CPMS="SM","SM","SM"
            ("SM","ME","SM_P"),("SM","ME","SM_P"),("SM","ME")       | SM,ME,SM_P | SM,ME,SM_P | SM,ME  | AT+CPMS="SM","SM","SM"
            ("ME","SM"),("ME","SM"),("SM","ME")                     | ME,SM    | ME,SM      | SM,ME    | AT+CPMS="SM","SM","SM"
            (),(),()                                                |          |            |          |
                                                                    |          |            |          |
            """)
    void choosesAMemoryOutOfWhatIsOffered(
            @Nullable String answer,
            @Nullable String read,
            @Nullable String write,
            @Nullable String receive,
            @Nullable String chosen) {
        var result = answered("AT+CPMS=?", "\r\n+CPMS: " + (answer == null ? "" : answer) + "\r\n\r\nOK\r\n");
        var offered = Cpms.offered(result);
        assertEquals(read == null ? "" : read, String.join(",", offered.toRead()));
        assertEquals(write == null ? "" : write, String.join(",", offered.toWrite()));
        assertEquals(receive == null ? "" : receive, String.join(",", offered.toReceive()));
        assertEquals(
                Optional.ofNullable(chosen),
                offered.choose().map(choice -> choice.commands().getFirst().text()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            +CPMS: "ME",1,100,"MT",5,100,"TA",1,100           | ME | 1   | 100 | false
            +CPMS: "SM",100,100,"SR",5,10,"TA",1,100          | SM | 100 | 100 | true
            +CPMS: "MT", 0, 100, "MT", 0, 100, "MT", 0, 100   | MT | 0   | 100 | false
            +CPMS: 30,30,30,30,30,30                          | '' | 30  | 30
            +CPMS: 0,0,3,23,3,23                              | '' | 0   | 0
            """)
    void readsHowFullAMemoryIs(String line, String memory, int used, int total) {
        var usage = Cpms.usage(answered("AT+CPMS?", "\r\n" + line + "\r\n\r\nOK\r\n"))
                .orElseThrow();
        assertEquals(memory, usage.memory().orElse(""));
        assertEquals(used, usage.used());
        assertEquals(total, usage.total());
    }

    @Test
    void readsAMemoryThatIsNoneAsNone() {
        assertEquals(Optional.empty(), Cpms.usage(answered("AT+CPMS?", "\r\n+CPMS: ,,,,,,,,\r\n\r\nOK\r\n")));
    }

    /// `reports` is the wanted order of ds: stored first, or handed over first.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            offered                               | stored first        | handed over first
            (2),(0-1,3),(0,2),(0-1),(0)           | AT+CNMI=2,1,0,1,0   | AT+CNMI=2,1,0,1,0
            (0-2),(0,1,3),(0),(0,1),(0,1)         | AT+CNMI=2,1,0,1,0   | AT+CNMI=2,1,0,1,0
            (0-3),(0,1),(0,2,3),(0,2),(1)         | AT+CNMI=2,1,0,2,1   | AT+CNMI=2,1,0,2,1
            (0-2),(0-1),(0-3),(0,2),(0-1)         | AT+CNMI=2,1,0,2,0   | AT+CNMI=2,1,0,2,0
            (0-2),(0-3),(0,2,3),(0-2),(0-1)       | AT+CNMI=2,1,0,2,0   | AT+CNMI=2,1,0,1,0
            0-2,0-3,0,0-2,0                       | AT+CNMI=2,1,0,2,0   | AT+CNMI=2,1,0,1,0
            ("0-2"),(0-3),(0,2,3,(0-2),(0-1)      | AT+CNMI=2,1,0,2,0   | AT+CNMI=2,1,0,1,0
            0-2,(0-3),0,(0-2),(0-1)               | AT+CNMI=2,1,0,2,0   | AT+CNMI=2,1,0,1,0
            (0-2),(0-3                            | AT+CNMI=2,1         | AT+CNMI=2,1
            (0,1),(0,1),(0),(0)                   | AT+CNMI=1,1,0,0     | AT+CNMI=1,1,0,0
            (0-2),(0-3)                           | AT+CNMI=2,1         | AT+CNMI=2,1
            """)
    void choosesHowNewMessagesAreTold(String offered, String storedFirst, String directFirst) {
        var parsed = Cnmi.offered(answered("AT+CNMI=?", "\r\n+CNMI: " + offered + "\r\n\r\nOK\r\n"));
        assertEquals(storedFirst, parsed.choose(List.of(2, 1, 0)).orElseThrow().text());
        assertEquals(directFirst, parsed.choose(List.of(1, 2, 0)).orElseThrow().text());
    }

    @Test
    void knowsThatAModemCannotTellOfMessages() {
        assertEquals(
                Optional.empty(),
                Cnmi.offered(answered("AT+CNMI=?", "\r\nOK\r\n")).choose(List.of(2, 1, 0)));
        assertEquals(
                Optional.empty(),
                Cnmi.offered(answered("AT+CNMI=?", "\r\nERROR\r\n")).choose(List.of(2, 1, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            +CMS ERROR: 304             | cms | 304
            +CMS ERROR:304              | cms | 304
            CMS ERROR:500               | cms | 500
            +CMS ERROR:                 | cms | -1
            +CMS ERROR: 99999999999999  | cms | -1
            +CMS ERROR: SIM busy        | cms | 314
            +CMS ERROR: SIM PIN required | cms | 311
            +CMS ERROR:Unknown Error    | cms | 500
            +CMS ERROR: out of cheese   | cms | -1
            +CME ERROR: raspberry       | cme | -1
            +CME ERROR: 14              | cme | 14
            MODEM ERROR: 5              | -   | -1
            ERROR                       | -   | -1
            COMMAND NOT SUPPORT         | -   | -1
            COMMAND NOT SUPPORTED       | -   | -1
            NOT SUPPORT                 | -   | -1
            TOO MANY PARAMETERS         | -   | -1
            UNKNOWN COMMAND             | -   | -1
            NA                          | -   | -1
            CME Error: unknown          | cme | -1
            +CMS ERROR:538              | cms | 538
            """)
    void readsEveryFormOfAnError(String line, String kind, int code) {
        var result = answered("AT+CMGD=1", "\r\n" + line + "\r\n");
        switch (result) {
            case Final.CmsError cms -> assertEquals("cms " + code, kind + " " + cms.code());
            case Final.CmeError cme -> assertEquals("cme " + code, kind + " " + cme.code());
            case Final.PlainError _ -> assertEquals("-", kind);
            case Final.Ok _, Final.Silence _, Final.Rebooted _ -> throw new AssertionError(result.words());
        }
    }

    @Test
    void takesAUrcGluedBeforeTheEchoForBoth() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CPMS=\"SM\",\"SM\""));
        var events = machine.feed(
                ascii("+CMTI: \"SM\",1\r\nAT+CPMS=\"SM\",\"SM\"\r\r\n+CPMS: 1,20,1,20,1,20\r\n\r\nOK\r\n"));
        assertEquals(stored("SM", 1), events.getFirst());
        assertEquals(1, Cpms.usage(finished(events)).orElseThrow().used());
    }

    /// Without a line end between them, as a modem does that writes a URC whenever it likes.
    @Test
    void findsAUrcInsideTheEcho() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        var events = machine.feed(ascii("AT+C+CMTI: \"SM\",7\r\nSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n"));
        assertTrue(events.contains(stored("SM", 7)), events.toString());
        assertEquals(Optional.of(-73), Csq.dbm(finished(events)));
    }

    @Test
    void givesTheNextHexLineToTheHeaderWhateverComesBetween() {
        var machine = new AtMachine();
        machine.begin(Command.pdus("AT+CMGR=3"));
        var events = machine.feed(ascii("\r\n+CMGR: 0,,30\r\n^RSSI:14\r\n+CMT: ,30\r\n" + PDU
                + "\r\n+CMTI: \"SM\",4\r\n" + PDU.replace("C8F7", "C8F8") + "\r\n\r\nOK\r\n"));
        assertTrue(events.contains(new AtEvent.Unsolicited(new Urc.Message(PDU))));
        assertTrue(events.contains(stored("SM", 4)));
        assertEquals(
                PDU.replace("C8F7", "C8F8"),
                Stored.read(finished(events)).orElseThrow().pdu());
    }

    /// A call that comes in rings every few seconds, whatever is being listed; the voltage warnings
    /// are SIMCom's.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RING",
                "NO CARRIER",
                "BUSY",
                "NO ANSWER",
                "UNDER-VOLTAGE WARNNING",
                "OVER-VOLTAGE POWER DOWN",
                "NORMAL POWER DOWN",
                "SMS READY"
            })
    void takesNoLineOfACallForAPdu(String line) {
        var machine = new AtMachine();
        machine.begin(Command.pdus("AT+CMGL=4"));
        var events = machine.feed(ascii("\r\n+CMGL: 1,0,,30\r\n\r\n" + line + "\r\n" + PDU + "\r\n+CMT: ,30\r\n\r\n"
                + line + "\r\n" + PDU + "\r\n+CMGL: 2,0,,30\r\n" + PDU + "\r\n\r\nOK\r\n"));
        assertTrue(events.contains(new AtEvent.Unsolicited(new Urc.Message(PDU))));
        assertEquals(
                List.of(PDU, PDU),
                Stored.listed(finished(events)).stream().map(Stored::pdu).toList());
    }

    @Test
    void keepsARegistrationUrcApartFromTheAnswer() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CREG?"));
        var events = machine.feed(
                ascii("\r\n+CREG: 2,\"00C3\",\"0000A5F1\"\r\n\r\n+CREG: 2,1,\"00C3\",\"0000A5F1\"\r\n\r\nOK\r\n"));
        assertEquals(new AtEvent.Unsolicited(new Urc.Registration(Creg.SEARCHING)), events.getFirst());
        assertEquals(Optional.of(Creg.HOME), Creg.of(finished(events)));
    }

    @Test
    void readsRegistrationAfterTheOkAsAUrc() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CREG?"));
        var events = new ArrayList<>(machine.feed(ascii("\r\nOK\r\n")));
        assertEquals(Optional.empty(), Creg.of(finished(events)));
        events.addAll(machine.feed(ascii("\r\n+CREG: 5,\"25FF\",\"825E\"\r\n")));
        assertEquals(new AtEvent.Unsolicited(new Urc.Registration(Creg.ROAMING)), events.getLast());
    }

    /// The submission was given up; neither its result nor its `OK` may end what runs now.
    @Test
    void keepsTheLateResultOfASubmissionApart() {
        var machine = new AtMachine();
        machine.begin(Command.prompt("AT+CMGS=23"));
        machine.feed(ascii("\r\n> "));
        machine.abandon();
        machine.begin(Command.of("AT+CSQ"));
        var events = machine.feed(ascii("\r\n+CMGS: 21\r\n\r\nOK\r\n\r\n+CSQ: 3,99\r\n\r\nOK\r\n"));
        assertEquals(new AtEvent.Unsolicited(new Urc.LateSubmission(Optional.of(21))), events.getFirst());
        assertEquals(Optional.of(-107), Csq.dbm(finished(events)));
    }

    /// Only where a submission was given up is an `OK` still to come after it.
    @Test
    void aReferenceOfNobodysTakesNoOkAway() {
        var machine = new AtMachine();
        machine.feed(ascii("\r\n+CMGS: 21\r\n"));
        machine.begin(Command.of("AT+CMGD=1"));
        assertTrue(finished(machine.feed(ascii("\r\nOK\r\n"))).ok());
    }

    @Test
    void doesNotTakeTheEndOfACallForTheEndOfASubmission() {
        var machine = new AtMachine();
        machine.begin(Command.prompt("AT+CMGS=23"));
        machine.feed(ascii("\r\n> "));
        var events = machine.feed(ascii("\r\nRING\r\n\r\nNO CARRIER\r\n\r\nBUSY\r\n\r\n+CMGS: 7\r\n\r\nOK\r\n"));
        assertEquals(Optional.of(7), Cmgs.messageReference(finished(events).answers()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            +CMGS: 255,079121436587F9   | 255
            +CMGS:0                     | 0
            +CMGS:  12                  | 12
            +CMGS: 256                  | -1
            +CMGS:                      | -1
            +CSN:1                      | -1
            """)
    void readsTheMessageReference(String line, int mr) {
        var machine = new AtMachine();
        machine.begin(Command.prompt("AT+CMGS=23"));
        machine.feed(ascii("\r\n> "));
        var events = machine.feed(ascii("0011000B916407281553F80000AA01\u001a\r\n" + line + "\r\n\r\nOK\r\n"));
        assertEquals(mr, Cmgs.messageReference(finished(events).answers()).orElse(-1));
    }

    @Test
    void readsATextOverSeveralLinesThatHoldsAnError() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        var events = machine.feed(
                ascii("\r\n+CUSD: 0,\"Your balance is OK\r\nERROR\r\n\",15\r\n\r\n+CSQ: 31,99\r\n\r\nOK\r\n"));
        assertEquals(Optional.of(-51), Csq.dbm(finished(events)));
        assertTrue(events.stream()
                .anyMatch(event -> event instanceof AtEvent.Unsolicited(Urc.Ussd(var cusd))
                        && cusd.text().contains("ERROR")));
    }

    /// The network's texts quote freely; what stands behind them tells where they end.
    @Test
    void readsAUssdTextWithOneQuote() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        var events =
                machine.feed(ascii("\r\n+CUSD: 0,\"A 5\" phone\r\nfor \"you\",15\r\n\r\n+CSQ: 31,99\r\n\r\nOK\r\n"));
        assertEquals(Optional.of(-51), Csq.dbm(finished(events)));
        assertEquals(
                List.of("A 5\" phone\nfor \"you"),
                events.stream()
                        .flatMap(event -> event instanceof AtEvent.Unsolicited(Urc.Ussd(var cusd))
                                ? Stream.of(cusd.text())
                                : Stream.empty())
                        .toList());
    }

    @Test
    void readsAUssdTextWithOneQuoteOnOneLine() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        var events = machine.feed(ascii("\r\n+CUSD: 0,\"A 5\" phone\",15\r\n\r\n+CSQ: 31,99\r\n\r\nOK\r\n"));
        assertEquals(Optional.of(-51), Csq.dbm(finished(events)));
    }

    @Test
    void ownsTheLineAfterATextModeMessageEvenIfItSaysOk() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        var events = machine.feed(ascii("\r\n+CMT: \"+12025550111\",,\"26/11/24,04:30:00+00\"\r\nOK\r\n"));
        assertEquals(List.of(new AtEvent.Unsolicited(new Urc.Message("OK"))), events);
    }

    /// As `+CSDH=1` has it: the length at the end is that of the text, not of a PDU.
    @Test
    void ownsTheLineAfterATextModeMessageWithAllItsDetails() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        var events = machine.feed(ascii("\r\n+CMT: \"+12025550111\",\"\",\"26/11/24,04:30:00+00\",145,4,0,0,"
                + "\"+12025550000\",145,2\r\nOK\r\n"));
        assertEquals(List.of(new AtEvent.Unsolicited(new Urc.Message("OK"))), events);
    }

    /// A report in text mode is one line (TS 27.005 §3.4.1), and owns none after it.
    @Test
    void takesNothingForTheBodyOfATextModeReport() {
        var machine = new AtMachine();
        machine.begin(Command.text("AT+CGMM"));
        var events = machine.feed(ascii("\r\n+CDS: 6,64,\"+12025550111\",145,\"26/11/24,04:30:00+04\","
                + "\"26/11/24,04:30:05+04\",0\r\n\r\nE3276\r\n\r\nOK\r\n"));
        assertEquals(List.of(Answer.of("E3276")), finished(events).answers());
    }

    @Test
    void readsBareAnswersAndLeavesOutTheEcho() {
        var machine = new AtMachine();
        machine.begin(Command.text("AT+CGMM"));
        var events = machine.feed(ascii("AT+CGMM\r\r\n^RSSI:7\r\nRING\r\n\r\nNO CARRIER\r\nE3276\r\n\r\nOK\r\n"));
        assertEquals(List.of(Answer.of("E3276")), finished(events).answers());
    }

    @ParameterizedTest
    @CsvSource({"RDY", "^SYSSTART", "^SYSSTART AIRPLANE MODE", "*ATREADY: 1", "+CFUN: 1", "APP RDY"})
    void seesThatTheModemHasStarted(String line) {
        var machine = new AtMachine();
        machine.begin(Command.prompt("AT+CMGS=23"));
        machine.feed(ascii("\r\n> "));
        var events = machine.feed(ascii("\r\n" + line + "\r\n"));
        assertEquals(List.of(new AtEvent.Unsolicited(new Urc.Booted(line))), events);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            +CMTI: "SM",-1    | SM
            +CMTI: ,-1        | ''
            +CMTI: "SM"       | SM
            +CMTI:            | ''
            """)
    void readsAnIndicationWithoutAnIndex(String line, String memory) {
        var events = new AtMachine().feed(ascii("\r\n" + line + "\r\n"));
        assertEquals(
                List.of(new AtEvent.Unsolicited(new Urc.MessageStored(
                        memory.isEmpty() ? Optional.empty() : Optional.of(memory), Optional.empty()))),
                events);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            002B00390037003200350034003100320030003000330032     | +97254120032
            "002B003400340037003800300032003000390032003000330035" | +447802092035
            "+35385700001"                                       | +35385700001
            "12025550"                                           | 12025550
            """)
    void readsTheNumberOfTheSmscInEveryForm(String field, String number) {
        assertEquals(
                Optional.of(number), Csca.address(answered("AT+CSCA?", "\r\n+CSCA: " + field + ",145\r\n\r\nOK\r\n")));
    }

    @Test
    void knowsNoSignalFrom99() {
        assertEquals(Optional.empty(), Csq.dbm(answered("AT+CSQ", "\r\n+CSQ: 99,99\r\n\r\nOK\r\n")));
    }

    @Test
    void listsWhatIsThereAndLeavesOutWhatIsNot() {
        var result = answered(
                "AT+CMGL=4",
                "\r\n+CMGL: 0,0,,30\r\n" + PDU
                        + "\r\n+CMGL: 2,0,,30\r\nZZZZ\r\n+CMGL: 3,1,,0\r\n\r\n+CMGL: 7,3,\"x\",30\r\n" + PDU
                        + "\r\n+CMGL: 8,1,,176\r\n00" + "F".repeat(350) + "\r\n\r\nOK\r\n");
        var listed = Stored.listed(result);
        assertEquals(
                List.of(0, 2, 7, 8),
                listed.stream().map(s -> s.index().orElse(-1)).toList());
        assertEquals(
                List.of(true, false, true, false),
                listed.stream()
                        .map(stored -> stored.isHex() && !stored.isFree())
                        .toList());
        assertEquals(
                List.of(false, false, true, false),
                listed.stream().map(Stored::outgoing).toList());
    }

    @Test
    void takesNoMoreOfALineThanItsLimit() {
        var machine = new AtMachine();
        machine.begin(Command.text("AT+CGMM"));
        var octets = new byte[4 * AtMachine.LINE_MAX];
        Arrays.fill(octets, (byte) 'x');
        machine.feed(octets);
        var answers = finished(machine.feed(ascii("\r\nOK\r\n"))).answers();
        assertEquals(AtMachine.LINE_MAX, answers.getFirst().text().length());
    }

    @Test
    void refusesASecondCommandAtOnce() {
        var machine = new AtMachine();
        machine.begin(Command.of("AT+CSQ"));
        assertThrows(IllegalStateException.class, () -> machine.begin(Command.of("AT")));
    }

    /// Whatever octets come, the machine answers with events and goes on: after them a command still
    /// ends.
    @Test
    void survivesAnyOctets() {
        var random = new Random(20_26);
        var alphabet = ascii("+CMTGSRLD:>\r\n\"0123456789ABCDEF,OKERO ^\u001a\u001b");
        for (var round = 0; round < 2_000; round++) {
            var machine = new AtMachine();
            var octets = new byte[random.nextInt(400)];
            for (var i = 0; i < octets.length; i++) {
                octets[i] = random.nextInt(20) == 0
                        ? (byte) random.nextInt(256)
                        : alphabet[random.nextInt(alphabet.length)];
            }
            assertNotNull(machine.feed(octets));
            machine.abandon();
            machine.feed(ascii("\r\n0\r\nOK\r\n"));
            machine.begin(Command.of("AT"));
            assertFalse(machine.feed(ascii("\r\nOK\r\nAT\r\r\nOK\r\n")).isEmpty());
        }
    }

    // Playing

    private static List<AtEvent> played(Dialogue dialogue, int portion) {
        var machine = new AtMachine();
        var events = new ArrayList<AtEvent>();
        for (var step : dialogue.steps()) {
            switch (step) {
                case Step.Driver(var octets) -> begin(machine, octets);
                case Step.Modem modem -> {
                    var octets = modem.octets();
                    for (var at = 0; at < octets.length; at += Math.min(portion, octets.length)) {
                        events.addAll(machine.feed(
                                Arrays.copyOfRange(octets, at, (int) Math.min((long) at + portion, octets.length))));
                    }
                }
                case Step.Wait _ -> {}
            }
        }
        return events;
    }

    private static List<AtEvent> playedSplitAt(Dialogue dialogue, int index) {
        var machine = new AtMachine();
        var events = new ArrayList<AtEvent>();
        for (var step : dialogue.steps()) {
            switch (step) {
                case Step.Driver(var octets) -> begin(machine, octets);
                case Step.Modem modem -> {
                    var octets = modem.octets();
                    var at = Math.min(index, octets.length);
                    events.addAll(machine.feed(Arrays.copyOf(octets, at)));
                    events.addAll(machine.feed(Arrays.copyOfRange(octets, at, octets.length)));
                }
                case Step.Wait _ -> {}
            }
        }
        return events;
    }

    private static void begin(AtMachine machine, String octets) {
        var text = octets.strip();
        if (!text.startsWith("AT")) {
            return; // a PDU or an ESC belongs to the command that runs
        }
        machine.abandon();
        machine.begin(
                text.startsWith("AT+CMGS")
                        ? Command.prompt(text)
                        : text.startsWith("AT+CMGL") || text.startsWith("AT+CMGR")
                                ? Command.pdus(text)
                                : Command.of(text));
    }

    private static Final lastResult(Dialogue dialogue) {
        return finished(played(dialogue, Integer.MAX_VALUE));
    }

    private static Final answered(String command, String octets) {
        var machine = new AtMachine();
        begin(machine, command);
        return finished(machine.feed(ascii(octets)));
    }

    private static Final finished(List<AtEvent> events) {
        return events.stream()
                .filter(AtEvent.Finished.class::isInstance)
                .map(event -> ((AtEvent.Finished) event).result())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static AtEvent stored(String memory, int index) {
        return new AtEvent.Unsolicited(new Urc.MessageStored(Optional.of(memory), Optional.of(index)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
