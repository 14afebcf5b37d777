package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Reassembly;
import dev.parley.sms.Segment;
import dev.parley.world.Npm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// An SMSC that is not ours: npm's `smpp` on Node. Without Node the test is skipped.
@DisplayName("The SMPP link and npm smpp")
@Timeout(120)
class NodePeerTest {

    private static final class Ears implements LinkListener {
        private final List<Received> heard = new CopyOnWriteArrayList<>();
        private final SmppDecoder decoder = new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of());

        @Override
        public long received(Inbound inbound) {
            heard.add(decoder.decode(inbound));
            return heard.size();
        }

        @Override
        public void released(long receipt) {}

        @Override
        public void stateChanged(Link link, LinkStatus status) {}
    }

    @Test
    void submitsHearsReceiptsInThreeFormsAndReceivesUnbindsAndReconnects() throws Exception {
        var modules = Npm.modules("smpp", "0.5.1");
        var script = Path.of("src/test/resources/peers/smpp-server.js").toAbsolutePath();
        var builder = new ProcessBuilder("node", script.toString()).redirectErrorStream(true);
        builder.environment().put("NODE_PATH", modules.toString());
        var node = builder.start();
        try (var out = node.inputReader(StandardCharsets.UTF_8)) {
            talk(out, Integer.parseInt(awaited(out, "port ").substring("port ".length())));
        } finally {
            node.destroy();
        }
    }

    private static void talk(BufferedReader out, int port) throws Exception {
        var ears = new Ears();
        var link = new SmppLink("node", settings(port), Clock.systemUTC(), new SimpleMeterRegistry());
        try {
            link.start(ears);
            eventually("ready", () -> link.status().state() == LinkState.READY);
            for (var form : new String[] {"text", "tlv", "data"}) {
                int before = ears.heard.size();
                var accepted = assertInstanceOf(SubmitOutcome.Accepted.class, Outcome.of(link, part(form)));
                eventually(form, () -> ears.heard.size() > before);
                var report = assertInstanceOf(Received.Report.class, ears.heard.getLast());
                assertInstanceOf(Received.Fate.Delivered.class, report.fate());
                assertEquals(
                        MessageIds.Way.HEX_IN_RESPONSE,
                        MessageIdsTest.surest(
                                accepted.reference().orElseThrow(),
                                report.reference().orElseThrow()));
            }
            ears.heard.clear();
            Outcome.of(link, part("long"));
            eventually("two parts", () -> ears.heard.size() == 2);
            var first = assertInstanceOf(Received.Text.class, ears.heard.getFirst());
            assertEquals("Hello ", Reassembly.mended(first.text()));
            assertEquals(2, first.concat().orElseThrow().total());
            assertEquals("+12025550111", first.sender());
            Outcome.of(link, part("bye"));
            eventually("dropped", () -> link.status().state() != LinkState.READY);
            eventually("ready again", () -> link.status().state() == LinkState.READY);
            assertInstanceOf(SubmitOutcome.Accepted.class, Outcome.of(link, part("text")));
        } finally {
            link.close();
        }
        assertEquals("unbound", awaited(out, "unbound"));
    }

    private static OutboundPart part(String text) {
        return new OutboundPart(
                1,
                "+12025550111",
                new Segment(Alphabet.GSM7, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, text, Optional.empty()),
                true,
                Optional.empty(),
                false);
    }

    private static SmppSettings settings(int port) {
        return new SmppSettings(
                "127.0.0.1",
                port,
                SmppSettings.Bind.TRANSCEIVER,
                "parley",
                "secret",
                "",
                10,
                Optional.empty(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                "+12025550101",
                1,
                0x34,
                SmppSettings.LongMessages.UDH,
                SmppSettings.DefaultAlphabet.GSM7,
                MessageIds.Form.AS_WRITTEN,
                SmppSettings.AddressRules.USUAL,
                Optional.empty(),
                true);
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what + " within 20 s");
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static String awaited(BufferedReader out, String begin) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(begin)) {
                return line;
            }
        }
        throw new AssertionError("the peer ended without \"" + begin + "\"");
    }
}
