package dev.parley.oidc;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.ClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One provider, as its client.
public final class OidcSignIn {
    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);

    /// How long somebody may take at the provider.
    public static final Duration ATTEMPT_MAX = Duration.ofMinutes(10);

    /// How long it is believed what a provider says of itself.
    private static final Duration METADATA_MAX = Duration.ofHours(1);

    private static final int TIMEOUT_MILLIS = 5_000;

    /// Keys of a provider, in one answer.
    private static final int KEYS_OCTETS_MAX = 256 * 1024;

    /// What an id token may be signed with: keys of the provider's, no shared secret and no `none`.
    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final int KEY_OCTETS = 32;

    private final OidcSettings settings;
    private final Clock clock;

    /// What browsers keep for us is under a key of this process. After a restart it opens nothing, and the sign-in
    /// begins anew.
    private final SecretKeySpec key;

    private final ReentrantLock asking = new ReentrantLock();

    private @Nullable OIDCProviderMetadata metadata; // under `asking`, and the next
    private Instant metadataAt = Instant.EPOCH;

    public OidcSignIn(OidcSettings settings, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.clock = clock;
        var octets = new byte[KEY_OCTETS];
        random.nextBytes(octets);
        this.key = new SecretKeySpec(octets, "AES");
    }

    public String label() {
        return settings.label();
    }

    /// @param redirect where the provider sends the browser back to, as far as the request tells
    private URI redirect(URI redirect) {
        return settings.redirect().orElse(redirect);
    }

    /// A sign-in that begins.
    ///
    /// @param location of the provider, for the browser
    /// @param kept by the browser until it comes back
    public record Begun(URI location, String kept) {}

    private record Attempt(State state, Nonce nonce, CodeVerifier verifier) {}

    /// Begins a sign-in.
    public Begun begin(URI redirect) throws OidcRefusal {
        var provider = provider();
        var attempt = new Attempt(new State(), new Nonce(), new CodeVerifier());
        var scope = new Scope("openid");
        settings.scopes().forEach(scope::add);
        var request = new AuthenticationRequest.Builder(
                        ResponseType.CODE, scope, new ClientID(settings.clientId()), redirect(redirect))
                .endpointURI(provider.getAuthorizationEndpointURI())
                .state(attempt.state)
                .nonce(attempt.nonce)
                .codeChallenge(attempt.verifier, CodeChallengeMethod.S256)
                .build();
        return new Begun(request.toURI(), sealed(attempt));
    }

    /// What the browser keeps, and can neither read nor change.
    ///
    /// @return of characters that a cookie may have
    private String sealed(Attempt attempt) {
        var claims = new JWTClaimsSet.Builder()
                .claim("state", attempt.state.getValue())
                .claim("nonce", attempt.nonce.getValue())
                .claim("verifier", attempt.verifier.getValue())
                .expirationTime(Date.from(clock.instant().plus(ATTEMPT_MAX)))
                .build();
        var sealed = new EncryptedJWT(new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A256GCM), claims);
        try {
            sealed.encrypt(new DirectEncrypter(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
        return sealed.serialize();
    }

    /// Empty for what we did not seal, or too long ago.
    private Optional<Attempt> opened(String kept) {
        try {
            var sealed = EncryptedJWT.parse(kept);
            sealed.decrypt(new DirectDecrypter(key));
            var claims = sealed.getJWTClaimsSet();
            return claims.getExpirationTime().toInstant().isAfter(clock.instant())
                    ? Optional.of(new Attempt(
                            new State(claims.getStringClaim("state")),
                            new Nonce(claims.getStringClaim("nonce")),
                            new CodeVerifier(claims.getStringClaim("verifier"))))
                    : Optional.empty();
        } catch (java.text.ParseException | JOSEException | RuntimeException e) {
            return Optional.empty(); // whatever anybody has put there; the library is not strict in what it throws
        }
    }

    /// Somebody whom the provider vouches for.
    ///
    /// @param grant what its groups give; empty where none is of those named
    public record Person(String issuer, String subject, String name, Optional<OidcSettings.Grant> grant) {}

    /// Ends a sign-in.
    ///
    /// @param kept what the browser kept
    /// @param back where it came back to, with the provider's answer in the query
    /// @param redirect as at the beginning
    public Person finish(String kept, URI back, URI redirect) throws OidcRefusal {
        var attempt = opened(kept)
                .orElseThrow(() -> new OidcRefusal(
                        "sign-in-expired", "This sign-in was not begun in this browser, or too long ago. Try again."));
        var provider = provider();
        try {
            var code = code(provider, back, attempt.state);
            var tokens = tokens(provider, code, redirect(redirect), attempt.verifier);
            var idToken = idToken(provider, tokens.getOIDCTokens().getIDToken(), attempt.nonce);
            return person(provider, tokens, idToken);
        } catch (GeneralException | IOException e) {
            LOG.warn("a sign-in by the identity provider failed: {}", e.getMessage());
            throw new OidcRefusal("sign-in-failed", "The identity provider's answer could not be used. Try again.");
        }
    }

    private AuthorizationCode code(OIDCProviderMetadata provider, URI back, State state)
            throws ParseException, OidcRefusal {
        var response = AuthenticationResponseParser.parse(back);
        if (!state.equals(response.getState())) {
            throw new OidcRefusal("sign-in-expired", "This sign-in was not begun in this browser. Try again.");
        }
        // RFC 9207 §2.4: an answer of another provider.
        var issuer = response.getIssuer();
        if (issuer == null
                ? provider.supportsAuthorizationResponseIssuerParam()
                : !issuer.equals(provider.getIssuer())) {
            throw new OidcRefusal("sign-in-failed", "The answer is not of the identity provider that was asked.");
        }
        if (!response.indicatesSuccess()) {
            var error = response.toErrorResponse().getErrorObject();
            LOG.info("the identity provider refused a sign-in: {}", error.getCode());
            throw new OidcRefusal("sign-in-refused", "The identity provider did not sign you in.");
        }
        var code = response.toSuccessResponse().getAuthorizationCode();
        if (code == null) {
            throw new ParseException("no code");
        }
        return code;
    }

    private OIDCTokenResponse tokens(
            OIDCProviderMetadata provider, AuthorizationCode code, URI redirect, CodeVerifier verifier)
            throws ParseException, IOException, GeneralException {
        var request = new TokenRequest.Builder(
                        provider.getTokenEndpointURI(),
                        authentication(provider),
                        new AuthorizationCodeGrant(code, redirect, verifier))
                .build()
                .toHTTPRequest();
        var response = OIDCTokenResponseParser.parse(limited(request).send());
        if (!response.indicatesSuccess()) {
            throw new GeneralException("token endpoint: "
                    + response.toErrorResponse().getErrorObject().getCode());
        }
        return (OIDCTokenResponse) response.toSuccessResponse();
    }

    private ClientAuthentication authentication(OIDCProviderMetadata provider) {
        var id = new ClientID(settings.clientId());
        var secret = new Secret(settings.clientSecret());
        var methods = provider.getTokenEndpointAuthMethods();
        return methods != null
                        && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                ? new ClientSecretPost(id, secret)
                : new ClientSecretBasic(id, secret);
    }

    private static HTTPRequest limited(HTTPRequest request) {
        request.setConnectTimeout(TIMEOUT_MILLIS);
        request.setReadTimeout(TIMEOUT_MILLIS);
        request.setFollowRedirects(false);
        return request;
    }

    /// OpenID Connect Core 1.0 §3.1.3.7: signature, issuer, audience, time, nonce.
    private ClaimsSet idToken(OIDCProviderMetadata provider, JWT token, Nonce nonce)
            throws GeneralException, OidcRefusal {
        if (!(token.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm)
                || !ALGORITHMS.contains(algorithm.getName())) {
            throw new GeneralException(
                    "id token signed with " + token.getHeader().getAlgorithm());
        }
        try {
            var validator = new IDTokenValidator(
                    provider.getIssuer(),
                    new ClientID(settings.clientId()),
                    algorithm,
                    provider.getJWKSetURI().toURL(),
                    new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, KEYS_OCTETS_MAX));
            return validator.validate(token, nonce);
        } catch (BadJOSEException | JOSEException | IOException e) {
            throw new GeneralException("id token: " + e.getMessage(), e);
        }
    }

    private Person person(OIDCProviderMetadata provider, OIDCTokenResponse tokens, ClaimsSet idToken)
            throws ParseException, IOException, GeneralException, OidcRefusal {
        var subject = idToken.getStringClaim("sub");
        Map<String, Object> claims = idToken.toJSONObject();
        if ((!claims.containsKey(settings.groupsClaim()) || !claims.containsKey(settings.nameClaim()))
                && provider.getUserInfoEndpointURI() != null) {
            var more = userInfo(provider, tokens);
            // OpenID Connect Core 1.0 §5.3.2: else it may be somebody else's.
            if (!subject.equals(more.getStringClaim("sub"))) {
                throw new GeneralException("user info of another subject");
            }
            var both = more.toJSONObject();
            both.putAll(claims);
            claims = both;
        }
        if (!(claims.get(settings.nameClaim()) instanceof String name) || name.isBlank()) {
            LOG.warn("the identity provider gives no claim {}", settings.nameClaim());
            throw new OidcRefusal("no-name", "The identity provider does not say what you are called.");
        }
        var groups = groups(claims.get(settings.groupsClaim()));
        var grant = settings.groups().entrySet().stream()
                .filter(each -> groups.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
        return new Person(provider.getIssuer().getValue(), subject, name, grant);
    }

    private static ClaimsSet userInfo(OIDCProviderMetadata provider, OIDCTokenResponse tokens)
            throws IOException, ParseException, GeneralException {
        var request = new UserInfoRequest(
                        provider.getUserInfoEndpointURI(),
                        tokens.getOIDCTokens().getBearerAccessToken())
                .toHTTPRequest();
        var response = UserInfoResponse.parse(limited(request).send());
        if (!response.indicatesSuccess()) {
            throw new GeneralException("user info endpoint: "
                    + response.toErrorResponse().getErrorObject().getCode());
        }
        var said = response.toSuccessResponse().getUserInfo();
        if (said == null) {
            throw new GeneralException("user info that is signed");
        }
        return said;
    }

    private static List<String> groups(@Nullable Object claim) {
        return switch (claim) {
            case List<?> several ->
                several.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case String one -> List.of(one);
            case null, default -> List.of();
        };
    }

    /// What the provider says of itself (OpenID Connect Discovery 1.0 §4). Its issuer must be the one that was asked.
    private OIDCProviderMetadata provider() throws OidcRefusal {
        asking.lock();
        try {
            var known = metadata;
            if (known != null && metadataAt.plus(METADATA_MAX).isAfter(clock.instant())) {
                return known;
            }
            var found = OIDCProviderMetadata.resolve(new Issuer(settings.issuer()), TIMEOUT_MILLIS, TIMEOUT_MILLIS);
            metadata = found;
            metadataAt = clock.instant();
            return found;
        } catch (GeneralException | IOException e) {
            LOG.warn("the identity provider {} cannot be asked: {}", settings.issuer(), e.getMessage());
            throw new OidcRefusal(
                    "provider-away", "The identity provider does not answer now. Try again, or use a password.");
        } finally {
            asking.unlock();
        }
    }
}
