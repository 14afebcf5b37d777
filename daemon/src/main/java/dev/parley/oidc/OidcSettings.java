package dev.parley.oidc;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which provider is trusted, and what its groups stand for.
///
/// @param label what the button on the page says, such as `Smith Movers`
/// @param redirect where the provider sends browsers back to; from the request where empty
/// @param scopes asked for beside `openid`
/// @param nameClaim the claim that names a user
/// @param groupsClaim the claim that lists groups
/// @param groups in their order: the first that somebody is in counts
public record OidcSettings(
        URI issuer,
        String clientId,
        String clientSecret,
        String label,
        Optional<URI> redirect,
        List<String> scopes,
        String nameClaim,
        String groupsClaim,
        Map<String, Grant> groups) {

    /// What being in a group gives.
    public record Grant(Role role, AccessScope scope) {}

    public OidcSettings {
        scopes = List.copyOf(scopes);
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    }

    @Override
    public String toString() {
        return "OidcSettings[issuer=" + issuer + ", clientId=" + clientId + "]";
    }
}
