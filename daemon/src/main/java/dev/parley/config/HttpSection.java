package dev.parley.config;

import dev.parley.http.HttpSettings;
import dev.parley.http.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// The section `http`.
final class HttpSection {
    private static final InetSocketAddress LOOPBACK = InetSocketAddress.createUnresolved("127.0.0.1", 8080);

    private HttpSection() {}

    static HttpSettings from(Section yaml) {
        return new HttpSettings(
                yaml.listen("listen", "Where the API and the web page are. Only this machine can reach 127.0.0.1.")
                        .or(LOOPBACK),
                yaml.optional(
                        "tls",
                        "Needed to listen where others reach it, unless a reverse proxy in front does this.",
                        HttpSection::tls),
                proxies(yaml),
                yaml.optional("oidc", "Sign-in by an OpenID provider, beside passwords.", OidcSection::from));
    }

    private static HttpSettings.Tls tls(Section yaml) {
        return new HttpSettings.Tls(
                yaml.path("certificate", "A PEM file: the certificate with its chain. Read again when it changes.")
                        .like("/etc/parley/tls.crt")
                        .required(),
                yaml.path("key", "A PEM file: its key, without a passphrase.")
                        .like("/etc/parley/tls.key")
                        .required());
    }

    private static List<Network> proxies(Section yaml) {
        return yaml.texts(
                "trustedProxies",
                "Addresses, or ranges of them, of reverse proxies: their word on who asks (X-Forwarded-For) and how"
                        + " (X-Forwarded-Proto) counts, and nobody else's. Without it every client behind one shares"
                        + " one allowance of wrong passwords. docs/install.md has examples for Caddy and nginx.",
                Network::of,
                "an address or a range of them, such as 127.0.0.1/32 or fd00::/8");
    }

    /// What is no mistake, and still not wise.
    static Optional<String> warning(HttpSettings http) {
        var listen = http.listen();
        return http.tls().isEmpty() && !isLoopback(listen.getHostString())
                ? Optional.of("http.listen is " + listen.getHostString() + ":" + listen.getPort()
                        + ", which others reach, and without http.tls they send passwords and texts in the clear."
                        + " Give it a certificate, or listen on 127.0.0.1 behind a proxy that has one.")
                : Optional.empty();
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
