package dev.parley.modem;

import dev.parley.at.Dialogues;
import dev.parley.at.Dialogues.Dialogue;
import dev.parley.at.Dialogues.Step;
import dev.parley.link.LinkState;
import dev.parley.link.SubmitOutcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.parley.modem.Heard.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The recorded dialogues against the whole link, over a real pty. The link has its own order of
/// commands, so a row gives the answers to the commands that it names, and the scripted modem's table
/// those to the others. Pauses of the modem's are cut to some milliseconds.
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class DialogueReplayTest {
    private static final int PAUSE_MILLIS_MAX = 20;

    @TempDir
    private Path directory;

    /// A row's answers by command, in their order, and what the modem says before any command.
    private record Answers(List<String> unasked, Map<String, Deque<List<String>>> byCommand, boolean lasting)
            implements ScriptedModem.Script {

        static Answers of(Dialogue dialogue, boolean lasting) {
            var unasked = new ArrayList<String>();
            var byCommand = new HashMap<String, Deque<List<String>>>();
            var portions = unasked;
            for (var step : dialogue.steps()) {
                switch (step) {
                    case Step.Driver(var octets) -> {
                        portions = new ArrayList<>();
                        byCommand
                                .computeIfAbsent(key(octets.strip()), _ -> new ArrayDeque<>())
                                .add(portions);
                    }
                    case Step.Modem(var text) -> portions.add(text);
                    case Step.Wait(int millis) -> portions.add("~" + Math.min(millis, PAUSE_MILLIS_MAX));
                }
            }
            return new Answers(unasked, byCommand, lasting);
        }

        private static String key(String said) {
            if (said.endsWith("^Z") || said.endsWith("\u001a")) {
                return "^Z";
            }
            if (said.startsWith("\u001b")) {
                return "ESC";
            }
            if (said.startsWith("AT+CPMS=\"")) {
                return "AT+CPMS=";
            }
            return said.startsWith("AT+CMGS=") ? "AT+CMGS" : said;
        }

        @Override
        public synchronized Optional<List<String>> apply(ScriptedModem modem, String said) {
            var left = byCommand.get(key(said));
            if (left == null || left.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(lasting && left.size() == 1 ? left.getFirst() : left.removeFirst());
        }
    }

    private interface Play {
        void on(ScriptedModem modem, ModemLink link, Heard heard) throws Exception;
    }

    private void play(Answers answers, Optional<Pin> pin, Play play) throws Exception {
        try (var modem = new ScriptedModem(directory)) {
            modem.script(answers);
            modem.plug();
            var heard = new Heard();
            try (var link = new ModemLink(
                    "modem-1",
                    ModemLinkTest.settings(
                            modem.path(), pin, Duration.ofSeconds(1), Duration.ofMillis(600), ModemLinkTest.QUICK),
                    new PinMemory(directory.resolve("pins")),
                    Clock.systemUTC())) {
                link.start(heard);
                play.on(modem, link, heard);
                modem.unplug(); // which ends the link's read at once
            }
        }
    }

    // Sending

    static Stream<Dialogue> submissions() {
        return Dialogues.all()
                .filter(row -> row.steps().stream()
                        .anyMatch(step -> step instanceof Step.Driver(var octets) && octets.startsWith("AT+CMGS=")))
                .filter(row -> !row.id().equals("E-snd-21")); // a driver that changes its mind, which the link does not
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("submissions")
    void endsASubmissionAsTheRowSays(Dialogue row) throws Exception {
        play(Answers.of(row, false), Optional.empty(), (modem, link, heard) -> {
            until(link, LinkState.READY);
            // Without a report: a facility that the network refuses may be that, and the text would go
            // again without.
            var outcome = link.submit(ModemLinkTest.partWithoutReport(1));
            var expected = row.result();
            if (expected.startsWith("sent mr=?")) {
                assertEquals(new SubmitOutcome.Accepted(Optional.empty()), outcome);
            } else if (expected.startsWith("sent mr=")) {
                assertEquals(new SubmitOutcome.Accepted(Optional.of(expected.substring(8))), outcome);
            } else if (expected.startsWith("unknown")) {
                assertInstanceOf(SubmitOutcome.Uncertain.class, outcome);
            } else if (expected.contains("304")) {
                assertInstanceOf(SubmitOutcome.Suspected.class, outcome, "our PDU is valid");
            } else if (expected.contains("permanent") || expected.equals("code 1")) {
                assertInstanceOf(SubmitOutcome.Refused.class, outcome);
            } else if (expected.contains("modem")) {
                assertInstanceOf(SubmitOutcome.NotHandedOver.class, outcome);
                until("parked", () -> heard.states.stream().anyMatch(status -> status.state() == LinkState.FAULT));
            } else {
                assertInstanceOf(SubmitOutcome.Postponed.class, outcome);
            }
            if (!answersPrompt(row)) {
                assertFalse(modem.said.stream().anyMatch(said -> said.endsWith("^Z")), "no prompt, so no PDU");
            }
            for (var event : row.events()) {
                assertTrue(event.startsWith("CMTI SM "), event);
                until(event, () -> modem.said.contains("AT+CMGR=" + event.substring(8)));
            }
            until("works on", () -> accepts(link) || link.status().state() == LinkState.FAULT);
        });
    }

    private static boolean answersPrompt(Dialogue row) {
        return row.steps().stream().anyMatch(step -> step instanceof Step.Modem(var text) && text.contains(">"));
    }

    private static boolean accepts(ModemLink link) {
        try {
            return link.submit(ModemLinkTest.part(2, false)) instanceof SubmitOutcome.Accepted;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // Start-up

    static Stream<Dialogue> startUps() {
        return Stream.of("init", "cpms", "cnmi", "full").flatMap(Dialogues::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("startUps")
    void getsReadyWithSuchAModem(Dialogue row) throws Exception {
        var answers = Answers.of(row, !row.category().equals("init"));
        play(answers, Optional.of(new Pin("1111")), (modem, link, heard) -> {
            for (var said : answers.unasked()) {
                modem.say(said);
            }
            until(link, LinkState.READY);
            until("sends", () -> accepts(link));
        });
    }

    // The SIM

    static Stream<Dialogue> sims() {
        return Dialogues.of("cpin");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sims")
    void saysWhatTheSimWants(Dialogue row) throws Exception {
        var answers = Answers.of(row, true);
        var wrong = row.result().startsWith("wrong PIN");
        if (wrong) {
            answers.byCommand().put("AT+CPIN?", new ArrayDeque<>(List.of(List.of(ScriptedModem.ok("+CPIN: SIM PIN")))));
        }
        play(answers, wrong ? Optional.of(new Pin("1234")) : Optional.empty(), (modem, link, _) -> {
            var expected = row.result();
            if (expected.startsWith("ready")) {
                until(link, LinkState.READY);
            } else if (expected.contains("retry")) {
                until("asks again", () -> modem.count("AT+CPIN?") > 3);
                assertEquals(LinkState.CONNECTING, link.status().state());
            } else {
                until(link, expected.startsWith("locked to network") ? LinkState.FAULT : LinkState.LOCKED);
                assertFalse(link.status().sentence().isEmpty());
            }
            if (wrong) {
                until("asks again", () -> modem.count("AT+CPIN?") > 3);
                assertEquals(1, modem.count("AT+CPIN=\"1234\""));
            }
        });
    }

    // Receiving

    static Stream<Dialogue> receptions() {
        return Stream.of("urc", "list", "read", "delete")
                .flatMap(Dialogues::of)
                .filter(row -> submissions().noneMatch(other -> other.id().equals(row.id())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("receptions")
    void takesWhatTheModemTells(Dialogue row) throws Exception {
        var answers = Answers.of(row, row.category().equals("read"));
        play(answers, Optional.empty(), (modem, link, heard) -> {
            if (row.id().equals("E-lst-04")) {
                modem.stored.put("SM:2", "ZZZZ");
            }
            until(link, LinkState.READY);
            var listings = modem.count("AT+CMGL=4");
            for (var said : answers.unasked()) {
                if (!said.startsWith("~")) {
                    modem.say(said);
                }
            }
            answers.byCommand().keySet().stream()
                    .filter(command -> command.startsWith("AT+CMGR=") && !modem.said.contains(command))
                    .forEach(command -> modem.say("\r\n+CMTI: \"SM\"," + command.substring(8) + "\r\n"));
            var messages = 0;
            for (var event : row.events()) {
                if (event.startsWith("SMS") || event.startsWith("bad") || event.startsWith("report")) {
                    messages++;
                } else if (event.endsWith("poll") || event.equals("storage full")) {
                    until(event, () -> modem.count("AT+CMGL=4") > listings);
                } else {
                    until(event, () -> modem.said.contains("AT+CMGR=" + event.substring(event.lastIndexOf(' ') + 1)));
                }
            }
            var expected = messages;
            until(expected + " messages", () -> heard.inbound.size() >= expected);
            until("healthy", () -> modem.count("AT+CSQ") >= 2 && link.status().state() == LinkState.READY);
            if (row.category().equals("read") || row.category().equals("list")) {
                assertTrue(
                        heard.inbound.size() <= Math.max(expected, 1),
                        heard.pdus().toString());
                until("let go of", () -> heard.inbound.size() == heard.released.size());
            }
        });
    }
}
