package dev.parley.http;

import dev.parley.http.Route.Parameter.Kind;
import dev.parley.http.Route.Takes;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The reference as OpenAPI 3.1, made from the route table.
final class OpenApi {

    /// What stands beside the routes and their records.
    private static final String FRAME =
            """
            {
              "openapi": "3.1.0",
              "info": {
                "title": "Parley",
                "version": "1",
                "description": "A self-hosted SMS gateway whose unit of work is the group conversation. Ids are opaque \
            texts, times are RFC 3339 in UTC, what is absent is null. Every refusal is a problem (RFC 9457) with a \
            stable code.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
              },
              "servers": [{"url": "/"}],
              "security": [{"token": []}, {"session": []}],
              "components": {
                "responses": {"Problem": {
                  "description": "Refused: `code` says why to a program, `detail` to a person, `field` where.",
                  "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
                }},
                "parameters": {"IdempotencyKey": {
                  "name": "%s",
                  "in": "header",
                  "description": "The same key with the same request gets the first answer for %s hours, another \
            request with it 409.",
                  "schema": {"type": "string", "maxLength": 255}
                }},
                "securitySchemes": {
                  "token": {"type": "http", "scheme": "bearer"},
                  "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "%s",
                    "description": "Set by POST /api/v1/session. All but GET also need the header %s."
                  }
                }
              }
            }
            """.formatted(Idempotency.HEADER, Idempotency.KEPT.toHours(), Callers.COOKIE, Router.CSRF_HEADER);

    private final List<Route> routes;
    private final FieldSentences sentences = new FieldSentences();
    private final Schemas schemas = new Schemas(sentences);

    OpenApi(List<Route> routes) {
        this.routes = routes;
    }

    JsonNode document() {
        var paths = new LinkedHashMap<String, Map<String, Object>>();
        for (var route : routes) {
            paths.computeIfAbsent(route.pattern.text(), _ -> new LinkedHashMap<>())
                    .put(route.method.toLowerCase(Locale.ROOT), operation(route));
        }
        schemas.answer(Response.ProblemBody.class);
        var document = Json.mapper().readTree(FRAME).asObject();
        document.set("paths", Json.mapper().valueToTree(paths));
        document.withObject("components").set("schemas", Json.mapper().valueToTree(schemas.components()));
        return document;
    }

    private Map<String, Object> operation(Route route) {
        var operation = new LinkedHashMap<String, Object>();
        operation.put("operationId", route.name);
        operation.put("tags", List.of(route.tag()));
        operation.put("summary", route.summary);
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
            var parameter =
                    parameter(variable, "path", sentences.of("path", variable).orElse(""), Kind.TEXT);
            parameter.put("required", true);
            parameters.add(parameter);
        }
        for (var parameter : route.parameters.values()) {
            parameters.add(parameter(parameter.name(), "query", parameter.says(), parameter.kind()));
        }
        if (route.method.equals("POST") && route.access() != Route.Access.ANYBODY) {
            parameters.add(Map.of("$ref", "#/components/parameters/IdempotencyKey"));
        }
        return parameters;
    }

    private static Map<String, Object> parameter(String name, String in, String description, Kind kind) {
        var parameter = new LinkedHashMap<String, Object>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("description", description);
        parameter.put(
                "schema",
                switch (kind) {
                    case TEXT -> Map.of("type", "string");
                    case NUMBER -> Map.of("type", "integer");
                    case FLAG -> Map.of("type", "boolean");
                    case TIME -> Map.of("type", "string", "format", "date-time");
                });
        return parameter;
    }

    private Map<String, Object> body(Takes takes) {
        return switch (takes) {
            case Takes.Json(var type, boolean required) ->
                Map.of("required", required, "content", content(Response.JSON, schemas.body(type)));
            case Takes.Csv(var says) -> {
                var content = content("text/csv", Map.of("type", "string"));
                yield Map.of("required", true, "description", says, "content", content);
            }
        };
    }

    private Map<String, Object> responses(Route route) {
        var responses = new LinkedHashMap<String, Object>();
        responses.put(Integer.toString(route.status), answer(route.status, route.answers));
        route.alsoAnswers.forEach((status, shape) -> responses.put(Integer.toString(status), answer(status, shape)));
        responses.put("default", Map.of("$ref", "#/components/responses/Problem"));
        return responses;
    }

    private Map<String, Object> answer(int status, Shape shape) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("description", HttpResponseStatus.valueOf(status).reasonPhrase());
        switch (shape) {
            case Shape.Of(var type) -> answer.put("content", content(Response.JSON, schemas.answer(type)));
            case Shape.AnyOf(var types) -> {
                var each = types.stream().map(schemas::answer).toList();
                answer.put("content", content(Response.JSON, Map.of("anyOf", each)));
            }
            case Shape.PageOf(var item) -> answer.put("content", content(Response.JSON, schemas.page(item)));
            case Shape.Plain(var contentType) -> answer.put("content", content(contentType, Map.of()));
            case Shape.Nothing() -> {
                // no content
            }
        }
        return answer;
    }

    private static Map<String, Object> content(String type, Map<String, Object> schema) {
        return Map.of(type, Map.of("schema", schema));
    }
}
