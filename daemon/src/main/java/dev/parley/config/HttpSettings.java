package dev.parley.config;

import dev.parley.http.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the API and the web page are served.
///
/// @param listen unresolved; the loopback interface unless the file says otherwise; port 0 is any free
/// one
/// @param tls without it plain HTTP is served
/// @param trustedProxies whose word on whom they ask for counts
public record HttpSettings(InetSocketAddress listen, Optional<Tls> tls, List<Network> trustedProxies) {

    public HttpSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    private static final InetSocketAddress LOOPBACK = InetSocketAddress.createUnresolved("127.0.0.1", 8080);

    /// Two PEM files, read again when they change.
    public record Tls(Path certificate, Path key) {}

    static HttpSettings from(Section yaml) {
        return new HttpSettings(
                yaml.listen("listen").or(LOOPBACK),
                yaml.has("tls") ? yaml.section("tls").read(HttpSettings::tls) : notWritten(yaml),
                proxies(yaml));
    }

    private static List<Network> proxies(Section yaml) {
        var proxies = new ArrayList<Network>();
        for (var item : yaml.texts("trustedProxies")) {
            Network.of(item.text())
                    .ifPresentOrElse(
                            proxies::add,
                            () -> yaml.wrong(
                                    "trustedProxies",
                                    item,
                                    "has \"" + item.text() + "\"; expected an address or a range of them, such as"
                                            + " 127.0.0.1/32 or fd00::/8"));
        }
        return proxies;
    }

    /// What is no mistake, and still not wise.
    Optional<String> warning() {
        return tls.isEmpty() && !isLoopback()
                ? Optional.of("http.listen is " + listen.getHostString() + ":" + listen.getPort()
                        + ", which others reach, and without http.tls they send passwords and texts in the clear."
                        + " Give it a certificate, or listen on 127.0.0.1 behind a proxy that has one.")
                : Optional.empty();
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(listen.getHostString()).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static Tls tls(Section yaml) {
        return new Tls(yaml.path("certificate").required(), yaml.path("key").required());
    }

    /// Makes `tls` a known key.
    private static Optional<Tls> notWritten(Section yaml) {
        yaml.section("tls");
        return Optional.empty();
    }
}
