package dev.parley.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of one JSON API.
///
/// @param base `http://HOST:PORT`
/// @param token sent as a bearer token where there is one
public record Json(String base, Optional<String> token) {

    public static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /// An answer, whatever its status.
    public record Answer(int status, JsonNode body) {

        /// The body of an answer that must be a success.
        public JsonNode ok() {
            if (status < 200 || status > 299) {
                throw new AssertionError("status " + status + ": " + body);
            }
            return body;
        }

        /// The `code` of a problem.
        public String code() {
            return body.path("code").asString("");
        }
    }

    public Answer get(String path) {
        return send("GET", path, Optional.empty());
    }

    public Answer post(String path, Object body) {
        return send("POST", path, Optional.of(body));
    }

    public Answer put(String path, Object body) {
        return send("PUT", path, Optional.of(body));
    }

    public Answer patch(String path, Object body) {
        return send("PATCH", path, Optional.of(body));
    }

    public Answer delete(String path) {
        return send("DELETE", path, Optional.empty());
    }

    private Answer send(String method, String path, Optional<Object> body) {
        try {
            return trySend(method, path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + base + path, e);
        }
    }

    /// Like the others, for callers who wait until somebody answers.
    ///
    /// @throws IOException where nobody does
    public Answer trySend(String method, String path, Optional<Object> body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isPresent()
                                ? BodyPublishers.ofString(MAPPER.writeValueAsString(body.get()))
                                : BodyPublishers.noBody());
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try {
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            var text = response.body();
            return new Answer(
                    response.statusCode(), text.isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(text));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
