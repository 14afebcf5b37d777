package dev.parley.http;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.account.Session;
import java.util.Optional;

/// Who sent a request.
///
/// @param credential how it was proven, to ask again while a stream lasts
/// @param session for a browser that signed in; empty for a token
record Caller(Account account, Credential credential, Optional<Session> session) {

    /// What a request brings to prove who sent it.
    sealed interface Credential {
        record Token(String secret) implements Credential {
            @Override
            public String toString() {
                return "Token[***]";
            }
        }

        record Cookie(String secret) implements Credential {
            @Override
            public String toString() {
                return "Cookie[***]";
            }
        }
    }

    Access access() {
        return Access.of(account);
    }
}
