package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.store.TestDatabase;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What nobody gets by asking: a body read before it is known whose it is, a request that two readers
/// understand differently, more than a share, the word of a proxy that is none.
@Timeout(120)
class ClosedDoorsTest {
    private static final Daemon DAEMON = new Daemon(
            TestDatabase.fresh(),
            new HttpSettings(
                    Daemon.LOOPBACK.listen(),
                    Optional.empty(),
                    List.of(Network.of("127.0.0.1/32").orElseThrow()),
                    Optional.empty()));
    private static final Client ADMIN = DAEMON.admin();
    private static final String TOKEN = DAEMON.tokenOf(DAEMON.user("max", Role.MEMBER, AccessScope.ALL, Set.of()));

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static Raw raw() throws IOException {
        return new Raw(DAEMON.server.address());
    }

    private static String upload(String token, String path, String more) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: text/csv\r\n" + more + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 4000000\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\n"})
    void nobodysBodyIsAwaited(String framing) throws IOException {
        try (var raw = raw()) {
            assertTrue(raw.send(upload("parley_nobody", "/api/v1/contacts/import", framing))
                    .answer()
                    .startsWith("HTTP/1.1 401"));
        }
        try (var raw = raw()) {
            var answer = raw.send(
                            upload("parley_nobody", "/api/v1/contacts/import", framing + "Expect: 100-continue\r\n"))
                    .answer();
            assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
        }
    }

    @Test
    void neitherIsOneOfWhoMayNot() throws IOException {
        try (var raw = raw()) {
            var answer = raw.send("POST /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN
                            + "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
                    .answer();
            assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        }
        try (var raw = raw()) {
            var answer = raw.send("POST /api/v1/messages?oops=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN
                            + "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
                    .answer();
            assertTrue(answer.startsWith("HTTP/1.1 400") && answer.contains("unknown-parameter"), answer);
        }
    }

    /// A short body that nobody wants costs less than a new connection.
    @Test
    void aRefusedShortBodyLeavesTheConnectionOpen() throws IOException {
        try (var raw = raw()) {
            assertTrue(raw.send(upload("parley_nobody", "/api/v1/contacts/import", "Content-Length: 3\r\n") + "a,b")
                    .answer()
                    .startsWith("HTTP/1.1 401"));
            assertTrue(raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    .answer()
                    .startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void oneUserHoldsAShareOfTheRoomForBodiesAndNoMore() throws IOException {
        var slow = new ArrayList<Raw>();
        try {
            var refused = IntStream.range(0, 40)
                    .filter(_ -> {
                        try {
                            var raw = raw();
                            slow.add(raw);
                            raw.send(upload(
                                    TOKEN,
                                    "/api/v1/contacts/import",
                                    "Content-Length: 4000000\r\nExpect: 100-continue\r\n"));
                            return raw.head().startsWith("HTTP/1.1 503");
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .count();
            assertTrue(refused > 0, "forty bodies of four megabytes at once");
            // Others have room still, and so has he for a text.
            ADMIN.send(ADMIN.to("/api/v1/contacts/import?dryRun=true")
                            .header("Content-Type", "text/csv")
                            .POST(BodyPublishers.ofString("name,primaryNumber\n" + "Ann,+12025550111\n".repeat(2_000))))
                    .is(200);
            new Client(DAEMON.server.url(), Optional.of(TOKEN))
                    .post("/api/v1/preview", "{\"text\":\"still\"}")
                    .is(200);
        } finally {
            for (var raw : slow) {
                raw.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Folded: a\r\n b\r\n",
                "X-Folded: a\r\n\tb\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: chunked, chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: identity\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"
            })
    void whatTwoReadersUnderstandDifferentlyIsRefused(String field) throws IOException {
        for (int split : new int[] {0, 40, 60}) {
            try (var raw = raw()) {
                var request = "POST /api/v1/preview HTTP/1.1\r\nHost: a\r\n" + field + "\r\n0\r\n\r\n";
                raw.send(request.substring(0, split));
                Thread.onSpinWait();
                assertTrue(raw.send(request.substring(split)).answer().startsWith("HTTP/1.1 400"), field);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\t/healthz\tHTTP/1.1",
                "GET  /healthz HTTP/1.1",
                "GET /healthz  HTTP/1.1",
                "GET /healthz HTTP/1.1 ",
                " GET /healthz HTTP/1.1",
                "GET /health z HTTP/1.1",
                "GET /healthz\u000BHTTP/1.1 HTTP/1.1",
                "GET /healthz HTTP/1.1\r"
            })
    void aRequestLineHasItsTwoBlanksAndNoOthers(String line) throws IOException {
        for (int split : new int[] {0, 5, 15}) {
            try (var raw = raw()) {
                var request = line + "\r\nHost: a\r\n\r\n";
                raw.send(request.substring(0, split));
                Thread.onSpinWait();
                assertTrue(raw.send(request.substring(split)).answer().startsWith("HTTP/1.1 400"), line);
            }
        }
    }

    /// What stands for a length where another reader sees another one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: +12\r\n\r\n{\"text\":\"a\"}",
                "Content-Length: 12, 12\r\n\r\n{\"text\":\"a\"}",
                "Content-Length: 12\r\nContent-Length: 0\r\n\r\n{\"text\":\"a\"}",
                "Content-Length: 0xc\r\n\r\n{\"text\":\"a\"}",
                "Content-Length : 12\r\n\r\n{\"text\":\"a\"}",
                "Transfer-Encoding:\u000Bchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
                "X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nc;a\n{\"text\":\"a\"}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nc\n{\"text\":\"a\"}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"text\":\"a\"}\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0xc\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n+c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n10000000000000000c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"text\":\"a\"}XX0\r\n\r\n"
            })
    void aLengthIsWrittenInOneWay(String framing) throws IOException {
        try (var raw = raw()) {
            var answer = raw.send("POST /api/v1/preview HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN
                            + "\r\nContent-Type: application/json\r\n" + framing
                            + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    .rest();
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            assertFalse(answer.contains("\"status\":\"ok\""), answer);
        }
    }

    @Test
    void aFieldOfManyLinesIsNoneAndAListOfChunksIs() throws IOException {
        try (var raw = raw()) {
            assertTrue(raw.send("POST /api/v1/preview HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN
                            + "\r\nContent-Type: application/json\r\nTransfer-Encoding: Chunked\r\n\r\n"
                            + "9\r\n{\"text\":\"\r\n3\r\n a\"\r\n1\r\n}\r\n0\r\n\r\n")
                    .answer()
                    .startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void listsAreCountedBeforeTheyAreRead() {
        var lines = String.join(
                ",", IntStream.range(0, 1_001).mapToObj(i -> "\"1\"").toList());
        ADMIN.post("/api/v1/users", "{\"name\":\"many\",\"role\":\"member\",\"lines\":[" + lines + "]}")
                .refused(422, "too-many-items");
        ADMIN.post("/api/v1/preview", "{\"text\":" + "[]".repeat(1) + ",\"a\":[" + "[],".repeat(5_000) + "[]]}")
                .refused(422, "too-many-items");
        var nested = "{\"a\":[" + String.join(",", Collections.nCopies(20, "[" + "0,".repeat(600) + "0]")) + "]}";
        ADMIN.post("/api/v1/preview", nested).refused(422, "too-many-items");
    }

    /// Whoever found out how to bring about an error of the program would fill all places by it.
    @Test
    void anErrorOfTheProgramEndsItsConnection() throws IOException {
        DAEMON.trouble = Optional.of(new StackOverflowError("as it may come"));
        try (var raw = raw()) {
            var body = "{\"text\":\"a\"}";
            assertEquals(
                    "",
                    raw.send("POST /api/v1/preview HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .rest());
        } finally {
            DAEMON.trouble = Optional.empty();
        }
        ADMIN.post("/api/v1/preview", "{\"text\":\"a\"}").is(200);
    }

    @Test
    void readinessNamesLinksToUsersAlone() {
        var anonymous = DAEMON.anonymous().get("/readyz").is(200);
        assertFalse(
                anonymous.http().body().contains("modem-1"), anonymous.http().body());
        assertEquals("ready", anonymous.text("/status"));
        var known = ADMIN.get("/readyz").is(200);
        assertEquals("modem-1", known.text("/links/0/name"));
        assertEquals("held", known.text("/links/0/lease"));
        assertEquals("lost", known.text("/links/1/lease"));
    }

    @Test
    void metricsAreForThisMachineAndForUsers() {
        DAEMON.anonymous().get("/metrics").is(200);
        var client = DAEMON.anonymous();
        client.send(client.to("/metrics")
                        .header("X-Forwarded-For", "203.0.113.7")
                        .GET())
                .refused(401, "unauthenticated");
        ADMIN.send(ADMIN.to("/metrics").header("X-Forwarded-For", "203.0.113.7").GET())
                .is(200);
    }

    @Test
    void aProxyThatIsTrustedSaysWhoTheClientIsAndHow() {
        DAEMON.user("pia", Role.MEMBER, AccessScope.ALL, Set.of());
        assertTrue(signIn("pia", Daemon.PASSWORD, "203.0.113.20", "https")
                .header("Set-Cookie")
                .contains("; Secure"));
        assertFalse(signIn("pia", Daemon.PASSWORD, "203.0.113.20", "http")
                .header("Set-Cookie")
                .contains("; Secure"));
        // One client wears out its own allowance, and nobody else's behind the same proxy.
        int status = 401;
        for (int i = 0; i < 60 && status == 401; i++) {
            status = signIn("nobody" + i, "wrong password", "203.0.113.21", "https")
                    .status();
        }
        assertEquals(429, status);
        assertEquals(
                401, signIn("nobody", "wrong password", "203.0.113.22", "https").status());
        // What the client itself wrote in front changes nothing.
        assertEquals(
                429,
                signIn("nobody", "wrong password", "203.0.113.99, 203.0.113.21", "https")
                        .status());
    }

    private static Client.Answer signIn(String name, String password, String client, String scheme) {
        var anonymous = DAEMON.anonymous();
        return anonymous.send(anonymous
                .to("/api/v1/session")
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", client)
                .header("X-Forwarded-Proto", scheme)
                .POST(BodyPublishers.ofString("{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}")));
    }

    /// Every route that changes something, as a browser would be made to ask it by a page of somebody else's.
    @Test
    void whatAForeignPageAsksForIsRefusedOnEveryRouteThatChangesSomething() {
        DAEMON.user("cora", Role.ADMIN, AccessScope.ALL, Set.of());
        var anonymous = DAEMON.anonymous();
        var signedIn = signIn("cora", Daemon.PASSWORD, "203.0.113.40", "http").is(200);
        var cookie = signedIn.header("Set-Cookie").split(";", 2)[0];
        var csrf = signedIn.text("/csrf");
        int routes = 0;
        var paths = ADMIN.get("/openapi.json").is(200).body().path("paths");
        for (var path : paths.propertyNames()) {
            for (var method : List.of("post", "patch", "delete")) {
                if (!paths.path(path).has(method)) {
                    continue;
                }
                routes++;
                Supplier<HttpRequest.Builder> request = () -> anonymous
                        .to(path.replaceAll("\\{[^}]*}", "1"))
                        .header("Cookie", cookie)
                        .method(method.toUpperCase(Locale.ROOT), BodyPublishers.noBody());
                for (var origin : List.of("null", "https://evil.example", "http://127.0.0.1:1", "http://localhost")) {
                    anonymous
                            .send(request.get().header("X-CSRF-Token", csrf).header("Origin", origin))
                            .refused(403, "foreign-origin");
                }
                anonymous
                        .send(request.get().header("X-CSRF-Token", csrf).header("Sec-Fetch-Site", "cross-site"))
                        .refused(403, "foreign-origin");
                if (!path.equals("/api/v1/session") || !method.equals("post")) {
                    anonymous.send(request.get()).refused(403, "csrf", "X-CSRF-Token");
                    anonymous
                            .send(request.get().header("X-CSRF-Token", csrf.substring(1)))
                            .refused(403, "csrf", "X-CSRF-Token");
                }
            }
        }
        assertTrue(routes > 35, routes + " routes");
        ADMIN.get("/api/v1/session").is(200);
    }

    /// A cookie that came over TLS is one that only this host can have set.
    @Test
    void overTlsTheCookieIsThisHostsAlone() {
        DAEMON.user("tess", Role.MEMBER, AccessScope.ALL, Set.of());
        var header =
                signIn("tess", Daemon.PASSWORD, "203.0.113.41", "https").is(200).header("Set-Cookie");
        assertTrue(header.startsWith("__Host-parley_session=") && header.contains("; Path=/;"), header);
        assertFalse(header.contains("Domain"), header);
        var cookie = header.split(";", 2)[0];
        whoAmI(cookie, "https").is(200);
        whoAmI(cookie.substring("__Host-".length()), "https").refused(401, "unauthenticated");
    }

    private static Client.Answer whoAmI(String cookie, String scheme) {
        var client = DAEMON.anonymous();
        return client.send(client.to("/api/v1/session")
                .header("Cookie", cookie)
                .header("X-Forwarded-For", "203.0.113.41")
                .header("X-Forwarded-Proto", scheme)
                .GET());
    }

    /// A site whose name leads here for a moment is not this machine.
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 200",
        "localhost:8080, 200",
        "[::1]:8080, 200",
        "gateway, 200",
        "evil.example:8080, 401",
        "127.0.0.1.evil.example, 401",
        "localhost.evil.example, 401"
    })
    void metricsAreNotForWhoeverGivesUsAName(String host, int status) throws IOException {
        try (var raw = raw()) {
            var answer = raw.send("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .head();
            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        }
    }
}
