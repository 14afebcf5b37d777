package dev.parley.modem;

import dev.parley.link.Inbound;
import dev.parley.link.LinkState;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.parley.modem.Heard.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The link on a modem of the simulated network, which is a program of its own and knows nothing of this test.
@Timeout(120)
class SimulatedModemTest {
    private static final String LINE = "+12025550100";
    private static final String ANN = "+12025550111";

    @TempDir
    private Path directory;

    private SimulatedNetwork network;
    private Heard heard;
    private ModemLink link;

    @BeforeEach
    void start() throws IOException {
        network = SimulatedNetwork.start(directory, "modem-1", LINE);
        heard = new Heard();
        link = new ModemLink(
                "modem-1",
                ModemLinkTest.settings(
                        network.port("modem-1"),
                        Optional.empty(),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        ModemLinkTest.QUICK),
                new PinMemory(directory.resolve("pins")),
                Clock.systemUTC());
        link.start(heard);
        until(link, LinkState.READY);
    }

    @AfterEach
    void stop() {
        link.close();
        network.close();
    }

    private static OutboundPart part(long id, String text) {
        return switch (Segmenter.split(text, SplitOptions.plain(1))) {
            case Split.Parts parts ->
                new OutboundPart(id, ANN, parts.segments().getFirst(), true, Optional.empty(), true);
            case Split.TooLong _ -> throw new AssertionError(text);
        };
    }

    private List<Received> received() {
        var decoder = new ModemDecoder();
        return heard.inbound.stream().map((Inbound one) -> decoder.decode(one)).toList();
    }

    @Test
    void deliversAndIsTold() throws Exception {
        var outcome = assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(1, "I{[€]}")));
        until("at the handset", () -> network.texts(ANN).equals(List.of("I{[€]}")));
        until("report", () -> received().size() == 1);
        var report = assertInstanceOf(Received.Report.class, received().getFirst());
        assertEquals(outcome.reference(), report.reference());
        assertEquals(Optional.of(ANN), report.recipient());
        assertInstanceOf(Received.Fate.Delivered.class, report.fate());
        until("acknowledged", () -> heard.released.size() == 1);
    }

    @Test
    void receivesATextSoonAfterItsUrc() {
        network.send(ANN, LINE, "hello 😀");
        until("text", () -> received().size() == 1);
        var text = assertInstanceOf(Received.Text.class, received().getFirst());
        assertEquals(ANN, text.sender());
        assertEquals("hello 😀", text.text());
        assertTrue(text.scts().isPresent());
        until("deleted", () -> heard.released.size() == 1);
    }

    /// Whatever goes wrong in the middle of traffic in both directions: what was accepted arrives once, what arrives
    /// is heard, and nobody has to help.
    @ParameterizedTest
    @ValueSource(strings = {"unplugged", "hung", "no-network", "pin-required", "storage-full", "refuse:42"})
    void survivesAFaultInTheMiddleOfTraffic(String fault) throws Exception {
        var parts = 30;
        network.modem("modem-1", "{\"airTimeMs\": 20}");
        var sure = new ArrayList<String>();
        var unsure = new ArrayList<String>();
        var sending = CompletableFuture.runAsync(() -> {
            for (var i = 0; i < parts; i++) {
                var text = "out " + i;
                switch (submitted(i, text)) {
                    case SubmitOutcome.Accepted _ -> sure.add(text);
                    case SubmitOutcome.Uncertain _ -> unsure.add(text);
                    case SubmitOutcome other -> throw new AssertionError(other.toString());
                }
            }
        });
        for (var i = 0; i < parts; i++) {
            network.send(ANN, LINE, "in " + i);
            if (i == 10) {
                until("some went out", () -> network.texts(ANN).size() >= 3);
                network.modem("modem-1", "{\"fault\": \"" + fault + "\"}");
            }
            if (i == 20) {
                if (!fault.equals("storage-full")) {
                    until("noticed", () -> link.status().state() != LinkState.READY || fault.startsWith("refuse"));
                }
                network.modem("modem-1", "{\"fault\": \"none\"}");
            }
        }
        sending.get();
        until("sent", () -> network.texts(ANN).containsAll(sure));
        var arrived = network.texts(ANN);
        assertEquals(arrived.size(), new HashSet<>(arrived).size(), "twice: " + arrived);
        assertTrue(unsure.size() <= 2, unsure.toString());
        var expected = new HashSet<String>();
        for (var i = 0; i < parts; i++) {
            expected.add("in " + i);
        }
        until("all received", () -> textsHeard().equals(expected));
        until(
                "reports",
                () -> received().stream()
                                .filter(one -> one instanceof Received.Report)
                                .map(one -> ((Received.Report) one).reference())
                                .distinct()
                                .count()
                        >= sure.size());
    }

    private SubmitOutcome submitted(int id, String text) {
        try {
            while (true) {
                var outcome = link.submit(part(id, text));
                if (outcome instanceof SubmitOutcome.Accepted || outcome instanceof SubmitOutcome.Uncertain) {
                    return outcome;
                }
                LockSupport.parkNanos(5_000_000); // as the queue backs off
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> textsHeard() {
        var texts = new HashSet<String>();
        for (var one : received()) {
            if (one instanceof Received.Text text) {
                texts.add(text.text());
            }
        }
        return texts;
    }

    /// With no air time at all, what is left is the link's own. The bound is ten times what is aimed at, as machines
    /// that run tests are busy.
    @Test
    void addsLittleToTheAirTime() throws Exception {
        network.modem("modem-1", "{\"airTimeMs\": 0}");
        for (var i = 0; i < 20; i++) {
            link.submit(part(i, "warm " + i));
        }
        var count = 100;
        var times = new long[count];
        for (var i = 0; i < count; i++) {
            var begin = System.nanoTime();
            assertInstanceOf(SubmitOutcome.Accepted.class, link.submit(part(100 + i, "fast " + i)));
            times[i] = System.nanoTime() - begin;
        }
        java.util.Arrays.sort(times);
        System.out.printf(
                "submit without air time: median %.2f ms, 90 %% %.2f ms%n", times[count / 2] / 1e6, times[90] / 1e6);
        assertTrue(times[count / 2] < Duration.ofMillis(50).toNanos(), times[count / 2] + " ns");
    }
}
