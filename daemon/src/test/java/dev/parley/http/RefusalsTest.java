package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Every route of the reference is sent what it must refuse, and names the field. What is right of a
/// request stays right, so that a route is refused for the one thing that is wrong.
class RefusalsTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final Client ANYBODY = DAEMON.anonymous();
    private static final JsonNode DOCUMENT = Reference.of(DAEMON.server.url()).document();

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    record Operation(String method, String pattern, JsonNode says) {
        /// Its path, with what there is in place of its variables.
        String path() {
            return pattern.replace("{name}", pattern.startsWith("/assets") ? "reference.css" : "modem-1")
                    .replaceAll("\\{[a-z]+}", "1");
        }

        boolean isOpen() {
            return says.path("security").isArray() && says.path("security").isEmpty();
        }

        /// The schema of the JSON that it takes.
        Optional<JsonNode> takes() {
            var schema = says.at("/requestBody/content/application~1json/schema");
            return schema.isMissingNode() ? Optional.empty() : Optional.of(resolved(schema));
        }

        Client.Answer send(Client client, String body) {
            return client.send(method, path(), body);
        }
    }

    private static JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? DOCUMENT.at(schema.path("$ref").asString().substring(1)) : schema;
    }

    private static List<Operation> operations() {
        var all = new ArrayList<Operation>();
        for (var path : DOCUMENT.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                all.add(new Operation(
                        operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()));
            }
        }
        return all;
    }

    /// Those that take JSON.
    private static void eachThatTakesJson(Consumer<Operation> check) {
        int checked = 0;
        for (var operation : operations()) {
            if (operation.takes().isPresent()) {
                check.accept(operation);
                checked++;
            }
        }
        assertTrue(checked >= 12, checked + " operations take JSON");
    }

    @Test
    void whoDoesNotSayWhoItIsGetsNothing() {
        var stranger = new Client(DAEMON.server.url(), Optional.of("parley_nobody"));
        int closed = 0;
        for (var operation : operations()) {
            if (!operation.isOpen()) {
                operation.send(ANYBODY, "{}").refused(401, "unauthenticated");
                operation.send(stranger, "{}").refused(401, "unauthenticated");
                closed++;
            }
        }
        assertTrue(closed >= 40, closed + " operations are for users");
    }

    @Test
    void whatIsForAdminsIsRefusedToMembers() {
        var member = DAEMON.client(DAEMON.user("member", Role.MEMBER, AccessScope.ALL, Set.of()));
        for (var operation : operations()) {
            if (operation.says().path("description").asString("").contains("For admins")) {
                operation.send(member, "{}").refused(403, "forbidden");
            }
        }
    }

    @Test
    void parametersThatNobodyKnowsAreRefused() {
        for (var operation : operations()) {
            // A sign-out would end the admin's way in; it takes no parameter as no other does.
            ADMIN.send(operation.method(), operation.path() + "?nonsense=1", "{}")
                    .refused(400, "unknown-parameter", "nonsense");
        }
    }

    @Test
    void whatHasNoSuchIdDoesNotExist() {
        for (var operation : operations()) {
            if (!operation.pattern().contains("{id}")) {
                continue;
            }
            for (var id : List.of("zz", "0", "-1", "999999999", "99999999999999999999", "1%00", "%F0%9F%98%80")) {
                var path = operation.pattern().replace("{id}", id);
                var body = operation.takes().map(RefusalsTest::right).orElse("{}");
                var answer = ADMIN.send(operation.method(), path, body);
                answer.refused(404, "not-found");
                if (operation.method().equals("POST")) {
                    ADMIN.once(path, path, body).refused(404, "not-found");
                }
            }
        }
    }

    @Test
    void bodiesThatAreNoJsonObjectAreRefused() {
        eachThatTakesJson(operation -> {
            operation.send(ADMIN, "{\"a\":").refused(400, "bad-json");
            operation.send(ADMIN, "[]").refused(400, "wrong-type", "body");
            operation.send(ADMIN, "null").refused(400, "wrong-type", "body");
            operation.send(ADMIN, "{\"nonsense\":1}").refused(400, "unknown-field", "nonsense");
            ADMIN.send(ADMIN.to(operation.path())
                            .header("Content-Type", "application/json")
                            .method(
                                    operation.method(),
                                    BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xC3, '(', '"', '}'})))
                    .refused(400, "bad-utf-8", "body");
            ADMIN.send(ADMIN.to(operation.path())
                            .header("Content-Type", "text/plain")
                            .method(operation.method(), BodyPublishers.ofString("{}")))
                    .refused(415, "unsupported-media-type", "Content-Type");
            operation
                    .send(ADMIN, "{\"a\":\"" + "x".repeat(Route.OCTETS_MAX) + "\"}")
                    .refused(413, "body-too-large");
        });
    }

    @Test
    void aFieldThatIsMissingIsNamed() {
        eachThatTakesJson(operation -> {
            var schema = operation.takes().orElseThrow();
            for (var required : schema.path("required")) {
                var body = (ObjectNode) Json.mapper().readTree(right(schema));
                body.remove(required.asString());
                operation.send(ADMIN, body.toString()).refused(400, "missing-field", required.asString());
                body.putNull(required.asString());
                operation.send(ADMIN, body.toString()).refused(400, "missing-field", required.asString());
            }
        });
    }

    @Test
    void aFieldOfAnotherTypeIsNamed() {
        eachThatTakesJson(operation -> {
            var schema = operation.takes().orElseThrow();
            for (var property : schema.path("properties").properties()) {
                var shape = resolved(property.getValue());
                if (shape.isEmpty() || (shape.size() == 1 && shape.has("description"))) {
                    continue; // anything at all is refused there for another reason
                }
                var body = (ObjectNode) Json.mapper().readTree(right(schema));
                body.put(property.getKey(), 1.5);
                var answer = operation.send(ADMIN, body.toString());
                answer.refused(400, "wrong-type", property.getKey());
            }
        });
    }

    /// A body with what is required, of the right types.
    private static String right(JsonNode schema) {
        var body = Json.mapper().createObjectNode();
        for (var required : schema.path("required")) {
            var property = resolved(schema.path("properties").path(required.asString()));
            var types = property.path("type");
            var type = types.isArray() ? types.get(0).asString() : types.asString();
            switch (type) {
                case "array" -> body.putArray(required.asString());
                case "boolean" -> body.put(required.asString(), true);
                case "integer" -> body.put(required.asString(), 1);
                default -> {
                    assertEquals("string", type, required.asString());
                    body.put(
                            required.asString(),
                            property.has("enum") ? property.path("enum").get(0).asString() : "1");
                }
            }
        }
        return body.toString();
    }
}
