package dev.parley.config;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.oidc.OidcSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The section `http.oidc`: sign-in by an OpenID provider, beside passwords.
final class OidcSection {

    private OidcSection() {}

    static OidcSettings from(Section yaml) {
        var issuer = yaml.text("issuer", "The provider, as its discovery document names it.")
                .that(
                        OidcSection::isSafe,
                        "an https address without a query, such as https://login.example.net/realms/staff")
                .like("https://login.example.net/realms/staff")
                .required();
        var clientId = yaml.text("clientId", "What the provider calls Parley.")
                .like("parley")
                .required();
        var clientSecret = yaml.secret("clientSecret", "What Parley proves itself with to the provider.")
                .like("\"${file:/etc/parley/oidc-secret}\"")
                .required();
        return new OidcSettings(
                URI.create(isSafe(issuer) ? issuer : "https://invalid"),
                clientId,
                clientSecret.reveal(),
                yaml.text("label", "What the button says behind \"Sign in with\".")
                        .or("single sign-on"),
                yaml.text(
                                "redirect",
                                "Where the provider sends browsers back to, where it is not what they asked for: the page's"
                                        + " own address and /api/v1/session/oidc/callback.")
                        .that(OidcSection::isSafe, "an https address without a query")
                        .like("https://sms.example.net/api/v1/session/oidc/callback")
                        .optional()
                        .filter(OidcSection::isSafe)
                        .map(URI::create),
                scopes(yaml),
                yaml.text("nameClaim", "The claim that says what a user is called.")
                        .or("preferred_username"),
                yaml.text("groupClaim", "The claim that lists a user's groups.").or("groups"),
                groups(yaml));
    }

    private static List<String> scopes(Section yaml) {
        var scopes = yaml.texts(
                "scopes", "What is asked for beside openid; profile where it is left out.", Optional::of, "a text");
        return scopes.isEmpty() ? List.of("profile") : scopes;
    }

    private static LinkedHashMap<String, OidcSettings.Grant> groups(Section yaml) {
        var groups = new LinkedHashMap<String, OidcSettings.Grant>();
        yaml.named(
                        "groups",
                        "GROUP",
                        "What the provider's groups give, the first that somebody is in. Who is in none may not sign in.")
                .forEach((name, section) -> groups.put(name, grant(section)));
        if (groups.isEmpty()) {
            yaml.wrong(
                    "groups",
                    "names no group, so that nobody could sign in; expected groups such as"
                            + " {parley-admins: {role: admin}}");
        }
        return groups;
    }

    private static OidcSettings.Grant grant(Section yaml) {
        var role = yaml.choice("role", "What they may do.", Role.class)
                .like("admin")
                .required();
        var scope = yaml.choice("scope", "What a member may see.", AccessScope.class)
                .or(AccessScope.ALL);
        if (role == Role.ADMIN && scope == AccessScope.ASSIGNED) {
            yaml.wrong("scope", "is assigned, but an admin sees everything; leave it out");
        }
        return new OidcSettings.Grant(role, role == Role.ADMIN ? AccessScope.ALL : scope);
    }

    /// Codes and tokens must not go over a network in the clear.
    private static boolean isSafe(String address) {
        try {
            var uri = new URI(address);
            var host = Optional.ofNullable(uri.getHost());
            return host.isPresent()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme())
                                    && host.filter(OidcSection::isLoopback).isPresent()));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean isLoopback(String host) {
        return host.matches("localhost|127\\.[0-9.]+|\\[::1]") && HttpSection.isLoopback(host);
    }
}
