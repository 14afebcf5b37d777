package dev.parley.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes JSON Schema (2020-12, as OpenAPI 3.1 has it) of the records that bodies are read into
/// and answers written from. A record stands once under `components`, by its simple name.
final class Schemas {

    /// A body's fields may be left out where they are optional, and others are refused; an
    /// answer has every field it ever has, and may get more.
    private enum Side {
        BODY,
        ANSWER
    }

    /// Of what is no record, list or the like.
    private static final Map<Type, Map<String, Object>> PLAIN = Map.of(
            String.class, Map.of("type", "string"),
            Instant.class, Map.of("type", "string", "format", "date-time"),
            boolean.class, Map.of("type", "boolean"),
            Boolean.class, Map.of("type", "boolean"),
            int.class, Map.of("type", "integer"),
            Integer.class, Map.of("type", "integer"),
            long.class, Map.of("type", "integer"),
            Long.class, Map.of("type", "integer"),
            JsonNode.class, Map.of(),
            Object.class, Map.of());

    private final FieldSentences sentences;
    private final Map<String, Object> components = new LinkedHashMap<>();
    private final Map<String, Class<?>> owners = new HashMap<>();

    Schemas(FieldSentences sentences) {
        this.sentences = sentences;
    }

    Map<String, Object> components() {
        return components;
    }

    Map<String, Object> body(Class<?> type) {
        return of(type, Side.BODY);
    }

    Map<String, Object> answer(Class<?> type) {
        return of(type, Side.ANSWER);
    }

    /// A page of a list.
    Map<String, Object> page(Class<?> item) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("items", Map.of("type", "array", "items", answer(item)));
        var next = Map.<String, Object>of("type", List.of("string", "null"));
        properties.put("next", with(next, "description", "The cursor of the next page; null for the last."));
        return object(properties, List.of("items", "next"));
    }

    private Map<String, Object> of(Type type, Side side) {
        var plain = PLAIN.get(type);
        if (plain != null) {
            return plain;
        }
        if (type instanceof ParameterizedType generic) {
            return generic(generic, side);
        }
        if (type instanceof Class<?> named && named.isRecord()) {
            return reference(named, side);
        }
        if (type instanceof Class<?> named && named.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(named.getEnumConstants())
                            .map(value -> Json.mapper().convertValue(value, String.class))
                            .toList());
        }
        throw new IllegalStateException("no schema for " + type.getTypeName());
    }

    private Map<String, Object> generic(ParameterizedType type, Side side) {
        if (Bodies.isOptional(type)) {
            return nullable(of(Bodies.argument(type), side));
        }
        if (type.getRawType() == List.class) {
            return Map.of("type", "array", "items", of(Bodies.argument(type), side));
        }
        if (type.getRawType() == Map.class) {
            return Map.of("type", "object", "additionalProperties", of(type.getActualTypeArguments()[1], side));
        }
        throw new IllegalStateException("no schema for " + type.getTypeName());
    }

    private Map<String, Object> reference(Class<?> type, Side side) {
        var name = type.getSimpleName();
        var owner = owners.putIfAbsent(name, type);
        if (owner != null && owner != type) {
            throw new IllegalStateException(type + " and " + owner + " would have the same name in the reference");
        }
        if (owner == null) {
            components.put(name, Map.of()); // its place, and an end for what refers to itself
            components.put(name, record(type, side));
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> record(Class<?> type, Side side) {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        collect(type, type, side, properties, required);
        var whole = object(properties, required);
        if (side == Side.BODY) {
            whole.put("additionalProperties", false);
        }
        return whole;
    }

    /// The fields of a record, and among them those of the records that are unwrapped in it.
    private void collect(
            Class<?> type, Class<?> whole, Side side, Map<String, Object> properties, List<String> required) {
        for (var component : type.getRecordComponents()) {
            var name = component.getName();
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                collect(component.getType(), whole, side, properties, required);
                continue;
            }
            var schema = property(component, side);
            properties.put(
                    name,
                    sentences
                            .of(type.getSimpleName(), name)
                            .or(() -> sentences.of(whole.getSimpleName(), name))
                            .map(sentence -> with(schema, "description", sentence))
                            .orElse(schema));
            if (side == Side.ANSWER || !Bodies.isOptional(component.getGenericType())) {
                required.add(name);
            }
        }
    }

    private Map<String, Object> property(RecordComponent component, Side side) {
        var schema = of(component.getGenericType(), side);
        var words = component.getAnnotation(OneOf.class);
        if (words == null) {
            return schema;
        }
        var all = new ArrayList<@Nullable Object>(Arrays.asList((Object[]) words.value()));
        if (Bodies.isOptional(component.getGenericType())) {
            all.add(null);
        }
        return with(schema, "enum", all);
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> with(Map<String, Object> schema, String keyword, Object value) {
        var more = new LinkedHashMap<>(schema);
        more.put(keyword, value);
        return more;
    }

    private static Map<String, Object> nullable(Map<String, Object> schema) {
        if (schema.isEmpty()) {
            return schema;
        }
        if (schema.get("type") instanceof String type) {
            return with(schema, "type", List.of(type, "null"));
        }
        return schema.get("type") instanceof List<?>
                ? schema
                : Map.of("anyOf", List.of(schema, Map.of("type", "null")));
    }
}
