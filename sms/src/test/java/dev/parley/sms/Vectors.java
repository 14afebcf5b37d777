package dev.parley.sms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vectors among the test resources: PDUs from networks, modems and other decoders.
final class Vectors {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Vectors() {}

    record Row(JsonNode json) {
        String id() {
            return json.path("id").asString();
        }

        String category() {
            return json.path("cat").asString();
        }

        String pdu() {
            return json.path("pdu").asString();
        }

        JsonNode input() {
            return json.path("input");
        }

        JsonNode expect() {
            return json.path("expect");
        }

        @Override
        public String toString() {
            return id() + " " + json.path("note").asString("");
        }
    }

    static Stream<Row> of(String file) {
        return read("/vectors/" + file);
    }

    /// Kinds of PDUs that the vectors lack, as other decoders' tests and bug reports have them.
    static Stream<Row> elsewhere() {
        return read("received-elsewhere.json");
    }

    private static Stream<Row> read(String file) {
        try (var in = Objects.requireNonNull(Vectors.class.getResourceAsStream(file), file)) {
            return JSON.readTree(in).valueStream().map(Row::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every PDU of the three files.
    static Stream<String> pdus() {
        return Stream.concat(
                Stream.concat(of("sms-deliver.json"), of("sms-status-report.json"))
                        .map(Row::pdu),
                of("sms-submit.json")
                        .flatMap(row -> row.expect().path("pdus").valueStream())
                        .map(pdu -> pdu.path("pdu").asString()));
    }

    static JsonNode describe(Decoded decoded) {
        return JSON.valueToTree(Description.of(decoded));
    }

    /// The directory that the copy was taken from, where it is.
    static Path original() {
        var here = Path.of("").toAbsolutePath();
        return (Files.exists(here.resolve("parley")) ? here : Objects.requireNonNull(here.getParent()))
                .resolve("../shared/vectors")
                .normalize();
    }
}
