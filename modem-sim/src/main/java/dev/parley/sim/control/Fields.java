package dev.parley.sim.control;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The members of a request's object. A wrong one is refused with its name, its value and what was expected.
final class Fields {

    /// A day: more than any test waits.
    private static final long MILLIS_MAX = 86_400_000L;

    private final JsonNode object;

    private Fields(JsonNode object) {
        this.object = object;
    }

    /// @param known the members that there may be
    static Fields of(byte[] body, List<String> known) throws Refused {
        JsonNode object;
        try {
            object = body.length == 0
                    ? JsonMapper.shared().createObjectNode()
                    : JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw new Refused(400, "the body is no JSON: " + e.getOriginalMessage());
        }
        if (!object.isObject()) {
            throw new Refused(400, "the body is no JSON object");
        }
        for (var name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw new Refused(400, "unknown field \"" + name + "\"; known are " + String.join(", ", known));
            }
        }
        return new Fields(object);
    }

    boolean has(String name) {
        return object.has(name);
    }

    boolean isFlag(String name) {
        return object.has(name) && object.get(name).isBoolean();
    }

    Optional<String> text(String name) throws Refused {
        if (!object.has(name)) {
            return Optional.empty();
        }
        if (!object.get(name).isString()) {
            throw wrong(name, "a string");
        }
        return Optional.of(object.get(name).stringValue());
    }

    String required(String name) throws Refused {
        return text(name).orElseThrow(() -> new Refused(400, "the field \"" + name + "\" is missing"));
    }

    /// Octets in hexadecimal.
    Optional<byte[]> octets(String name) throws Refused {
        var text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(text.get()));
        } catch (IllegalArgumentException _) {
            throw wrong(name, "an even number of hexadecimal digits");
        }
    }

    /// A text that `null` takes away.
    Optional<String> textOrNone(String name, Optional<String> now) throws Refused {
        if (!object.has(name)) {
            return now;
        }
        if (object.get(name).isNull()) {
            return Optional.empty();
        }
        return text(name).filter(text -> !text.isEmpty());
    }

    Optional<Duration> millis(String name) throws Refused {
        var number = number(name, 0, MILLIS_MAX);
        return number.map(Duration::ofMillis);
    }

    Optional<Long> number(String name, long from, long to) throws Refused {
        if (!object.has(name)) {
            return Optional.empty();
        }
        var value = object.get(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < from
                || value.longValue() > to) {
            throw wrong(name, "a whole number from " + from + " to " + to);
        }
        return Optional.of(value.longValue());
    }

    Optional<Boolean> flag(String name) throws Refused {
        if (!object.has(name)) {
            return Optional.empty();
        }
        if (!object.get(name).isBoolean()) {
            throw wrong(name, "true or false");
        }
        return Optional.of(object.get(name).booleanValue());
    }

    Refused wrong(String name, String expected) {
        return new Refused(400, "\"" + name + "\" is " + object.get(name) + "; expected " + expected);
    }
}
