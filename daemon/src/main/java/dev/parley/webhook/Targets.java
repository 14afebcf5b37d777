package dev.parley.webhook;

import dev.parley.problem.Problem;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// Which addresses may be posted to.
final class Targets {

    /// What fits the column.
    private static final int URL_CHARACTERS_MAX = 2_000;

    private final boolean allowPrivate;
    private final boolean allowLoopback;

    Targets(boolean allowPrivate, boolean allowLoopback) {
        this.allowPrivate = allowPrivate;
        this.allowLoopback = allowLoopback;
    }

    /// What is wrong with a URL as such. Where its host is, is looked at again before each try.
    Optional<Problem> fault(String url) {
        var uri = parsed(url);
        if (uri.isEmpty()) {
            return Optional.of(Problem.invalid(
                    "url",
                    "bad-url",
                    "url must be an absolute http or https URL without user name, such as"
                            + " https://example.com/hook, of at most " + URL_CHARACTERS_MAX + " characters."));
        }
        try {
            return refusal(uri.get()).map(why -> Problem.invalid("url", "private-target", why));
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
                            && uri.getUserInfo() == null
                            && uri.getFragment() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /// Why this URL may not be posted to, as far as the addresses tell that its host has now. The JVM
    /// remembers them for
    /// some seconds, so that who connects right after gets the same.
    Optional<String> refusal(URI uri) throws UnknownHostException {
        if (allowPrivate) {
            return Optional.empty();
        }
        for (var address : InetAddress.getAllByName(uri.getHost())) {
            if (isPrivate(address) && !(allowLoopback && address.isLoopbackAddress())) {
                return Optional.of(uri.getHost() + " is an address of this machine or of a private network ("
                        + address.getHostAddress()
                        + "). Use a public one, or set webhooks.allowPrivateNetworks in the configuration.");
            }
        }
        return Optional.empty();
    }

    /// Loopback, link-local, site-local, multicast, unspecified, and what Java's own words do not cover: shared
    /// addresses of carriers (RFC 6598), 0.0.0.0/8, benchmarks (RFC 2544), reserved 240/4, unique local IPv6
    /// (RFC 4193)
    /// and IPv4 inside IPv6 (RFC 6052, RFC 3056).
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
        return switch (address) {
            case Inet4Address _ ->
                first == 0
                        || first >= 240
                        || (first == 100 && second >= 64 && second < 128)
                        || (first == 198 && (second == 18 || second == 19));
            case Inet6Address _ ->
                (first & 0xFE) == 0xFC
                        || (first == 0x20 && second == 0x02)
                        || (first == 0x00 && second == 0x64)
                        || (first == 0x00 && second == 0x00);
            default -> true;
        };
    }
}
