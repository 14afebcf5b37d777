package dev.parley.http;

import dev.parley.http.Route.Parameter.Kind;
import dev.parley.http.Route.Takes;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The reference as OpenAPI 3.1, made from the route table.
final class OpenApi {
    private final List<Route> routes;
    private final FieldSentences sentences = new FieldSentences();
    private final Schemas schemas = new Schemas(sentences);

    OpenApi(List<Route> routes) {
        this.routes = routes;
    }

    Map<String, Object> document() {
        var document = map(
                "openapi", "3.1.0",
                "info", map(
                        "title", "Parley",
                        "version", "1",
                        "description",
                                "A self-hosted SMS gateway whose unit of work is the group conversation. Ids are opaque"
                                        + " texts, times are RFC 3339 in UTC, what is absent is null. Every refusal is a"
                                        + " problem (RFC 9457) with a stable code.",
                        "license", map("name", "Apache-2.0", "identifier", "Apache-2.0")));
        document.put("servers", List.of(Map.of("url", "/")));
        document.put("security", List.of(Map.of("token", List.of()), Map.of("session", List.of())));
        var paths = new LinkedHashMap<String, Map<String, Object>>();
        for (var route : routes) {
            paths.computeIfAbsent(route.pattern.text(), _ -> new LinkedHashMap<>())
                    .put(route.method.toLowerCase(Locale.ROOT), operation(route));
        }
        document.put("paths", paths);
        document.put("components", components());
        return document;
    }

    private Map<String, Object> operation(Route route) {
        var operation = map("operationId", route.name, "tags", List.of(route.tag()), "summary", route.summary);
        if (route.access() == Route.Access.ADMIN) {
            operation.put("description", "For admins.");
        }
        var parameters = parameters(route);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        route.takes.ifPresent(takes -> operation.put("requestBody", body(takes)));
        operation.put("responses", responses(route));
        if (route.access() == Route.Access.ANYBODY) {
            operation.put("security", List.of());
        }
        return operation;
    }

    private List<Object> parameters(Route route) {
        var parameters = new ArrayList<Object>();
        for (var variable : route.pattern.variables()) {
            parameters.add(map(
                    "name", variable,
                    "in", "path",
                    "required", true,
                    "description", sentences.of("path", variable).orElse(""),
                    "schema", Map.of("type", "string")));
        }
        for (var parameter : route.parameters.values()) {
            parameters.add(map(
                    "name", parameter.name(),
                    "in", "query",
                    "description", parameter.says(),
                    "schema", schema(parameter.kind())));
        }
        if (route.method.equals("POST") && route.access() != Route.Access.ANYBODY) {
            parameters.add(Map.of("$ref", "#/components/parameters/IdempotencyKey"));
        }
        return parameters;
    }

    private static Map<String, Object> schema(Kind kind) {
        return switch (kind) {
            case TEXT -> map("type", "string");
            case NUMBER -> map("type", "integer");
            case FLAG -> map("type", "boolean");
            case TIME -> map("type", "string", "format", "date-time");
        };
    }

    private Map<String, Object> body(Takes takes) {
        return switch (takes) {
            case Takes.Json(var type, boolean required) ->
                map("required", required, "content", Map.of(Response.JSON, Map.of("schema", schemas.body(type))));
            case Takes.Csv(var says) ->
                map(
                        "required", true,
                        "description", says,
                        "content", Map.of("text/csv", Map.of("schema", map("type", "string"))));
        };
    }

    private Map<String, Object> responses(Route route) {
        var responses = map(Integer.toString(route.status), answer(route.status, route.answers));
        route.alsoAnswers.forEach((status, shape) -> responses.put(Integer.toString(status), answer(status, shape)));
        responses.put("default", Map.of("$ref", "#/components/responses/Problem"));
        return responses;
    }

    private Map<String, Object> answer(int status, Shape shape) {
        var answer = map("description", HttpResponseStatus.valueOf(status).reasonPhrase());
        switch (shape) {
            case Shape.Of(var type) -> answer.put("content", json(schemas.answer(type)));
            case Shape.AnyOf(var types) ->
                answer.put(
                        "content",
                        json(map("anyOf", types.stream().map(schemas::answer).toList())));
            case Shape.PageOf(var item) -> answer.put("content", json(schemas.page(item)));
            case Shape.Plain(var contentType) -> answer.put("content", Map.of(contentType, Map.of("schema", Map.of())));
            case Shape.Nothing() -> {
                // no content
            }
        }
        return answer;
    }

    private static Map<String, Object> json(Map<String, Object> schema) {
        return Map.of(Response.JSON, Map.of("schema", schema));
    }

    private Map<String, Object> components() {
        var problem = schemas.answer(Response.ProblemBody.class);
        return map(
                "schemas", schemas.components(),
                "responses",
                        Map.of(
                                "Problem",
                                map(
                                        "description",
                                                "Refused: `code` says why to a program, `detail` to a person, `field` where.",
                                        "content", Map.of("application/problem+json", Map.of("schema", problem)))),
                "parameters",
                        Map.of(
                                "IdempotencyKey",
                                map(
                                        "name", Idempotency.HEADER,
                                        "in", "header",
                                        "description",
                                                "The same key with the same request gets the first answer for "
                                                        + Idempotency.KEPT.toHours()
                                                        + " hours, another request with it 409.",
                                        "schema", map("type", "string", "maxLength", 255))),
                "securitySchemes",
                        Map.of(
                                "token", map("type", "http", "scheme", "bearer"),
                                "session",
                                        map(
                                                "type", "apiKey",
                                                "in", "cookie",
                                                "name", Callers.COOKIE,
                                                "description",
                                                        "Set by POST /api/v1/session. All but GET also need the header "
                                                                + Router.CSRF_HEADER + ".")));
    }

    /// A map that keeps this order.
    private static Map<String, Object> map(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
