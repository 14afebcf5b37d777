package dev.parley.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Where the API is served.
///
/// @param listen perhaps unresolved; port 0 takes any free one
/// @param tls without it plain HTTP is spoken
public record HttpSettings(InetSocketAddress listen, Optional<Tls> tls) {

    /// Two PEM files: the certificate with its chain, and its key without a passphrase. Read
    /// again when they change.
    public record Tls(Path certificate, Path key) {}

    public static HttpSettings loopback() {
        return new HttpSettings(InetSocketAddress.createUnresolved("127.0.0.1", 0), Optional.empty());
    }
}
