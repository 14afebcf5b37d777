package dev.parley.http;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as the API speaks it: camelCase, what is absent as null, times as RFC 3339 in UTC.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /// What answers are written with; events should be, too.
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
