package dev.parley.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Where the API and the web page are served.
///
/// @param listen unresolved; the loopback interface unless the file says otherwise; port 0 is any free one
/// @param tls without it plain HTTP is served
public record HttpSettings(InetSocketAddress listen, Optional<Tls> tls) {

    private static final InetSocketAddress LOOPBACK = InetSocketAddress.createUnresolved("127.0.0.1", 8080);

    /// Two PEM files, read again when they change.
    public record Tls(Path certificate, Path key) {}

    static HttpSettings from(Section yaml) {
        return new HttpSettings(
                yaml.listen("listen").or(LOOPBACK),
                yaml.has("tls") ? yaml.section("tls").read(HttpSettings::tls) : notWritten(yaml));
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
