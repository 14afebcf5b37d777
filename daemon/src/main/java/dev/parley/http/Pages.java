package dev.parley.http;

import dev.parley.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The page and what it is made of, from [Assets], and the reference beside it. They are part of
/// the program and do not change while it runs.
///
/// Every path of the page is a real address (`/conversations/5`), so that whatever a browser asks
/// for as a page, and is no path of the API, is the page: it finds out itself whether there is
/// anything at that path.
final class Pages {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*\\.[a-z0-9]+");

    /// Nothing from elsewhere, no script or style in the page itself but the import map, whose
    /// digest stands for it. Only Lit's templates and the address of the shared worker may become
    /// markup or script (`require-trusted-types-for`).
    private static final String POLICY =
            "default-src 'none'; script-src 'self'%s; worker-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html parley";

    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final Assets assets = Assets.load();
    private final String policy = POLICY.formatted(" '" + assets.importMapHash() + "'");

    /// The page. It is told whether the browser has a session's cookie, which no script may read: a visitor
    /// without one is asked to sign in at once, and no request has to be refused first.
    Response index(Request request) {
        boolean known = Callers.credential(request).isPresent();
        var tag = "\"" + assets.digest() + (known ? "-known" : "") + "\"";
        return named(request, tag, known ? assets.indexOfKnown() : assets.index(), "Accept-Encoding, Cookie", policy);
    }

    /// What the reference is shown with; the page's own files have a digest in their path.
    Response asset(Request request) {
        var name = request.variable("name");
        var file = NAME.matcher(name).matches() ? assets.file("assets/" + name) : Optional.<Assets.File>empty();
        if (file.isEmpty()) {
            return Response.problem(Problem.notFound());
        }
        return named(request, "\"" + assets.digest() + "\"", file.get(), "Accept-Encoding", POLICY.formatted(""));
    }

    /// A file at an address that stays when the file changes.
    private static Response named(Request request, String tag, Assets.File file, String vary, String policy) {
        return (request.header("If-None-Match").filter(tag::equals).isPresent()
                        ? Response.of(304, "", new byte[0])
                        : written(request, file))
                .with("ETag", tag)
                .with("Cache-Control", "no-cache")
                .with("Vary", vary)
                .with("Content-Security-Policy", policy);
    }

    Response html(String html) {
        return Response.text(200, "text/html; charset=utf-8", html)
                .with("Content-Security-Policy", POLICY.formatted(""));
    }

    /// What is at a path that no route has: a file of the page, or the page for whoever wants one.
    Optional<Response> outsideTheRoutes(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Optional.empty();
        }
        var path = request.path();
        if (path.startsWith("/assets/")) {
            return assets.atPath(path)
                    .map(file -> written(request, file)
                            .with("Cache-Control", FOR_EVER)
                            .with("Vary", "Accept-Encoding")
                            .with("Content-Security-Policy", policy)); // a worker's comes with its script
        }
        boolean wantsPage = request.header("Accept")
                .map(types -> types.toLowerCase(Locale.ROOT).contains("text/html"))
                .orElse(false);
        return wantsPage && !path.startsWith("/api/") ? Optional.of(index(request)) : Optional.empty();
    }

    /// As it was made at the start, gzipped for whom that suits (RFC 9110 §12.5.3).
    private static Response written(Request request, Assets.File file) {
        boolean gzips = request.header("Accept-Encoding")
                .map(codings -> codings.toLowerCase(Locale.ROOT).contains("gzip"))
                .orElse(false);
        return gzips && file.gzipped().length < file.octets().length
                ? Response.of(200, file.type(), file.gzipped()).with("Content-Encoding", "gzip")
                : Response.of(200, file.type(), file.octets());
    }

    /// Text for between tags or in a double-quoted attribute.
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
