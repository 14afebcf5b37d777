package dev.parley.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The reference as a page, made from the OpenAPI document.
final class ReferencePage {
    private final JsonNode document;
    private final StringBuilder html = new StringBuilder();

    ReferencePage(JsonNode document) {
        this.document = document;
    }

    private record Operation(String method, String path, JsonNode node) {}

    String html() {
        html.append("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Parley: the API</title>
                <link rel="stylesheet" href="/assets/reference.css">
                </head>
                <body>
                <main>
                <h1>The API</h1>
                """);
        text("p", document.path("info").path("description").asString(""));
        html.append("<p>As <a href=\"/openapi.json\">OpenAPI 3.1</a>. Send <code>Authorization: Bearer TOKEN</code>;")
                .append(" lists take <code>limit</code> and <code>cursor</code>.</p>\n");
        byTag().forEach((tag, operations) -> {
            text("h2", tag);
            operations.forEach(this::operation);
        });
        text("h2", "Objects");
        document.path("components").path("schemas").properties().forEach(schema -> {
            section(schema.getKey());
            text("h3", schema.getKey());
            fields(schema.getValue());
            html.append("</section>\n");
        });
        html.append("</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private Map<String, List<Operation>> byTag() {
        var byTag = new LinkedHashMap<String, List<Operation>>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> byTag.computeIfAbsent(
                                        method.getValue().path("tags").path(0).asString(""), _ -> new ArrayList<>())
                                .add(new Operation(
                                        method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return byTag;
    }

    private void operation(Operation operation) {
        var node = operation.node;
        section(node.path("operationId").asString(""));
        html.append("<h3><code>%s %s</code></h3>\n"
                .formatted(Pages.escaped(operation.method), Pages.escaped(operation.path)));
        text("p", node.path("summary").asString("") + (node.has("description") ? " For admins." : ""));
        if (node.has("parameters")) {
            html.append("<dl>\n");
            for (var parameter : node.path("parameters")) {
                if (parameter.has("name")) {
                    text("dt", parameter.path("name").asString(""));
                    text("dd", parameter.path("description").asString("In the path."));
                }
            }
            html.append("</dl>\n");
        }
        content("Takes", node.path("requestBody").path("content"));
        node.path("responses").properties().forEach(response -> {
            if (!response.getKey().equals("default")) {
                content("Answers " + response.getKey(), response.getValue().path("content"));
            }
        });
        html.append("</section>\n");
    }

    private void content(String label, JsonNode content) {
        if (content.isMissingNode()) {
            text("p", label);
        }
        content.properties()
                .forEach(type -> html.append("<p>%s: %s</p>\n"
                        .formatted(Pages.escaped(label), type(type.getValue().path("schema"), type.getKey()))));
    }

    private void fields(JsonNode schema) {
        html.append("<table>\n");
        schema.path("properties")
                .properties()
                .forEach(field -> html.append("<tr><th scope=\"row\"><code>%s</code></th><td>%s</td></tr>\n"
                        .formatted(Pages.escaped(field.getKey()), type(field.getValue(), "anything"))));
        html.append("</table>\n");
    }

    private static String type(JsonNode schema, String otherwise) {
        if (schema.has("$ref")) {
            var reference = schema.path("$ref").asString("");
            var name = Pages.escaped(reference.substring(reference.lastIndexOf('/') + 1));
            return "<a href=\"#" + name + "\">" + name + "</a>";
        }
        if (schema.has("anyOf")) {
            return type(schema.path("anyOf").path(0), otherwise) + " or null";
        }
        if (schema.has("enum")) {
            var words = new ArrayList<String>();
            schema.path("enum").forEach(word -> words.add("<code>" + Pages.escaped(word.asString("null")) + "</code>"));
            return String.join(", ", words);
        }
        var type = schema.path("type");
        if (type.isArray()) {
            return Pages.escaped(type.path(0).asString("")) + " or null";
        }
        return switch (type.asString("")) {
            case "array" -> "list of " + type(schema.path("items"), "anything");
            case "object" ->
                schema.path("properties").has("items")
                        ? "page of "
                                + type(schema.path("properties").path("items").path("items"), "anything")
                        : "object";
            case "" -> Pages.escaped(otherwise);
            default -> Pages.escaped(schema.path("format").asString(type.asString("")));
        };
    }

    private void section(String id) {
        html.append("<section id=\"%s\">\n".formatted(Pages.escaped(id)));
    }

    private void text(String tag, String text) {
        html.append("<%s>%s</%s>\n".formatted(tag, Pages.escaped(text), tag));
    }
}
