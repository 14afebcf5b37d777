package dev.parley.cli;

import dev.parley.config.Config;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON API over HTTP, as a client sees it: the daemon's, or the simulated network's.
final class Api implements AutoCloseable {

    /// The daemon answers in milliseconds; a database that comes back may hold it for seconds.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String base;
    private final Optional<String> token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();

    /// @param base `http://HOST:PORT`
    Api(String base, Optional<String> token) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.token = token;
    }

    /// The token to use: the one given, else that of the environment, else the one that was saved.
    static Optional<String> token(@Nullable String given) {
        return Optional.ofNullable(given)
                .or(() -> Optional.ofNullable(System.getenv("PARLEY_TOKEN")))
                .filter(secret -> !secret.isBlank())
                .or(() -> TokenFile.read(System.getenv()))
                .filter(secret -> !secret.isBlank());
    }

    /// @throws Failure that says how to come by a token, where there is none
    static String requireToken(@Nullable String given) {
        return token(given)
                .orElseThrow(() -> new Failure("say --token, or set PARLEY_TOKEN; parley token add makes a token, and"
                        + " with --save keeps it for the commands to find"));
    }

    /// Where the daemon of this configuration listens, as seen from this machine.
    static String urlOf(Config config) {
        var listen = config.http().listen();
        if (listen.getPort() == 0) {
            throw new Failure(config.file()
                    + " lets the daemon take any free port (http.listen has port 0); say --url with what it printed");
        }
        var host = switch (listen.getHostString()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            case String name when name.contains(":") -> "[" + name + "]";
            case String name -> name;
        };
        return (config.http().tls().isPresent() ? "https" : "http") + "://" + host + ":" + listen.getPort();
    }

    static String pathOfLink(String name) {
        return "/api/v1/links/"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// An answer, whatever its status.
    record Answer(int status, JsonNode body) {

        boolean isDone() {
            return status >= 200 && status < 300;
        }

        /// What it says, where the API did what it was asked for.
        ///
        /// @param otherwise begins the sentence of the failure, such as "not sent: "
        JsonNode orFail(String otherwise) {
            if (!isDone()) {
                throw new Failure(otherwise + refusal());
            }
            return body;
        }

        /// Of a list of lines, the id of the one that a person means by its number, its name or its id.
        /// One that is none is left to the daemon to refuse.
        String lineOf(String wanted) {
            return body.path("items")
                    .valueStream()
                    .filter(each -> each.path("number").asString("").equals(wanted)
                            || each.path("name").asString("").equalsIgnoreCase(wanted))
                    .map(each -> each.path("id").asString(""))
                    .findFirst()
                    .orElse(wanted);
        }

        /// What went wrong, as a problem says it (RFC 9457 §3.1.4) or else as HTTP does.
        String refusal() {
            var detail = body.path("detail").asString("");
            return detail.isEmpty() ? "HTTP status " + status : detail;
        }
    }

    Answer get(String path) throws IOException {
        return send(request(path).GET());
    }

    Answer post(String path, Object body) throws IOException {
        return send(request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    Answer put(String path, Object body) throws IOException {
        return send(request(path).PUT(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/json");
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + base, e);
        }
    }

    private static JsonNode json(String body) {
        try {
            return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException _) {
            return JSON.createObjectNode();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
