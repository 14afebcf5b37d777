package dev.parley.webhook;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A name server that answers with a good address first and with one of ours in the next moment.
class RebindingTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    @Test
    void theAddressThatWasLookedAtIsTheOneThatIsConnectedTo() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var inside = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        inside.createContext("/", exchange -> {
            heard.add(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        inside.start();
        var lookups = new AtomicInteger();
        var ours = InetAddress.ofLiteral("127.0.0.1");
        // 127.0.0.2 stands for the good address: nobody listens there.
        var good = InetAddress.ofLiteral("127.0.0.2");
        try (var poster = new Poster()) {
            var uri = URI.create("http://rebind.invalid:" + inside.getAddress().getPort() + "/hook");
            var targets =
                    new Targets(true, true, _ -> new InetAddress[] {lookups.getAndIncrement() == 0 ? good : ours});
            var at = assertInstanceOf(Targets.Located.At.class, targets.located(uri));
            assertThrows(IOException.class, () -> poster.post(uri, at.addresses(), Map.of(), "{}", WITHIN));
            assertEquals(1, lookups.get(), "the name is looked up once");
            assertEquals(List.of(), heard);
            // And a name that nobody knows is posted to where it was found.
            assertEquals(
                    204, poster.post(uri, List.of(ours), Map.of(), "{}", WITHIN).status());
            assertEquals(List.of("rebind.invalid:" + inside.getAddress().getPort()), heard);
        } finally {
            inside.stop(0);
        }
    }

    /// One bad address among several is enough.
    @Test
    void everyAddressOfANameIsLookedAtEachTime() throws Exception {
        var publicly = InetAddress.ofLiteral("93.184.216.34");
        var ours = InetAddress.ofLiteral("10.0.0.1");
        var lookups = new AtomicInteger();
        var targets = new Targets(
                false,
                false,
                _ -> lookups.getAndIncrement() == 0
                        ? new InetAddress[] {publicly}
                        : new InetAddress[] {publicly, ours});
        var uri = URI.create("https://rebind.invalid/hook");
        assertInstanceOf(Targets.Located.At.class, targets.located(uri));
        var forbidden = assertInstanceOf(Targets.Located.Forbidden.class, targets.located(uri));
        assertTrue(forbidden.why().contains("10.0.0.1"), forbidden.why());
    }

    /// An address that the whole world may reach is still ours, where this machine has it: what listens here expects a
    /// firewall in front.
    @Test
    void anAddressOfThisMachineIsNoneToPostTo() throws Exception {
        var publicly = InetAddress.ofLiteral("93.184.216.34");
        var targets = new Targets(false, false, new Targets.Lookup() {
            @Override
            public InetAddress[] addresses(String host) {
                return new InetAddress[] {publicly};
            }

            @Override
            public boolean isOurs(InetAddress address) {
                return address.equals(publicly);
            }
        });
        assertInstanceOf(Targets.Located.Forbidden.class, targets.located(URI.create("https://hairpin.invalid/hook")));
        Targets.Lookup real = InetAddress::getAllByName;
        assertTrue(real.isOurs(InetAddress.ofLiteral("127.0.0.1")));
        assertFalse(real.isOurs(publicly));
    }
}
