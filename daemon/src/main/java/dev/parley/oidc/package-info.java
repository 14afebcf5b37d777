/// Sign-in by an OpenID provider: the authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0 §3.1,
/// RFC 7636, RFC 9207), by Nimbus' library, which does all that is cryptography or somebody else's format.
///
/// ```
/// browser ── /session/oidc ──▶ daemon      makes state, nonce and verifier, seals them into a cookie
///    │ ◀── 302 to the provider ──┘
///    ├── signs in there ──▶ provider
///    │ ◀── 302 with code and state ──┘
///    └── /session/oidc/callback ──▶ daemon ── code, verifier ──▶ provider
///                                      └── checks the id token, opens a session as a password does
/// ```
///
/// What a sign-in began with is in the browser that began it and nowhere else: nobody fills memory by beginning, and
/// what
/// another browser began is of no use here.
///
/// Nothing of it is loaded where the configuration has no provider. The package knows users and no HTTP of ours.
@NullMarked
package dev.parley.oidc;

import org.jspecify.annotations.NullMarked;
