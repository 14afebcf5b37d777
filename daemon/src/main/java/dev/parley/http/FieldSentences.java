package dev.parley.http;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/// What the reference says of each field of a body or an answer: one sentence each, in one file, so that they
/// read alike whoever owns the record.
final class FieldSentences {
    private static final String FILE = "fields.properties";

    private final Properties sentences = new Properties();

    FieldSentences() {
        try (var in = new InputStreamReader(
                Objects.requireNonNull(FieldSentences.class.getResourceAsStream(FILE), FILE), StandardCharsets.UTF_8)) {
            sentences.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE + " in the program itself", e);
        }
    }

    /// @param type the simple name of the record, or `path` for a variable of a path
    Optional<String> of(String type, String field) {
        return Optional.ofNullable(sentences.getProperty(type + "." + field))
                .or(() -> Optional.ofNullable(sentences.getProperty("*." + field)));
    }

    /// `Type.field` of all that it has a sentence for.
    Set<String> fields() {
        return sentences.stringPropertyNames();
    }
}
