package dev.parley.http;

import dev.parley.account.Sessions;
import dev.parley.account.Tokens;
import dev.parley.http.Caller.Credential;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.Locale;
import java.util.Optional;

/// Finds out who sends requests.
record Callers(Tokens tokens, Sessions sessions) {
    static final String COOKIE = "parley_session";

    /// What makes a browser hold a cookie to this host alone, and to TLS (RFC 6265bis §4.1.3.2): who
    /// has another host of our domain, or the wire, can put no session of its own in place of the
    /// user's.
    static final String HOST_ONLY = "__Host-";

    private static final String BEARER = "bearer ";

    /// What the headers bring. Where there is `Authorization`, the cookie counts for nothing: a
    /// program that sends a wrong token must not succeed by the browser's session.
    ///
    /// @param secure whether the client spoke TLS: then a cookie that may have come without it is none
    static Optional<Credential> credential(HttpHeaders headers, boolean secure) {
        var authorization = headers.get("Authorization");
        if (authorization != null) {
            return Optional.of(new Credential.Token(
                    authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                            ? authorization.substring(BEARER.length()).strip()
                            : ""));
        }
        return cookie(headers, COOKIE, secure).map(Credential.Cookie::new);
    }

    static Optional<Credential> credential(Request request) {
        return credential(request.headers(), request.secure());
    }

    static Optional<String> cookie(HttpHeaders headers, String name, boolean secure) {
        for (var header : headers.getAll("Cookie")) {
            for (var cookie : ServerCookieDecoder.STRICT.decodeAll(header)) {
                if (cookie.name().equals(cookieName(name, secure))) {
                    return Optional.of(cookie.value());
                }
            }
        }
        return Optional.empty();
    }

    static String cookieName(String name, boolean secure) {
        return secure ? HOST_ONLY + name : name;
    }

    /// Who this is now.
    Optional<Caller> of(Credential credential) {
        return switch (credential) {
            case Credential.Token(var secret) ->
                tokens.authenticate(secret).map(account -> new Caller(account, credential, Optional.empty()));
            case Credential.Cookie(var secret) ->
                sessions.authenticate(secret)
                        .map(session -> new Caller(session.account(), credential, Optional.of(session)));
        };
    }

    /// The same for who was known before, without that counting as a use of its session.
    Optional<Caller> still(Credential credential) {
        return switch (credential) {
            case Credential.Token _ -> of(credential);
            case Credential.Cookie(var secret) ->
                sessions.find(secret).map(session -> new Caller(session.account(), credential, Optional.of(session)));
        };
    }
}
