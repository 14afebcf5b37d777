package dev.parley.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// `/openapi.json` as a client reads it: judges answers by it. Knows the words of JSON Schema
/// that it uses, and fails at others.
final class Reference {
    private static final Map<String, Reference> KNOWN = new ConcurrentHashMap<>();

    private final JsonNode document;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    private Reference(JsonNode document) {
        this.document = document;
    }

    static Reference of(String base) {
        return KNOWN.computeIfAbsent(base, Reference::read);
    }

    private static Reference read(String base) {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(base + "/openapi.json")).build(), BodyHandlers.ofString());
            return new Reference(Json.mapper().readTree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode document() {
        return document;
    }

    /// The operations that were answered as they should be, not with a problem: `GET /healthz`.
    Set<String> answered() {
        return answered;
    }

    Set<String> operations() {
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().propertyNames().stream()
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Fails if the reference does not say that there can be such an answer.
    void judge(String method, String path, Client.Answer answer) {
        var pattern = pattern(path, method);
        if (pattern.isEmpty()) {
            assertTrue(answer.status() >= 400 || method.equals("OPTIONS"), () -> method + " " + path + " is not in it");
            judgeProblem(method, answer);
            return;
        }
        var operation = document.path("paths")
                .path(pattern.get())
                .path(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT));
        var response = operation.path("responses").path(Integer.toString(answer.status()));
        if (response.isMissingNode() && answer.status() == 304) {
            return;
        }
        if (response.isMissingNode()) {
            judgeProblem(method, answer);
            return;
        }
        answered.add(method + " " + pattern.get());
        var content = response.path("content");
        if (content.isMissingNode()) {
            assertEquals("", answer.http().body());
            return;
        }
        var type = answer.header("Content-Type").split(";", 2)[0];
        var media = content.path(type);
        assertTrue(
                !media.isMissingNode() || pattern.get().startsWith("/assets"), () -> pattern.get() + " has no " + type);
        if (!method.equals("HEAD")) {
            var faults = new ArrayList<String>();
            judge(answer.body(), media.path("schema"), pattern.get(), faults);
            assertEquals(List.of(), faults);
        }
    }

    private void judgeProblem(String method, Client.Answer answer) {
        if (answer.status() == 204 && method.equals("OPTIONS")) {
            return;
        }
        assertTrue(answer.status() >= 400, () -> answer.status() + " is not in the reference");
        assertEquals("application/problem+json", answer.header("Content-Type"));
        if (!method.equals("HEAD")) {
            var faults = new ArrayList<String>();
            judge(answer.body(), document.at("/components/schemas/ProblemBody"), "problem", faults);
            assertEquals(List.of(), faults);
        }
    }

    private Optional<String> pattern(String path, String method) {
        List<String> segments;
        try {
            segments = PathPattern.segmentsOf(path);
        } catch (Refused _) {
            return Optional.empty();
        }
        return document.path("paths").properties().stream()
                .filter(known -> PathPattern.of(known.getKey()).match(segments).isPresent())
                .filter(known -> known.getValue().has(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static final Set<String> WORDS = Set.of(
            "$ref",
            "anyOf",
            "enum",
            "type",
            "format",
            "items",
            "properties",
            "required",
            "additionalProperties",
            "description");

    void judge(@Nullable JsonNode value, JsonNode schema, String at, List<String> faults) {
        for (var word : schema.propertyNames()) {
            assertTrue(WORDS.contains(word), word);
        }
        if (schema.isEmpty()) {
            return;
        }
        if (value == null || value.isMissingNode()) {
            faults.add(at + " is missing");
            return;
        }
        if (schema.has("$ref")) {
            judge(value, document.at(schema.path("$ref").asString("").substring(1)), at, faults);
            return;
        }
        if (schema.has("anyOf")) {
            boolean fits = false;
            for (var each : schema.path("anyOf")) {
                var its = new ArrayList<String>();
                judge(value, each, at, its);
                fits |= its.isEmpty();
            }
            if (!fits) {
                faults.add(at + " fits none: " + value);
            }
            return;
        }
        judgeType(value, schema, at, faults);
        if (value.isObject()) {
            judgeObject(value, schema, at, faults);
        }
        if (value.isArray()) {
            int index = 0;
            for (var item : value) {
                judge(item, schema.path("items"), at + "[" + index++ + "]", faults);
            }
        }
    }

    private static void judgeType(JsonNode value, JsonNode schema, String at, List<String> faults) {
        var types = new HashSet<String>();
        if (schema.path("type").isArray()) {
            schema.path("type").forEach(type -> types.add(type.asString("")));
        } else {
            types.add(schema.path("type").asString(""));
        }
        var is = switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case NULL -> "null";
            default -> value.getNodeType().toString();
        };
        if (!types.contains(is)) {
            faults.add(at + " is " + is + ", not " + types);
        }
        if (is.equals("string") && schema.path("format").asString("").equals("date-time")) {
            try {
                Instant.parse(value.asString());
            } catch (DateTimeParseException e) {
                faults.add(at + " is no time in UTC: " + value);
            }
        }
    }

    private void judgeObject(JsonNode value, JsonNode schema, String at, List<String> faults) {
        for (var name : schema.path("required")) {
            if (!value.has(name.asString())) {
                faults.add(at + "." + name.asString() + " is missing");
            }
        }
        for (var field : value.properties()) {
            var known = schema.path("properties").path(field.getKey());
            var others = schema.path("additionalProperties");
            if (!known.isMissingNode()) {
                judge(field.getValue(), known, at + "." + field.getKey(), faults);
            } else if (others.isObject()) {
                judge(field.getValue(), others, at + "." + field.getKey(), faults);
            } else {
                faults.add(at + "." + field.getKey() + " is not in the reference");
            }
        }
    }
}
