package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.store.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// HTTP itself: requests in any form, and what is refused before a service sees it.
class HttpServerTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final String TOKEN = DAEMON.tokenOf(DAEMON.user("admin", Role.ADMIN, AccessScope.ALL, Set.of()));

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static Raw raw() throws IOException {
        return new Raw(DAEMON.server.address());
    }

    private static String request(String line, String... headers) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
        try (var raw = raw()) {
            var all = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                all.append(request("GET /api/v1/contacts?limit=" + (i % 2 == 0 ? "1" : "0")));
            }
            raw.send(all.toString());
            for (int i = 0; i < 20; i++) {
                var answer = raw.answer();
                assertTrue(answer.startsWith(i % 2 == 0 ? "HTTP/1.1 200" : "HTTP/1.1 400"), answer);
            }
        }
    }

    @Test
    void aRequestMayComeOctetByOctet() throws IOException {
        try (var raw = raw()) {
            var body = "{\"text\":\"a\"}";
            var text = request(
                            "POST /api/v1/preview",
                            "Content-Type: application/json",
                            "Content-Length: " + body.length())
                    + body;
            for (var octet : text.getBytes(StandardCharsets.US_ASCII)) {
                raw.send(new byte[] {octet});
            }
            assertTrue(raw.answer().startsWith("HTTP/1.1 200"));
            raw.send(request("GET /healthz"));
            assertTrue(raw.answer().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void aBodyMayComeInChunks() throws IOException {
        try (var raw = raw()) {
            raw.send(request("POST /api/v1/preview", "Content-Type: application/json", "Transfer-Encoding: chunked"));
            raw.send("5\r\n{\"tex\r\n").send("7\r\nt\":\"a\"}\r\n").send("0\r\n\r\n");
            assertTrue(raw.answer().startsWith("HTTP/1.1 200"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                              | status | code              | request
            no HTTP                           | 400    | malformed-request | HELO example.com
            no Host                           | 400    | bad-host          | GET /healthz HTTP/1.1
            two Hosts                         | 400    | bad-host          | GET /healthz HTTP/1.1~Host: a~Host: b
            another protocol                  | 505    | http-version      | GET /healthz HTTP/2.0~Host: a
            length twice                      | 400    | malformed-request | POST /x HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 2
            length and chunks                 | 400    | malformed-request | POST /x HTTP/1.1~Host: a~Content-Length: 1~Transfer-Encoding: chunked
            a negative length                 | 400    | malformed-request | POST /x HTTP/1.1~Host: a~Content-Length: -1
            a blank in a header's name        | 400    | malformed-request | GET /healthz HTTP/1.1~Host: a~A b: c
            half an escape in the path        | 400    | bad-encoding      | GET /api/v1/contacts/%4 HTTP/1.1~Host: a
            an escape that is no UTF-8        | 400    | bad-encoding      | GET /api/v1/contacts/%ff HTTP/1.1~Host: a
            an unknown expectation            | 417    | expectation-failed | GET /healthz HTTP/1.1~Host: a~Expect: tea
            """)
    void whatIsNoRequestIsRefusedAndTheConnectionClosed(String name, int status, String code, String request)
            throws IOException {
        try (var raw = raw()) {
            var answer = raw.send(request.replace("~", "\r\n") + "\r\n\r\n").rest();
            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.contains("\"code\":\"" + code + "\""), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
        }
    }

    @Test
    void linesAndHeadersHaveALimit() throws IOException {
        try (var raw = raw()) {
            assertTrue(raw.send("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n")
                    .rest()
                    .startsWith("HTTP/1.1 414"));
        }
        try (var raw = raw()) {
            assertTrue(raw.send("GET / HTTP/1.1\r\nHost: a\r\nA: " + "a".repeat(20_000) + "\r\n\r\n")
                    .rest()
                    .startsWith("HTTP/1.1 431"));
        }
    }

    @Test
    void aBodyHasALimitWhetherItsLengthIsSaidOrNot() throws IOException {
        try (var raw = raw()) {
            raw.send(request("POST /api/v1/preview", "Content-Type: application/json", "Content-Length: 5000000"));
            var answer = raw.rest();
            assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
            assertTrue(answer.contains("body-too-large"), answer);
        }
        try (var raw = raw()) {
            raw.send(request("POST /api/v1/preview", "Content-Type: application/json", "Transfer-Encoding: chunked"));
            var chunk = "40000\r\n" + "x".repeat(0x40000) + "\r\n";
            for (int i = 0; i < 5; i++) {
                raw.send(chunk);
            }
            assertTrue(raw.rest().startsWith("HTTP/1.1 413"));
        }
        ADMIN.post("/api/v1/preview", "{\"text\":\"" + "x".repeat(1 << 20) + "\"}")
                .refused(413, "body-too-large");
    }

    @Test
    void whoDoesNotSayWhoItIsSendsNoLargeBody() throws IOException {
        try (var raw = raw()) {
            raw.send(request("POST /api/v1/preview", "Content-Type: application/json", "Content-Length: 100000")
                    .replaceFirst("Authorization: [^\r]*\r\n", ""));
            assertTrue(raw.rest().startsWith("HTTP/1.1 401"));
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToContinue() throws IOException {
        try (var raw = raw()) {
            raw.send(request(
                    "POST /api/v1/preview",
                    "Content-Type: application/json",
                    "Content-Length: 12",
                    "Expect: 100-continue"));
            assertTrue(raw.head().startsWith("HTTP/1.1 100"));
            raw.send("{\"text\":\"a\"}");
            assertTrue(raw.answer().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void headIsGetWithoutABody() throws IOException {
        try (var raw = raw()) {
            raw.send(request("HEAD /healthz"));
            var head = raw.head();
            assertTrue(head.startsWith("HTTP/1.1 200"), head);
            assertTrue(head.toLowerCase(Locale.ROOT).contains("content-length: 15"), head);
            raw.send(request("GET /healthz"));
            assertTrue(raw.answer().endsWith("{\"status\":\"ok\"}"));
        }
    }

    @Test
    void http10IsAnsweredAndClosed() throws IOException {
        try (var raw = raw()) {
            assertTrue(raw.send("GET /healthz HTTP/1.0\r\n\r\n").rest().endsWith("{\"status\":\"ok\"}"));
        }
    }

    @Test
    void anAbsoluteTargetIsUnderstood() throws IOException {
        try (var raw = raw()) {
            raw.send("GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(raw.answer().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void anotherMethodIsToldWhichThereAre() {
        var answer = ADMIN.send(ADMIN.to("/api/v1/contacts").DELETE());
        answer.refused(405, "method-not-allowed");
        assertEquals("GET, HEAD, OPTIONS, POST", answer.header("Allow"));
        assertEquals(
                "GET, HEAD, OPTIONS, POST",
                ADMIN.send(ADMIN.to("/api/v1/contacts").method("OPTIONS", BodyPublishers.noBody()))
                        .is(204)
                        .header("Allow"));
        ADMIN.get("/nowhere").refused(404, "no-such-path");
        ADMIN.get("/api/v1/contacts/").refused(404, "no-such-path");
    }

    @Test
    void badBodiesAreRefusedWithTheirPlaceOrField() {
        ADMIN.post("/api/v1/contacts", "{\"name\": \"Ann\",\n  oops}").refused(400, "bad-json");
        assertTrue(ADMIN.post("/api/v1/contacts", "{\"name\": \"Ann\",\n  oops}")
                .text("/detail")
                .contains("line 2"));
        ADMIN.post("/api/v1/contacts", "{} {}").refused(400, "bad-json");
        ADMIN.post("/api/v1/contacts", "[]").refused(400, "wrong-type", "body");
        ADMIN.post("/api/v1/contacts", "{\"name\":\"a\",\"name\":\"b\"}").refused(400, "bad-json");
        ADMIN.post("/api/v1/contacts", "{\"name\":1}").refused(400, "wrong-type", "name");
        ADMIN.post("/api/v1/contacts", "{\"primaryNumber\":\"1\"}").refused(400, "missing-field", "name");
        ADMIN.post("/api/v1/contacts", "").refused(400, "missing-field", "name");
        ADMIN.post("/api/v1/contacts", "{\"nmae\":\"Ann\"}").refused(400, "unknown-field", "nmae");
        ADMIN.post("/api/v1/contacts", "{\"name\":\"\\ud800\",\"primaryNumber\":\"1\"}")
                .refused(400, "bad-text", "name");
        ADMIN.post("/api/v1/contacts", "[".repeat(5_000)).refused(400, "bad-json");
        ADMIN.send(ADMIN.to("/api/v1/contacts")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xff, '"', '}'})))
                .refused(400, "bad-utf-8", "body");
        ADMIN.send(ADMIN.to("/api/v1/contacts").POST(BodyPublishers.ofString("{}")))
                .refused(415, "unsupported-media-type", "Content-Type");
        ADMIN.send(ADMIN.to("/api/v1/contacts")
                        .header("Content-Type", "application/json; charset=utf-16")
                        .POST(BodyPublishers.ofString("{}")))
                .refused(415, "unsupported-media-type", "Content-Type");
    }

    @Test
    void badParametersAreRefusedByName() {
        ADMIN.get("/api/v1/contacts?limit=0").refused(400, "bad-parameter", "limit");
        ADMIN.get("/api/v1/contacts?limit=201").refused(400, "bad-parameter", "limit");
        ADMIN.get("/api/v1/contacts?limit=x").refused(400, "bad-parameter", "limit");
        ADMIN.get("/api/v1/contacts?limit=1&limit=2").refused(400, "duplicate-parameter", "limit");
        ADMIN.get("/api/v1/contacts?cursor=nonsense").refused(400, "bad-cursor", "cursor");
        ADMIN.get("/api/v1/contacts?sort=name").refused(400, "unknown-parameter", "sort");
        ADMIN.get("/api/v1/contacts?query=%ff").refused(400, "bad-encoding", "query");
        ADMIN.get("/healthz?a=1").refused(400, "unknown-parameter", "a");
    }

    @Test
    void answersCarryTheHeadersThatKeepBrowsersSafe() {
        var answer = ADMIN.get("/api/v1/session").is(200);
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals("no-store", answer.header("Cache-Control"));
        assertEquals("DENY", answer.header("X-Frame-Options"));
        assertTrue(answer.header("Content-Security-Policy").startsWith("default-src 'none'"));
        assertFalse(answer.header("Date").isEmpty());
    }

    @Test
    void thePagesAreServedAndRevalidated() {
        var index = DAEMON.anonymous().get("/").is(200);
        assertTrue(index.http().body().contains("<title>Parley</title>"));
        var style = DAEMON.anonymous().get("/assets/reference.css").is(200);
        assertEquals("text/css; charset=utf-8", style.header("Content-Type"));
        DAEMON.anonymous()
                .send(DAEMON.anonymous().to("/assets/reference.css").header("If-None-Match", style.header("ETag")))
                .is(304);
        DAEMON.anonymous().get("/assets/..%2findex.html").refused(404, "not-found");
        DAEMON.anonymous().get("/assets/none.css").refused(404, "not-found");
        assertTrue(DAEMON.anonymous().get("/docs").is(200).http().body().contains("listContacts"));
    }

    @Test
    void monitorsLearnHowItIs() {
        var anonymous = DAEMON.anonymous();
        anonymous.get("/healthz").is(200);
        assertEquals("ready", ADMIN.get("/readyz").is(200).text("/links/0/state"));
        DAEMON.queueIsWell = false;
        assertEquals("down", anonymous.get("/readyz").is(503).text("/queue"));
        DAEMON.queueIsWell = true;
        ADMIN.get("/api/v1/contacts/x");
        var metrics = anonymous.get("/metrics").is(200).http().body();
        assertTrue(
                metrics.contains(
                        "parley_http_requests_seconds_count{method=\"GET\",route=\"/api/v1/contacts/{id}\",status=\"4xx\"}"),
                metrics);
        anonymous
                .send(anonymous.to("/metrics").header("X-Forwarded-For", "192.0.2.1"))
                .refused(401, "unauthenticated");
        ADMIN.send(ADMIN.to("/metrics").header("X-Forwarded-For", "192.0.2.1")).is(200);
    }

    @Test
    void aTakenPortIsSaid() {
        var taken = new HttpSettings(DAEMON.server.address(), Optional.empty(), List.of(), Optional.empty());
        var e = assertThrows(UncheckedIOException.class, () -> new Daemon(TestDatabase.fresh(), taken).close());
        assertTrue(String.valueOf(e.getMessage()).contains("Cannot listen on"), e.getMessage());
    }

    @Test
    void closingEndsIdleConnectionsAndStreamsAtOnce() throws IOException {
        var daemon = new Daemon();
        var token = daemon.tokenOf(daemon.user("admin", Role.ADMIN, AccessScope.ALL, Set.of()));
        var peers = new ArrayList<Raw>();
        for (int i = 0; i < 5; i++) {
            var idle = new Raw(daemon.server.address());
            idle.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            peers.add(idle);
            var stream = new Raw(daemon.server.address());
            stream.send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                    .head();
            peers.add(stream);
        }
        long begun = System.nanoTime();
        daemon.close();
        assertTrue(System.nanoTime() - begun < 8_000_000_000L);
        for (var peer : peers) {
            peer.rest();
            peer.close();
        }
    }

    @Test
    void aLargeAnswerIsPackedForWhoTakesItSo() throws IOException {
        var admin = DAEMON.admin();
        var plain = admin.send(admin.to("/openapi.json").header("Accept-Encoding", "gzip;q=0"))
                .is(200);
        assertEquals("", plain.header("Content-Encoding"));
        assertEquals("Accept-Encoding", plain.header("Vary"));
        try (var raw = new Raw(DAEMON.server.address())) {
            raw.send("GET /openapi.json HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br, gzip\r\nConnection: close\r\n\r\n");
            assertTrue(raw.head().toLowerCase(Locale.ROOT).contains("content-encoding: gzip"));
            var unpacked = new String(
                    new GZIPInputStream(new ByteArrayInputStream(raw.octets())).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(plain.http().body(), unpacked);
        }
    }
}
