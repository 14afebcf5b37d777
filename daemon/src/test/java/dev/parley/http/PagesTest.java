package dev.parley.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// How the page and its files are served.
class PagesTest {
    private static final Daemon DAEMON = new Daemon();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void close() {
        HTTP.close();
        DAEMON.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(DAEMON.server.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertTrue(matcher.find(), () -> pattern + " in " + text);
        return matcher.group(1);
    }

    @Test
    void everyPathThatIsNoneOfTheApiIsThePageForWhoWantsOne() throws Exception {
        for (var path : new String[] {"/", "/conversations/5", "/sign-in", "/no/such/place"}) {
            var page = get(path, "Accept", "text/html,application/xhtml+xml");
            assertEquals(200, page.statusCode(), path);
            assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
            assertEquals("no-cache", header(page, "Cache-Control"));
            assertTrue(text(page).contains("start.js"), path);
        }
        assertEquals(404, get("/conversations/5", "Accept", "application/json").statusCode());
        assertEquals(404, get("/api/v1/nothing", "Accept", "text/html").statusCode());
    }

    @Test
    void thePolicyKnowsTheImportMapAndNoOtherScriptInThePage() throws Exception {
        var page = get("/", "Accept", "text/html");
        var map = found("<script type=\"importmap\">(.*?)</script>", text(page));
        var hash = Base64.getEncoder().encodeToString(sha256(map));
        var policy = header(page, "Content-Security-Policy");
        assertTrue(policy.contains("script-src 'self' 'sha256-" + hash + "';"), policy);
        assertTrue(policy.contains("require-trusted-types-for 'script'; trusted-types lit-html parley"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        var at = found("\"lit\":\"([^\"]+)\"", map);
        assertEquals(200, get(at).statusCode(), at);
    }

    private static byte[] sha256(String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileIsKeptForEverUnderTheDigestOfAllAndSentCompressed() throws Exception {
        var start = found("src=\"(/assets/[0-9a-f]+/start.js)\"", text(get("/", "Accept", "text/html")));
        var plain = get(start);
        assertEquals("public, max-age=31536000, immutable", header(plain, "Cache-Control"));
        assertEquals("text/javascript; charset=utf-8", header(plain, "Content-Type"));
        var gzipped = get(start, "Accept-Encoding", "br, gzip");
        assertEquals("gzip", header(gzipped, "Content-Encoding"));
        assertEquals("Accept-Encoding", header(gzipped, "Vary"));
        try (var unzipped = new GZIPInputStream(new java.io.ByteArrayInputStream(gzipped.body()))) {
            assertEquals(text(plain), new String(unzipped.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                404,
                get(start.replaceFirst("/assets/[0-9a-f]+", "/assets/0000")).statusCode());
        assertEquals(404, get(start.replace("start.js", "../index.html")).statusCode());
    }

    @Test
    void thePageIsToldWhetherThereIsASessionToAskFor() throws Exception {
        var visitor = get("/", "Accept", "text/html");
        assertTrue(text(visitor).contains("name=\"parley-session\" content=\"none\""));
        var known = get("/", "Accept", "text/html", "Cookie", Callers.COOKIE + "=something");
        assertTrue(text(known).contains("name=\"parley-session\" content=\"perhaps\""));
        assertFalse(header(visitor, "ETag").equals(header(known, "ETag")));
        assertEquals(
                304,
                get("/", "Accept", "text/html", "If-None-Match", header(visitor, "ETag"))
                        .statusCode());
        assertEquals(
                200,
                get("/", "Accept", "text/html", "If-None-Match", header(known, "ETag"))
                        .statusCode());
    }

    /// Everything that a browser can ever be sent, with the library and what only admins open.
    @Test
    void theFilesStayWithinTheirBudget() {
        var assets = Assets.load();
        long scripts = 0;
        for (var path : assets.paths()) {
            if (path.endsWith(".js")) {
                long octets = assets.file(path).orElseThrow().gzipped().length;
                System.out.println("page: " + path + " " + octets + " octets gzipped");
                scripts += octets;
            }
        }
        long style = assets.file("style.css").orElseThrow().gzipped().length;
        System.out.println("page: scripts " + scripts + " octets gzipped, style " + style);
        assertTrue(scripts <= 80_000, "scripts have " + scripts + " octets");
        assertTrue(style <= 12_000, "the style sheet has " + style + " octets");
    }
}
