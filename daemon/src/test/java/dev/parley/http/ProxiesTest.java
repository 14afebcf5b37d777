package dev.parley.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Whom a proxy asks for, and whom it is believed.
class ProxiesTest {
    private static final Proxies PROXIES = new Proxies(List.of(
            Network.of("127.0.0.1/32").orElseThrow(),
            Network.of("10.1.0.0/16").orElseThrow(),
            Network.of("fd00::/8").orElseThrow()));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                   | peer        | X-Forwarded-For                        | proto       | address      | secure
            nobody stands behind the peer          | 203.0.113.7 | ''                                     | ''          | 203.0.113.7  | false
            a stranger is not believed             | 203.0.113.7 | 198.51.100.1                           | https       | 203.0.113.7  | false
            the proxy says who it is               | 127.0.0.1   | 198.51.100.1                           | https       | 198.51.100.1 | true
            what the client made up stands left    | 127.0.0.1   | 127.0.0.1, 192.0.2.1, 198.51.100.1     | http        | 198.51.100.1 | false
            a proxy behind a proxy                 | 127.0.0.1   | 192.0.2.1, 198.51.100.1, 10.1.2.3      | https       | 198.51.100.1 | true
            all of them are proxies                | 127.0.0.1   | 10.1.2.3                               | https       | 10.1.2.3     | true
            a proxy's neighbour is none            | 127.0.0.1   | 198.51.100.1, 10.2.0.1                 | https       | 10.2.0.1     | true
            with a port                            | 127.0.0.1   | 198.51.100.1:4711                      | https       | 198.51.100.1 | true
            IPv6 with a port                       | 127.0.0.1   | [2001:db8::1]:4711                     | https       | 2001:db8::1  | true
            IPv6                                   | fd00::7     | 2001:db8::1                            | https       | 2001:db8::1  | true
            what is no address ends the search     | 127.0.0.1   | 198.51.100.1, unknown                  | https       | 127.0.0.1    | true
            a name is not looked up                | 127.0.0.1   | localhost                              | https       | 127.0.0.1    | true
            several lines are one list             | 127.0.0.1   | 198.51.100.1;10.1.2.3                  | http;https  | 198.51.100.1 | true
            """)
    void findsTheClient(String name, String peer, String forwarded, String proto, String address, boolean secure)
            throws Exception {
        var headers = new DefaultHttpHeaders();
        add(headers, Proxies.FORWARDED_FOR, forwarded);
        add(headers, Proxies.FORWARDED_PROTO, proto);
        var origin = PROXIES.of(InetAddress.getByName(peer), headers, false);
        assertEquals(InetAddress.getByName(address), origin.address());
        assertEquals(secure, origin.secure());
    }

    private static void add(DefaultHttpHeaders headers, String name, String lines) {
        Arrays.stream(lines.split(";", -1)).filter(line -> !line.isEmpty()).forEach(line -> headers.add(name, line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "10.0.0.1/8", "10.0.0.0/33", "::/129", "a/b"
            })
    void whatIsNoNetworkIsNone(String text) {
        assertEquals(Optional.empty(), Network.of(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "127.0.0.1, 127.0.0.1, true",
        "::1, ::1, true",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false"
    })
    void aNetworkHoldsItsAddresses(String network, String address, boolean held) throws Exception {
        assertEquals(held, Network.of(network).orElseThrow().contains(InetAddress.getByName(address)));
    }
}
