package dev.parley.sim.control;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/// `GET /`: the page that shows the network's phones, modems and SMSC. It knows nothing of the gateway: names, lines
/// and the gateway's address come in its URL.
final class NetworkPage {

    private record Asset(String resource, String type) {}

    private static final Map<String, Asset> ASSETS = Map.of(
            "/", new Asset("/page/index.html", "text/html; charset=utf-8"),
            "/page/network.js", new Asset("/page/network.js", "text/javascript; charset=utf-8"),
            "/page/network.css", new Asset("/page/network.css", "text/css; charset=utf-8"),
            "/page/tokens.css", new Asset("/page/style/tokens.css", "text/css; charset=utf-8"),
            "/page/base.css", new Asset("/page/style/base.css", "text/css; charset=utf-8"));

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'";

    /// Answers the request if it is for the page.
    ///
    /// @return whether it was
    boolean serves(HttpExchange http) throws IOException {
        var asset = ASSETS.get(http.getRequestURI().getPath());
        boolean head = http.getRequestMethod().equals("HEAD");
        if (asset == null || !(head || http.getRequestMethod().equals("GET"))) {
            return false;
        }
        try (var in = NetworkPage.class.getResourceAsStream(asset.resource())) {
            if (in == null) {
                return false;
            }
            var body = in.readAllBytes();
            var headers = http.getResponseHeaders();
            headers.set("Content-Type", asset.type());
            headers.set("Content-Security-Policy", POLICY);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Cache-Control", "no-cache");
            http.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) {
                http.getResponseBody().write(body);
            }
        }
        return true;
    }
}
