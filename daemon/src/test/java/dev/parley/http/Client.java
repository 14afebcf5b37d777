package dev.parley.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A program that uses the API, and holds every answer that it gets against the reference.
final class Client {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String base;
    private final Optional<String> token;
    private final Reference reference;

    Client(String base, Optional<String> token) {
        this.base = base;
        this.token = token;
        this.reference = Reference.of(base);
    }

    record Answer(int status, HttpResponse<String> http, JsonNode body) {

        Answer is(int expected) {
            assertEquals(expected, status, () -> http.request().method() + " " + http.uri() + ": " + http.body());
            return this;
        }

        /// Refused with this status, this code, and this field named.
        void refused(int expected, String code, String field) {
            is(expected);
            assertEquals("application/problem+json", header("Content-Type"));
            assertEquals(code, body.path("code").asString(""), http.body());
            assertEquals(field, body.path("field").asString(""), http.body());
            assertEquals(expected, body.path("status").asInt());
        }

        void refused(int expected, String code) {
            refused(expected, code, "");
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        String text(String pointer) {
            return body.at(pointer).asString("");
        }

        String id() {
            return text("/id");
        }
    }

    HttpRequest.Builder to(String path) {
        var builder = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        token.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
        return builder;
    }

    Answer get(String path) {
        return send(to(path).GET());
    }

    Answer delete(String path) {
        return send(to(path).DELETE());
    }

    Answer post(String path, String json) {
        return send("POST", path, json);
    }

    Answer post(String path) {
        return send(to(path).POST(BodyPublishers.noBody()));
    }

    Answer patch(String path, String json) {
        return send("PATCH", path, json);
    }

    Answer send(String method, String path, String json) {
        return send(to(path).header("Content-Type", "application/json").method(method, BodyPublishers.ofString(json)));
    }

    Answer once(String key, String path, String json) {
        return send(to(path).header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(json)));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            var http = HTTP.send(request.build(), BodyHandlers.ofString());
            var type = http.headers().firstValue("Content-Type").orElse("");
            var body = type.contains("json")
                            && !type.contains("jsonl")
                            && !http.body().isEmpty()
                    ? Json.mapper().readTree(http.body())
                    : MissingNode.getInstance();
            var answer = new Answer(http.statusCode(), http, body);
            reference.judge(http.request().method(), http.uri().getRawPath(), answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
