package dev.parley.at;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The dialogues with modems among the test resources: the shared vectors, and rows of our own in the
/// same form, each with where it is from.
public final class Dialogues {
    private Dialogues() {}

    public sealed interface Step {
        record Driver(String octets) implements Step {}

        record Modem(String text) implements Step {
            public byte[] octets() {
                return text.getBytes(StandardCharsets.ISO_8859_1);
            }
        }

        record Wait(int millis) implements Step {}
    }

    public record Dialogue(
            String id, String category, List<Step> steps, List<String> events, String must, String result) {
        @Override
        public String toString() {
            return id + " " + must;
        }
    }

    public static Stream<Dialogue> all() {
        return Stream.concat(in("/vectors/at-dialogues.json"), in("more-dialogues.json"));
    }

    private static Stream<Dialogue> in(String file) {
        try (var in = Objects.requireNonNull(Dialogues.class.getResourceAsStream(file), file)) {
            var rows = new ArrayList<Dialogue>();
            for (var row : JsonMapper.shared().readTree(in)) {
                rows.add(dialogue(row));
            }
            return rows.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<Dialogue> of(String category) {
        return all().filter(dialogue -> dialogue.category().equals(category));
    }

    private static Dialogue dialogue(JsonNode row) {
        var steps = new ArrayList<Step>();
        for (var step : row.path("input").path("steps")) {
            steps.add(
                    switch (step.path(0).asString()) {
                        case "C" -> new Step.Driver(step.path(1).asString());
                        case "M" -> new Step.Modem(step.path(1).asString());
                        case "W" -> new Step.Wait(step.path(1).asInt());
                        default -> throw new IllegalStateException("unknown step in " + row.path("id"));
                    });
        }
        var expect = row.path("expect");
        return new Dialogue(
                row.path("id").asString(),
                row.path("cat").asString(),
                steps,
                expect.path("events").valueStream().map(JsonNode::asString).toList(),
                expect.path("must").asString(),
                expect.path("result").isNull() ? "" : expect.path("result").asString());
    }
}
