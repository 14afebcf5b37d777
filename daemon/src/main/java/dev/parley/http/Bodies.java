package dev.parley.http;

import dev.parley.problem.Problem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// Reads a body of JSON into a record, strictly. What does not have the record's form is refused
/// with 400, and the problem names the member: unknown, missing, twice, of another type. What
/// the values mean is the service's to judge (422).
///
/// A component is a `String`, `boolean`, `int`, `Instant`, another record, a `List` of these, or
/// an `Optional` of one where it may be left out.
final class Bodies {
    private Bodies() {}

    static <R extends Record> R read(byte[] body, Class<R> type) {
        if (body.length == 0) {
            // The same as {}: fine where everything may be left out, else it is said what is missing.
            return record(Json.mapper().createObjectNode(), type, "");
        }
        var text = Percent.utf8(body)
                .orElseThrow(() ->
                        new Refused(Problems.badField("body", "bad-utf-8", "The body is not well-formed UTF-8.")));
        return record(parsed(text), type, "");
    }

    /// Each asks for its generic type once.
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    /// Values in one list. The longest honest one is of a hundred numbers, events or lines.
    static final int ITEMS_MAX = 1_000;

    /// Values in a whole body.
    static final int VALUES_MAX = 10_000;

    /// Each value takes a node many times its size: how many there are is counted before any is made.
    private static void requireFew(String text) {
        if (text.length() <= ITEMS_MAX) {
            return; // there cannot be more of them than characters
        }
        try (var parser = Json.mapper().createParser(text)) {
            var counts = new ArrayDeque<Integer>();
            int values = 0;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case END_ARRAY, END_OBJECT -> counts.pop();
                    case PROPERTY_NAME -> {}
                    default -> {
                        values++;
                        if (!counts.isEmpty()) {
                            counts.push(counts.pop() + 1);
                        }
                        if (values > VALUES_MAX || (!counts.isEmpty() && counts.peek() > ITEMS_MAX)) {
                            throw new Refused(new Problem(
                                    422,
                                    "too-many-items",
                                    "A list has at most " + ITEMS_MAX + " items here, and a body at most " + VALUES_MAX
                                            + " values."));
                        }
                        if (token == JsonToken.START_ARRAY || token == JsonToken.START_OBJECT) {
                            counts.push(0);
                        }
                    }
                }
            }
        }
    }

    private static JsonNode parsed(String text) {
        try {
            requireFew(text);
            return Json.mapper().readTree(text);
        } catch (JacksonException e) {
            var place = Optional.ofNullable(e.getLocation())
                    .map(at -> ": line " + at.getLineNr() + ", column " + at.getColumnNr())
                    .orElse("");
            throw new Refused(Problems.badRequest(
                    "bad-json",
                    "The body is no JSON" + place + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("")));
        }
    }

    private static <R extends Record> R record(JsonNode node, Class<R> type, String path) {
        if (!node.isObject()) {
            throw wrongType(path.isEmpty() ? "body" : path, node, "an object");
        }
        var components = COMPONENTS.get(type);
        requireKnown(node, components, path);
        var values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(node, components[i], path, Changes.class.isAssignableFrom(type));
        }
        return construct(type, components, values);
    }

    private static void requireKnown(JsonNode node, RecordComponent[] components, String path) {
        var names = Arrays.stream(components).map(RecordComponent::getName).toList();
        for (var name : node.propertyNames()) {
            if (!names.contains(name)) {
                throw new Refused(Problems.badField(
                        at(path, name),
                        "unknown-field",
                        "There is no field " + name + " here; known are " + String.join(", ", names) + "."));
            }
        }
    }

    private static Object component(JsonNode node, RecordComponent component, String path, boolean changes) {
        var name = component.getName();
        var field = at(path, name);
        var type = component.getGenericType();
        var value = node.get(name);
        if (!isOptional(type)) {
            if (value == null || value.isNull()) {
                throw new Refused(Problems.badField(field, "missing-field", "The field " + field + " is required."));
            }
            return value(value, type, field, words(component));
        }
        var inner = argument(type);
        boolean removable = isOptional(inner);
        if (value == null || (value.isNull() && !changes && !removable)) {
            return Optional.empty();
        }
        if (removable && value.isNull()) {
            return Optional.of(Optional.empty());
        }
        var read = value(value, removable ? argument(inner) : inner, field, words(component));
        return Optional.of(removable ? Optional.of(read) : read);
    }

    private static Set<String> words(RecordComponent component) {
        var oneOf = component.getAnnotation(OneOf.class);
        return oneOf == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(oneOf.value()));
    }

    private static Object value(JsonNode node, Type type, String field, Set<String> words) {
        if (type == String.class) {
            return text(node, field, words);
        }
        if (type == Boolean.class || type == boolean.class) {
            if (!node.isBoolean()) {
                throw wrongType(field, node, "true or false");
            }
            return node.booleanValue();
        }
        if (type == Integer.class || type == int.class) {
            if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                throw wrongType(field, node, "a whole number");
            }
            return node.intValue();
        }
        if (type == Instant.class) {
            return instant(node, field);
        }
        if (type == JsonNode.class) {
            return node; // anything at all, because it is refused whatever it is
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            if (!node.isArray()) {
                throw wrongType(field, node, "a list");
            }
            var items = new ArrayList<>();
            for (var item : node) {
                items.add(value(item, argument(list), field + "[" + items.size() + "]", words));
            }
            return List.copyOf(items);
        }
        if (type instanceof Class<?> other && other.isRecord()) {
            return record(node, other.asSubclass(Record.class), field);
        }
        throw new IllegalStateException("no body holds a " + type.getTypeName());
    }

    private static String text(JsonNode node, String field, Set<String> words) {
        if (!node.isString()) {
            throw wrongType(field, node, "a text");
        }
        var text = node.stringValue();
        // JSON can escape half of a surrogate pair (RFC 8259 §8.2); no text that anybody could send has
        // one.
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new Refused(Problems.badField(
                    field, "bad-text", field + " has half of a surrogate pair, which is no character."));
        }
        if (!words.isEmpty() && !words.contains(text)) {
            throw new Refused(
                    Problem.invalid(field, "bad-value", field + " is none of " + String.join(", ", words) + "."));
        }
        return text;
    }

    private static Instant instant(JsonNode node, String field) {
        if (node.isString()) {
            try {
                // As fine as the database keeps it, so that the answer says what is read later.
                return OffsetDateTime.parse(node.stringValue()).toInstant().truncatedTo(ChronoUnit.MICROS);
            } catch (DateTimeParseException _) {
                // said below
            }
        }
        throw wrongType(field, node, "a time as in RFC 3339, such as 2026-01-31T09:30:00Z");
    }

    private static Refused wrongType(String field, JsonNode node, String expected) {
        var is = switch (node.getNodeType()) {
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> node.asString();
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case NULL -> "null";
            case MISSING, BINARY -> "something else";
        };
        var problem = Problems.badField(field, "wrong-type", field + " is " + is + ", expected " + expected + ".");
        return new Refused(problem);
    }

    private static <R extends Record> R construct(Class<R> type, RecordComponent[] components, Object[] values) {
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IllegalStateException(type + " does not take what was read for it", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no record to be read", e);
        }
    }

    static boolean isOptional(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
    }

    static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static String at(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
