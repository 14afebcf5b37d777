package dev.parley.http;

import dev.parley.account.Token;
import dev.parley.account.Tokens;
import dev.parley.problem.Problem;
import java.time.Instant;
import java.util.Optional;

/// `/api/v1/tokens`: an admin sees all, a member its own.
final class TokenRoutes {
    private static final String PATH = "/api/v1/tokens";

    private final Tokens tokens;

    TokenRoutes(Tokens tokens) {
        this.tokens = tokens;
    }

    /// A token, without its secret.
    ///
    /// @param user the id of the user it stands for
    /// @param usedAt when it was last used, to the minute
    record TokenView(
            String id,
            String user,
            String userName,
            String name,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> usedAt) {
        static TokenView of(Token token) {
            return new TokenView(
                    Long.toString(token.id()),
                    Long.toString(token.accountId()),
                    token.accountName(),
                    token.name(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.usedAt());
        }
    }

    /// A token just issued.
    ///
    /// @param secret what goes behind `Authorization: Bearer`; shown this once, null when the
    /// request is repeated
    record IssuedToken(
            String id,
            String user,
            String userName,
            String name,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> usedAt,
            Optional<String> secret) {
        static IssuedToken of(Token token, Optional<String> secret) {
            var view = TokenView.of(token);
            return new IssuedToken(
                    view.id, view.user, view.userName, view.name, view.createdAt, view.expiresAt, view.usedAt, secret);
        }

        @Override
        public String toString() {
            return "IssuedToken[id=" + id + "]";
        }
    }

    record TokenBody(String name, Optional<Instant> expiresAt) {}

    void addTo(Routes routes) {
        var group = routes.group("Tokens");
        group.get(PATH, "listTokens")
                .says("The tokens that are not revoked, newest first: an admin sees all, a member its own.")
                .paged()
                .answers(200, new Shape.PageOf(TokenView.class))
                .by(this::list);
        group.post(PATH, "issueToken")
                .audited("name", "expiresAt")
                .says(
                        "Issues a token for yourself. Its secret is shown this once. One that is made with a token ends with"
                                + " it at the latest, and is revoked with it.")
                .takes(TokenBody.class)
                .answers(201, IssuedToken.class)
                .by(this::issue);
        group.delete(PATH + "/{id}", "revokeToken")
                .audited()
                .says("Revokes a token, at once, and those that were made with it.")
                .answers(204, new Shape.Nothing())
                .by(this::revoke);
    }

    private Response list(Request request) {
        var paging = request.paging();
        return Response.ok(
                paging.page(tokens.list(request.user(), paging.before(), paging.toRead()), Token::id, TokenView::of));
    }

    private Response issue(Request request, TokenBody body) {
        return Response.of(
                switch (request.known().credential()) {
                    case Caller.Credential.Token(var secret) ->
                        tokens.issueWith(request.user(), body.name(), body.expiresAt(), secret);
                    case Caller.Credential.Cookie _ -> tokens.issue(request.user(), body.name(), body.expiresAt());
                },
                issued -> Response.created(
                                PATH + "/" + issued.token().id(),
                                IssuedToken.of(issued.token(), Optional.of(issued.secret())))
                        .rememberedAs(IssuedToken.of(issued.token(), Optional.empty())));
    }

    private Response revoke(Request request) {
        return tokens.revoke(request.user(), request.id()) ? Response.nothing() : Response.problem(Problem.notFound());
    }
}
