package dev.parley.at;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Whatever a modem says, the grammar and what reads its answers end with a value. In `mvn verify` this
/// replays the dialogues; `JAZZER_FUZZ=1` searches for more.
class AtFuzzTest {

    private static final List<Command> COMMANDS = List.of(
            Command.of("AT+CPMS=?"),
            Command.of("AT+CREG?"),
            Command.text("AT+CGMI"),
            Command.pdus("AT+CMGL=4"),
            Command.pdus("AT+CMGR=1"),
            Command.prompt("AT+CMGS=20"),
            Command.everything("AT+CSQ"),
            Command.of("ATD112;"));

    /// @param said the first octet says which command runs (or none), the second where the rest is cut
    @MethodSource("dialogues")
    @FuzzTest(maxDuration = "2m")
    void readsAnything(byte[] said) {
        if (said.length < 2) {
            return;
        }
        var octets = Arrays.copyOfRange(said, 2, said.length);
        int command = said[0] & 0xFF;
        var whole = heard(command, octets, octets.length);
        assertEquals(whole, heard(command, octets, 1), "octet by octet");
        assertEquals(whole, heard(command, octets, 1 + (said[1] & 0xFF)), "cut");
        for (var event : whole) {
            switch (event) {
                case AtEvent.Finished(var result) -> read(result);
                case AtEvent.Unsolicited(Urc.Ussd(var cusd)) -> {
                    assertNotNull(cusd.readable(true));
                    assertNotNull(cusd.readable(false));
                }
                case AtEvent.Unsolicited(Urc.MessageStored(var memory, var _)) -> memory.ifPresent(AtFuzzTest::select);
                case AtEvent.Unsolicited(Urc.ReportStored(var memory, var _)) -> memory.ifPresent(AtFuzzTest::select);
                case AtEvent.Unsolicited _, AtEvent.Prompted _ -> {}
            }
        }
    }

    private static List<AtEvent> heard(int command, byte[] octets, int portion) {
        var machine = new AtMachine();
        if (command < COMMANDS.size()) {
            machine.begin(COMMANDS.get(command));
        }
        var events = new ArrayList<AtEvent>();
        for (int at = 0; at < octets.length; at += portion) {
            events.addAll(machine.feed(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + portion))));
        }
        if (machine.answered()) {
            events.add(new AtEvent.Finished(new Final.Silence(machine.abandon())));
        }
        return events;
    }

    /// A memory that a modem names is asked for by that name.
    private static void select(String memory) {
        assertNotNull(Command.of("AT+CPMS=\"" + memory + "\""));
    }

    private static void read(Final result) {
        assertTrue(result.answers().size() <= AtMachine.ANSWERS_MAX);
        assertNotNull(result.words());
        var offered = Cpms.offered(result);
        offered.choose().ifPresent(choice -> {
            assertNotNull(choice.commands());
            offered.toEmpty(choice).forEach(AtFuzzTest::select);
        });
        assertNotNull(Cpms.usage(result));
        assertNotNull(Cnmi.offered(result).choose(List.of(1, 2, 0)));
        assertNotNull(Creg.of(result));
        assertNotNull(Csca.address(result));
        assertNotNull(Cops.operator(result));
        assertNotNull(Csq.dbm(result));
        assertNotNull(SimState.of(result));
        assertNotNull(Cmgs.messageReference(result.answers()));
        Stored.listed(result).forEach(stored -> assertNotNull(stored.isFree() ? stored.pdu() : stored.stat()));
        assertNotNull(Stored.read(result));
        for (var answer : result.answers()) {
            var cusd = Cusd.of(answer.text());
            assertNotNull(cusd.readable(true));
            assertNotNull(cusd.readable(false));
        }
    }

    /// What modems said in the recorded dialogues, with each kind of command running.
    static Stream<Arguments> dialogues() {
        return Dialogues.all().flatMap(row -> {
            var said = new StringBuilder();
            for (var step : row.steps()) {
                if (step instanceof Dialogues.Step.Modem(var text)) {
                    said.append(text);
                }
            }
            var octets = said.toString().getBytes(StandardCharsets.ISO_8859_1);
            return Stream.of(0, 3, 5, 6, 255).map(command -> {
                var seed = new byte[octets.length + 2];
                seed[0] = command.byteValue();
                seed[1] = 4;
                System.arraycopy(octets, 0, seed, 2, octets.length);
                return Arguments.of((Object) seed);
            });
        });
    }
}
