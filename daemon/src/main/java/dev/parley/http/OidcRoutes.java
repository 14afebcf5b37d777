package dev.parley.http;

import dev.parley.account.Identity;
import dev.parley.account.Sessions;
import dev.parley.audit.AuditNote;
import dev.parley.audit.AuditOutcome;
import dev.parley.http.Route.Parameter.Kind;
import dev.parley.oidc.OidcRefusal;
import dev.parley.oidc.OidcSignIn;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Tx;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Sign-in by an OpenID provider: browsers go there and come back.
record OidcRoutes(Services services) {
    private static final String PATH = "/api/v1/session";
    private static final String CALLBACK = PATH + "/oidc/callback";

    /// What the browser keeps until it comes back. `Lax`, because it comes from the provider's page. For the whole
    /// host, which is what [Callers#HOST_ONLY] asks for.
    private static final String COOKIE = "parley_oidc";

    /// What providers are known to send back. None of them is believed before the id token is checked.
    private static final List<String> SENT_BACK = List.of(
            "code",
            "state",
            "iss",
            "error",
            "error_description",
            "error_uri",
            "session_state",
            "scope",
            "authuser",
            "prompt",
            "hd",
            "client_info");

    /// @param password whether a user name and a password do; always
    /// @param oidc null where there is no provider
    record WaysView(boolean password, Optional<ProviderView> oidc) {}

    /// @param label what it is called
    /// @param path where a browser goes to sign in by it
    record ProviderView(String label, String path) {}

    void addTo(Routes routes) {
        var group = routes.group("Session").openToAnybody();
        group.get(PATH + "/ways", "listSignInWays")
                .says("How one can sign in here.")
                .answers(
                        WaysView.class,
                        _ -> Outcome.done(new WaysView(
                                true, services.oidc().map(each -> new ProviderView(each.label(), PATH + "/oidc")))));
        group.get(PATH + "/oidc", "beginOidcSignIn")
                .says("For browsers: leads to the identity provider (http.oidc), by authorization code with PKCE.")
                .answers(302, new Shape.Nothing())
                .by(this::begin);
        var row = group.get(CALLBACK, "oidcSignIn")
                .says("For browsers that come back from the identity provider: opens a session as a password does, and"
                        + " leads to the page; or back to the sign-in view, which says why.")
                .answers(302, new Shape.Nothing());
        for (var name : SENT_BACK) {
            row.parameter(name, Kind.TEXT, "As the provider sends it.");
        }
        row.by(this::end);
    }

    private Response begin(Request request) {
        if (services.oidc().isEmpty()) {
            return Response.problem(Problem.notFound());
        }
        try {
            var begun = services.oidc().get().begin(callback(request));
            return to(begun.location().toString())
                    .with("Set-Cookie", kept(request, begun.kept(), OidcSignIn.ATTEMPT_MAX.toSeconds()));
        } catch (OidcRefusal e) {
            return refused(request, e.code(), Optional.empty());
        }
    }

    private Response end(Request request) {
        if (services.oidc().isEmpty()) {
            return Response.problem(Problem.notFound());
        }
        try {
            var back = new URI(callback(request) + "?" + request.query());
            var kept =
                    Callers.cookie(request.headers(), COOKIE, request.secure()).orElse("");
            var person = services.oidc().get().finish(kept, back, callback(request));
            return services.store().transaction(tx -> signedIn(tx, request, person));
        } catch (OidcRefusal e) {
            return refused(request, e.code(), Optional.empty());
        } catch (URISyntaxException _) {
            return refused(request, "sign-in-failed", Optional.empty());
        }
    }

    /// A session, or the end of those there are, together with the entry that tells of it.
    private Response signedIn(Tx tx, Request request, OidcSignIn.Person person) {
        if (person.grant().isEmpty()) {
            services.vouching().refused(person.issuer(), person.subject());
            return refused(request, "not-allowed", Optional.of(person.name()));
        }
        var grant = person.grant().get();
        var identity =
                new Identity(person.issuer(), person.subject(), person.name(), grant.role(), grant.scope(), Set.of());
        return switch (services.vouching().signIn(identity, SessionRoutes.origin(request))) {
            case Outcome.Done<Sessions.Opened>(var session) -> {
                var account = session.session().account();
                var note = note(request, Optional.of(account.id()), account.name(), AuditOutcome.DONE, "");
                services.audit().append(tx, note);
                yield to("/").with("Set-Cookie", SessionRoutes.cookie(request, session.secret()));
            }
            case Outcome.Refused<Sessions.Opened>(var problem) ->
                refused(request, problem.code(), Optional.of(person.name()));
        };
    }

    private Response refused(Request request, String code, Optional<String> name) {
        services.audit().append(note(request, Optional.empty(), name.orElse(""), AuditOutcome.REFUSED, code));
        return to("/sign-in?refused=" + URLEncoder.encode(code, StandardCharsets.UTF_8));
    }

    private static AuditNote note(Request request, Optional<Long> user, String name, AuditOutcome outcome, String why) {
        return new AuditNote(
                user,
                name,
                "oidcSignIn",
                CALLBACK,
                outcome,
                request.from().getHostAddress(),
                Json.mapper().writeValueAsString(why.isEmpty() ? Map.of() : Map.of("why", why)));
    }

    private static Response to(String location) {
        return Response.of(302, "", new byte[0]).with("Location", location);
    }

    /// Where the provider sends the browser back to: where the browser thinks we are.
    private static URI callback(Request request) {
        return URI.create((request.secure() ? "https" : "http") + "://"
                + request.header("Host").orElse("localhost").replaceAll("[^A-Za-z0-9.:\\[\\]-]", "") + CALLBACK);
    }

    private static String kept(Request request, String value, long seconds) {
        return Callers.cookieName(COOKIE, request.secure()) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
                + seconds
                + (request.secure() ? "; Secure" : "");
    }
}
