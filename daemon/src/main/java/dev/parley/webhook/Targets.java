package dev.parley.webhook;

import dev.parley.problem.Problem;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which addresses may be posted to.
final class Targets {

    /// What fits the column.
    private static final int URL_CHARACTERS_MAX = 2_000;

    private static final int PORT_MAX = 65_535;

    private final boolean allowPrivate;
    private final boolean allowLoopback;
    private final Lookup lookup;

    /// Where a name is.
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;

        /// Whether this machine itself has the address, public as it may look: what listens here is behind no
        /// firewall for us.
        default boolean isOurs(InetAddress address) {
            try {
                return NetworkInterface.getByInetAddress(address) != null;
            } catch (SocketException e) {
                return true; // nobody knows
            }
        }
    }

    Targets(boolean allowPrivate, boolean allowLoopback) {
        this(allowPrivate, allowLoopback, InetAddress::getAllByName);
    }

    Targets(boolean allowPrivate, boolean allowLoopback, Lookup lookup) {
        this.allowPrivate = allowPrivate;
        this.allowLoopback = allowLoopback;
        this.lookup = lookup;
    }

    /// What is wrong with a URL as such. Where its host is, is looked at again before each try.
    Optional<Problem> fault(String url) {
        var uri = parsed(url);
        if (uri.isEmpty()) {
            return Optional.of(Problem.invalid(
                    "url",
                    "bad-url",
                    "url must be an absolute http or https URL without user name, with a port from 1 to " + PORT_MAX
                            + " if with one, such as https://example.com/hook, of at most " + URL_CHARACTERS_MAX
                            + " characters."));
        }
        try {
            return located(uri.get()) instanceof Located.Forbidden(var why)
                    ? Optional.of(Problem.invalid("url", "private-target", why))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty(); // may come to be; each try looks
        }
    }

    static Optional<URI> parsed(String url) {
        if (url.length() > URL_CHARACTERS_MAX) {
            return Optional.empty();
        }
        try {
            var uri = new URI(url);
            var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            return (scheme.equals("https") || scheme.equals("http"))
                            && uri.getHost() != null
                            && (uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= PORT_MAX))
                            && uri.getUserInfo() == null
                            && uri.getFragment() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /// Where the host of a URL is.
    sealed interface Located {

        /// @param addresses to connect to, and to no others: a name may lead elsewhere in the next
        /// moment
        record At(List<InetAddress> addresses) implements Located {}

        /// @param why a sentence
        record Forbidden(String why) implements Located {}
    }

    Located located(URI uri) throws UnknownHostException {
        var addresses = List.of(lookup.addresses(uri.getHost()));
        for (var address : addresses) {
            boolean near = isPrivate(address) || lookup.isOurs(address);
            if (!allowPrivate && near && !(allowLoopback && address.isLoopbackAddress())) {
                return new Located.Forbidden(uri.getHost() + " is an address of this machine or of a private network ("
                        + address.getHostAddress()
                        + "). Use a public one, or set webhooks.allowPrivateNetworks in the configuration.");
            }
        }
        return new Located.At(addresses);
    }

    /// Loopback, link-local, site-local, multicast, unspecified, and what Java's own words do not cover:
    /// 0.0.0.0/8, shared addresses of carriers (RFC 6598), protocol assignments (RFC 6890 §2.2.2),
    /// relays of 6to4 (RFC 7526), benchmarks (RFC 2544), reserved 240/4; and of IPv6 everything that is
    /// not allotted to the public (2000::/3), and what carries an IPv4 address inside: 6to4 (RFC 3056),
    /// Teredo and other protocols (RFC 2928). An IPv4-mapped one is an IPv4 address to Java; that of
    /// NAT64 (RFC 6052) lies outside of 2000::/3.
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || address.isAnyLocalAddress()) {
            return true;
        }
        var octets = address.getAddress();
        int first = octets[0] & 0xFF;
        int second = octets[1] & 0xFF;
        int third = octets[2] & 0xFF;
        return switch (address) {
            case Inet4Address _ ->
                first == 0
                        || first >= 240
                        || (first == 100 && second >= 64 && second < 128)
                        || (first == 192 && second == 0 && third == 0)
                        || (first == 192 && second == 88 && third == 99)
                        || (first == 198 && (second == 18 || second == 19));
            case Inet6Address _ ->
                (first & 0xE0) != 0x20
                        || (first == 0x20 && second == 0x02)
                        || (first == 0x20 && second == 0x01 && third < 0x02);
            default -> true;
        };
    }
}
