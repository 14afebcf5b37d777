package dev.parley.http;

import dev.parley.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The static pages, from the class path under `web`. They are part of the program and do not
/// change while it runs.
final class Pages {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "webmanifest", "application/manifest+json");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*\\.([a-z0-9]+)");

    /// Nothing from elsewhere, no script or style in the page itself.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'";

    Response index(Request request) {
        return file(request, "index.html");
    }

    Response asset(Request request) {
        return NAME.matcher(request.variable("name")).matches()
                ? file(request, "assets/" + request.variable("name"))
                : Response.problem(Problem.notFound());
    }

    Response html(String html) {
        return Response.text(200, "text/html; charset=utf-8", html).with("Content-Security-Policy", POLICY);
    }

    private static Response file(Request request, String path) {
        var name = NAME.matcher(path.substring(path.lastIndexOf('/') + 1));
        if (!name.matches()) {
            return Response.problem(Problem.notFound());
        }
        var type = Optional.ofNullable(TYPES.get(name.group(1)));
        var octets = type.flatMap(_ -> resource(path));
        if (octets.isEmpty()) {
            return Response.problem(Problem.notFound());
        }
        var tag = "\"" + digest(octets.get()) + "\"";
        var response = request.header("If-None-Match").filter(tag::equals).isPresent()
                ? Response.of(304, "", new byte[0])
                : Response.of(200, type.get(), octets.get());
        return response.with("ETag", tag).with("Cache-Control", "no-cache").with("Content-Security-Policy", POLICY);
    }

    private static Optional<byte[]> resource(String path) {
        try (var stream = Pages.class.getResourceAsStream("/web/" + path)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page " + path + " of this very program", e);
        }
    }

    private static String digest(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Text for between tags or in a double-quoted attribute.
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
