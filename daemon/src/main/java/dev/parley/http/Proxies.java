package dev.parley.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who stands behind the proxies that we trust. What anybody else says of itself counts for nothing.
///
/// @param trusted the networks that they are in
record Proxies(List<Network> trusted) {
    static final String FORWARDED_FOR = "X-Forwarded-For";
    static final String FORWARDED_PROTO = "X-Forwarded-Proto";

    /// Where a request came from.
    ///
    /// @param address of the client, as far as those that we trust know it
    /// @param secure whether the client spoke TLS, to us or to a proxy that we trust
    record Origin(InetAddress address, boolean secure) {}

    boolean trusts(InetAddress peer) {
        return trusted.stream().anyMatch(network -> network.contains(peer));
    }

    /// @param tls whether the peer speaks TLS to us
    Origin of(InetAddress peer, HttpHeaders headers, boolean tls) {
        if (!trusts(peer)) {
            return new Origin(peer, tls);
        }
        var schemes = elements(headers.getAll(FORWARDED_PROTO));
        boolean secure = schemes.isEmpty() ? tls : schemes.getLast().equalsIgnoreCase("https");
        return new Origin(client(peer, elements(headers.getAll(FORWARDED_FOR))), secure);
    }

    /// Each proxy adds its own peer at the right. So the right-most address that is no proxy of ours is
    /// the last that somebody whom we trust has seen; whatever stands left of it the client may have
    /// made up.
    private InetAddress client(InetAddress peer, List<String> forwarded) {
        var known = peer;
        for (var each : forwarded.reversed()) {
            var address = address(each);
            if (address.isEmpty()) {
                return known;
            }
            known = address.get();
            if (!trusts(known)) {
                return known;
            }
        }
        return known;
    }

    /// Some proxies write the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static Optional<InetAddress> address(String element) {
        int end = element.indexOf(']');
        if (element.startsWith("[") && end > 0) {
            return Network.literal(element.substring(1, end));
        }
        boolean withPort = element.indexOf(':') > 0 && element.indexOf(':') == element.lastIndexOf(':');
        return Network.literal(withPort ? element.substring(0, element.indexOf(':')) : element);
    }

    private static List<String> elements(List<String> values) {
        var all = new ArrayList<String>();
        for (var value : values) {
            for (var element : value.split(",", -1)) {
                if (!element.isBlank()) {
                    all.add(element.strip());
                }
            }
        }
        return all;
    }
}
