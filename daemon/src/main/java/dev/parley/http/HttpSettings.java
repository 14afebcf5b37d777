package dev.parley.http;

import dev.parley.oidc.OidcSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the API is served.
///
/// @param listen perhaps unresolved; port 0 takes any free one
/// @param tls without it plain HTTP is spoken
/// @param trustedProxies whose word on clients counts
/// @param oidc a provider to sign in by, beside passwords
public record HttpSettings(
        InetSocketAddress listen, Optional<Tls> tls, List<Network> trustedProxies, Optional<OidcSettings> oidc) {
    public HttpSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /// Two PEM files: the certificate with its chain, and its key without a passphrase. Read
    /// again when they change.
    public record Tls(Path certificate, Path key) {}
}
