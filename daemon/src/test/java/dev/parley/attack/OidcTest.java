package dev.parley.attack;

import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import dev.parley.world.Npm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Sign-in by an OpenID provider that is not ours: npm's `oidc-provider` on Node, and the real daemon. Without Node it
/// is
/// skipped.
@Timeout(300)
class OidcTest {
    private static final String CALLBACK = "/api/v1/session/oidc/callback";

    @TempDir
    static Path directory;

    private static DemoWorld world;
    private static Process node;
    private static String issuer = "";
    private static String url = "";

    @BeforeAll
    static void live() throws Exception {
        var modules = Npm.modules("oidc-provider", "9.13.3");
        world = DemoWorld.start(directory.resolve("demo"));
        url = world.state().path("url").asString("");
        node = new ProcessBuilder(
                        "node",
                        Path.of("src/test/resources/peers/oidc-provider.mjs")
                                .toAbsolutePath()
                                .toString(),
                        modules.toString(),
                        url + CALLBACK)
                .redirectError(directory.resolve("node.log").toFile())
                .start();
        issuer = awaited(node.inputReader(StandardCharsets.UTF_8), "issuer ").substring("issuer ".length());
        world.restartOn(yaml -> yaml.replaceFirst("(?m)^http:$", """
                http:
                  oidc:
                    issuer: "%s"
                    clientId: parley
                    clientSecret: "a secret of twenty-four"
                    label: Movers
                    groups:
                      parley-admins: {role: admin}
                      movers: {role: member, scope: assigned}""".formatted(issuer)));
    }

    @AfterAll
    static void end() {
        if (node != null) {
            node.destroy();
        }
        if (world != null) {
            world.close();
        }
    }

    private static String awaited(BufferedReader out, String begin) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(begin)) {
                return line;
            }
        }
        throw new AssertionError(
                "the peer ended without \"" + begin + "\": " + Files.readString(directory.resolve("node.log")));
    }

    /// A browser: it keeps cookies and follows redirects one by one.
    private static final class Browser implements AutoCloseable {
        private final HttpClient http = HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();

        HttpResponse<String> get(String address) throws Exception {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
        }

        /// Goes where it is led until that is a place of ours that begins so.
        ///
        /// @return that place, not gone to
        String ledTo(String from, String place) throws Exception {
            var at = from;
            for (int steps = 0; steps < 12; steps++) {
                var answer = get(at);
                assertTrue(
                        answer.statusCode() == 302 || answer.statusCode() == 303,
                        at + ": " + answer.statusCode() + " " + answer.body());
                at = URI.create(at)
                        .resolve(answer.headers().firstValue("Location").orElseThrow())
                        .toString();
                if (at.startsWith(url + place)) {
                    return at;
                }
            }
            throw new AssertionError("led around, at last to " + at);
        }

        String back() throws Exception {
            return ledTo(url + "/api/v1/session/oidc", CALLBACK);
        }

        JsonNode who() throws Exception {
            return Json.MAPPER.readTree(get(url + "/api/v1/session").body());
        }

        @Override
        public void close() {
            http.close();
        }
    }

    /// Has the provider take whoever comes for this user.
    private static void as(String query) throws Exception {
        try (var browser = new Browser()) {
            assertEquals(200, browser.get(issuer + "/as?user=" + query).statusCode());
        }
    }

    private static Optional<String> location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location");
    }

    @Test
    void groupsBecomeRolesAndASessionIsOneAsAnyOther() throws Exception {
        try (var browser = new Browser()) {
            var ways = Json.MAPPER.readTree(
                    browser.get(url + "/api/v1/session/ways").body());
            assertEquals("Movers", ways.path("oidc").path("label").asString(""));
            as("alice");
            var answer = browser.get(browser.back());
            assertEquals(Optional.of("/"), location(answer));
            var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
            assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
            assertEquals("alice", browser.who().path("user").path("name").asString(""));
            assertEquals("admin", browser.who().path("user").path("role").asString(""));
        }
        // Her groups change: so does she, at the next sign-in, and stays the same user.
        as("alice&alice=movers");
        try (var browser = new Browser()) {
            browser.get(browser.back());
            var who = browser.who().path("user");
            assertEquals("alice", who.path("name").asString(""));
            assertEquals("member", who.path("role").asString(""));
            assertEquals("assigned", who.path("scope").asString(""));
            // And none at all: she may not sign in, and her sessions end.
            as("alice&alice=guests");
            try (var other = new Browser()) {
                assertEquals(Optional.of("/sign-in?refused=not-allowed"), location(other.get(other.back())));
            }
            assertEquals(401, browser.get(url + "/api/v1/session").statusCode());
        }
        as("alice&alice=staff,parley-admins");
        var audit = world.api()
                .get("/api/v1/audit?action=oidcSignIn&limit=200")
                .ok()
                .toString();
        assertTrue(audit.contains("\"refused\"") && audit.contains("\"done\""), audit);
    }

    @Test
    void whatAnotherBrowserBeganIsOfNoUse() throws Exception {
        as("bob");
        try (var attacker = new Browser();
                var victim = new Browser()) {
            var his = attacker.back();
            // He has somebody else follow his link, to be signed in as him: login CSRF.
            assertEquals(Optional.of("/sign-in?refused=sign-in-expired"), location(victim.get(his)));
            victim.back();
            assertEquals(Optional.of("/sign-in?refused=sign-in-expired"), location(victim.get(his)));
            assertEquals(401, victim.get(url + "/api/v1/session").statusCode());
            // A code counts once, and with nothing changed.
            assertEquals(Optional.of("/"), location(attacker.get(his)));
            assertEquals("bob", attacker.who().path("user").path("name").asString(""));
            assertEquals(Optional.of("/sign-in?refused=sign-in-failed"), location(attacker.get(his)));
            var again = attacker.back();
            assertEquals(
                    Optional.of("/sign-in?refused=sign-in-failed"),
                    location(attacker.get(again.replaceFirst("iss=[^&]*", "iss=https%3A%2F%2Fevil.example"))));
            assertEquals(
                    Optional.of("/sign-in?refused=sign-in-failed"),
                    location(attacker.get(again.replaceFirst("code=[^&]*", "code=guessed"))));
        }
    }

    /// Each is a token by its form, and none is one of ours.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "....",
                "eyJhbGciOiJkaXIifQ....",
                "eyJhbGciOiJub25lIn0.e30.",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwicDJjIjotMX0....",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA"
            })
    void whatNobodyOfUsPutIntoACookieIsAnExpiredSignIn(String kept) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/api/v1/session/oidc/callback?code=1&state=2"))
                            .header("Cookie", "parley_oidc=" + kept)
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(302, answer.statusCode(), answer.body());
            assertEquals(Optional.of("/sign-in?refused=sign-in-expired"), location(answer));
        }
    }

    @Test
    void aNameThatTheProviderSaysTakesOverNobody() throws Exception {
        var made = world.api()
                .post("/api/v1/users", Map.of("name", "eve", "password", "correct horse battery", "role", "member"));
        assertEquals(201, made.status(), made.body().toString());
        as("eve&eve=parley-admins");
        try (var browser = new Browser()) {
            assertEquals(Optional.of("/sign-in?refused=name-taken"), location(browser.get(browser.back())));
        }
        var users = world.api().get("/api/v1/users?limit=200").ok().path("items");
        assertFalse(users.valueStream()
                .anyMatch(user -> user.path("name").asString("").equals("eve")
                        && user.path("role").asString("").equals("admin")));
    }
}
