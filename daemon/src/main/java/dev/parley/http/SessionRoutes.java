package dev.parley.http;

import dev.parley.account.Account;
import dev.parley.account.Session;
import dev.parley.account.Sessions;
import dev.parley.account.SignIn;
import dev.parley.conversation.Page;
import dev.parley.http.Caller.Credential;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/session`: sign in, who am I, sign out.
record SessionRoutes(Services services) {
    private static final String PATH = "/api/v1/session";

    record SignInBody(String username, String password) {
        @Override
        public String toString() {
            return "SignInBody[username=" + username + "]";
        }
    }

    /// Who sends this request.
    ///
    /// @param csrf for the header `X-CSRF-Token`; null where a token is used, which needs none
    /// @param expiresAt when the session ends unless it is used before
    record SessionView(Who user, Optional<String> csrf, Optional<Instant> expiresAt) {}

    /// @param lines ids of the lines it was given; empty for all
    record Who(String id, String name, String role, String scope, List<String> lines) {}

    void addTo(Routes routes) {
        var session = routes.group("Session");
        session.openToAnybody()
                .post(PATH, "signIn")
                .audited("username")
                .says(
                        "Signs in with a user name and a password. The answer sets the session cookie, and its csrf goes"
                                + " into the header X-CSRF-Token of every later request but GET. An Idempotency-Key is ignored.")
                .answers(200, SessionView.class)
                .takes(SignInBody.class)
                .prepared(this::signIn);
        session.get(PATH, "whoAmI")
                .says("Who the token or the session is of, and what it may see.")
                .answers(
                        SessionView.class,
                        request -> Outcome.done(
                                view(request.user(), request.known().session())));
        session.delete(PATH, "signOut")
                .audited()
                .says("Ends the session. A token is ended at DELETE /api/v1/tokens/{id}.")
                .answers(204, new Shape.Nothing())
                .by(this::signOut);
        session.get(PATH + "s", "listSessions")
                .says("The sessions that have not ended, newest first: an admin sees all, a member its own.")
                .pages(ListedSession.class, this::list);
        session.delete(PATH + "s/{id}", "endSession")
                .audited()
                .says("Ends a session, at once.")
                .ends(request -> Outcome.found(services.sessions().end(request.user(), request.id())));
    }

    private Route.Handler signIn(Request request, SignInBody body) {
        var proof = services.signIn().prove(body.username(), body.password(), request.from());
        return _ -> switch (proof) {
            case SignIn.Proof.Right(var account) -> {
                var opened = services.sessions().open(account, origin(request));
                yield Response.ok(view(account, Optional.of(opened.session())))
                        .with("Set-Cookie", cookie(request, opened.secret()));
            }
            case SignIn.Proof.Wrong _ ->
                Response.problem(
                        new Problem(401, "wrong-credentials", "There is no user with this name and this password."));
            case SignIn.Proof.ComeBack(var after) -> comeBack(after);
        };
    }

    static Response comeBack(Duration after) {
        return Response.problem(new Problem(
                        429,
                        "too-many-attempts",
                        "Too many sign-ins failed. Try again in " + Math.max(1, after.toSeconds()) + " seconds."))
                .retryAfter(after);
    }

    static Sessions.Origin origin(Request request) {
        return new Sessions.Origin(request.from(), request.header("User-Agent").orElse(""));
    }

    /// A session in a list.
    ///
    /// @param current whether this request belongs to it
    /// @param usedAt to the minute
    /// @param from the address that it was opened from
    /// @param agent what the browser said of itself then
    record ListedSession(
            String id,
            String user,
            String userName,
            boolean current,
            Instant createdAt,
            Instant usedAt,
            Instant expiresAt,
            String from,
            String agent) {}

    private Page<ListedSession> list(Request request, Paging paging) {
        long own = request.known().session().map(Session::id).orElse(0L);
        return paging.page(
                services.sessions().list(request.user(), paging.before(), paging.toRead()),
                Sessions.Listed::id,
                each -> new ListedSession(
                        Long.toString(each.id()),
                        Long.toString(each.accountId()),
                        each.accountName(),
                        each.id() == own,
                        each.createdAt(),
                        each.usedAt(),
                        each.expiresAt(),
                        each.from(),
                        each.agent()));
    }

    private Response signOut(Request request) {
        return switch (request.known().credential()) {
            case Credential.Cookie(var secret) -> {
                services.sessions().end(secret);
                yield Response.nothing().with("Set-Cookie", cookie(request, ""));
            }
            case Credential.Token _ ->
                Response.problem(Problem.conflict(
                        "no-session", "A token has no session to end. Revoke it at DELETE /api/v1/tokens/{id}."));
        };
    }

    private static SessionView view(Account account, Optional<Session> session) {
        return new SessionView(
                new Who(
                        Long.toString(account.id()),
                        account.name(),
                        account.role().label(),
                        account.scope().label(),
                        account.lineIds()),
                session.map(Session::csrf),
                session.map(Session::expiresAt));
    }

    /// The cookie for this session, for as long as the browser runs; or the one that takes it
    /// away.
    static String cookie(Request request, String secret) {
        return Callers.cookieName(Callers.COOKIE, request.secure()) + "=" + secret
                + "; Path=/; HttpOnly; SameSite=Strict" + (request.secure() ? "; Secure" : "")
                + (secret.isEmpty() ? "; Max-Age=0" : "");
    }
}
