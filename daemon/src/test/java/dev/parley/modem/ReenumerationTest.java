package dev.parley.modem;

import dev.parley.link.LinkState;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.parley.modem.Heard.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Two sticks of the simulated network, of which one is pulled out and comes up at a port of another
/// name, as sticks do.
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
class ReenumerationTest {
    private static final String LINE = "+12025550100";
    private static final String OTHER = "+12025550101";
    private static final String ANN = "+12025550111";

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "by its {0}")
    @ValueSource(strings = {"imei", "imsi"})
    @DisplayName("a modem is found again wherever it comes up, and the other one is left alone")
    void isFoundAgain(String by) throws Exception {
        try (var network = SimulatedNetwork.start(directory, List.of("modem-1=" + LINE, "modem-2=" + OTHER))) {
            network.modem("modem-1", "{\"airTimeMs\": 10}");
            var number = Optional.of(network.modem("modem-1").path(by).asString());
            var heard = new Heard();
            try (var link = new ModemLink(
                    "modem-1",
                    new ModemSettings(
                            new Whereabouts(
                                    Optional.empty(),
                                    by.equals("imei") ? number : Optional.empty(),
                                    by.equals("imsi") ? number : Optional.empty()),
                            115_200,
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(1),
                            true,
                            ModemLinkTest.QUICK),
                    new PinMemory(directory.resolve("pins")),
                    Clock.systemUTC(),
                    // The other one first, so that it is asked who it is each time.
                    new ModemFinder(() -> network.ptys("modem-2", "modem-1")))) {
                link.start(heard);
                until(link, LinkState.READY);
                send(link, network, 1);
                var before = network.ptys("modem-1");

                network.modem("modem-1", "{\"fault\": \"unplugged\"}");
                until(link, LinkState.DISCONNECTED);
                network.send(ANN, LINE, "while it was out");
                var squatters = squatters(before.getFirst());
                network.modem("modem-1", "{\"fault\": \"none\"}");
                squatters.forEach(Pty::close);

                assertNotEquals(before, network.ptys("modem-1"));
                until(link, LinkState.READY);
                send(link, network, 2);
                until(
                        "what waited for it",
                        () -> heard.inbound.stream()
                                .map(new ModemDecoder()::decode)
                                .anyMatch(one -> one instanceof Received.Text text
                                        && text.text().equals("while it was out")));
            }
            assertEquals(0, network.modem("modem-2").path("sent").asInt());
        }
    }

    private static void send(ModemLink link, SimulatedNetwork network, int id) throws InterruptedException {
        assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(ModemLinkTest.part(id, false)));
        until("at the handset", () -> network.texts(ANN).size() == id);
    }

    /// Opens ptys until one has the name that was freed, which the system gives to the next one.
    private static List<Pty> squatters(Path freed) throws IOException {
        var squatters = new ArrayList<Pty>();
        do {
            squatters.add(Pty.open());
            assertTrue(squatters.size() < 100, "nobody got " + freed);
        } while (squatters.stream().noneMatch(pty -> pty.path().equals(freed)) && squatters.size() < 20);
        return squatters;
    }
}
