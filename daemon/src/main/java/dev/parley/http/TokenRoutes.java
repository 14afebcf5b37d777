package dev.parley.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.account.Token;
import dev.parley.account.Tokens;
import dev.parley.problem.Outcome;
import java.time.Instant;
import java.util.Optional;

/// `/api/v1/tokens`: an admin sees all, a member its own.
record TokenRoutes(Tokens tokens) {
    private static final String PATH = "/api/v1/tokens";

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
    record IssuedToken(@JsonUnwrapped TokenView token, Optional<String> secret) {
        @Override
        public String toString() {
            return "IssuedToken[id=" + token.id + "]";
        }
    }

    record TokenBody(String name, Optional<Instant> expiresAt) {}

    void addTo(Routes routes) {
        var group = routes.group("Tokens");
        group.get(PATH, "listTokens")
                .says("The tokens that are not revoked, newest first: an admin sees all, a member its own.")
                .pages(
                        TokenView.class,
                        (request, paging) -> paging.page(
                                tokens.list(request.user(), paging.before(), paging.toRead()),
                                Token::id,
                                TokenView::of));
        group.post(PATH, "issueToken")
                .audited("name", "expiresAt")
                .says(
                        "Issues a token for yourself. Its secret is shown this once. One that is made with a token ends with"
                                + " it at the latest, and is revoked with it.")
                .answers(201, IssuedToken.class)
                .takes(TokenBody.class)
                .by(this::issue);
        group.delete(PATH + "/{id}", "revokeToken")
                .audited()
                .says("Revokes a token, at once, and those that were made with it.")
                .ends(request -> Outcome.found(tokens.revoke(request.user(), request.id())));
    }

    private Response issue(Request request, TokenBody body) {
        return Response.of(
                switch (request.known().credential()) {
                    case Caller.Credential.Token(var secret) ->
                        tokens.issueWith(request.user(), body.name(), body.expiresAt(), secret);
                    case Caller.Credential.Cookie _ -> tokens.issue(request.user(), body.name(), body.expiresAt());
                },
                issued -> {
                    var view = TokenView.of(issued.token());
                    return Response.created(PATH + "/" + view.id, new IssuedToken(view, Optional.of(issued.secret())))
                            .rememberedAs(new IssuedToken(view, Optional.empty()));
                });
    }
}
