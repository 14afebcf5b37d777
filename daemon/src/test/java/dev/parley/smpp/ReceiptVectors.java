package dev.parley.smpp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The receipts of real and of nasty SMSCs among the test resources.
final class ReceiptVectors {
    private ReceiptVectors() {}

    record Row(String id, String category, JsonNode input, JsonNode expect, String note) {
        byte[] pdu() {
            return HexFormat.of().parseHex(input.path("pdu").asString());
        }

        boolean hasPdu() {
            return input.has("pdu");
        }

        @Override
        public String toString() {
            return id + " " + (note.isEmpty() ? category : note);
        }
    }

    static Stream<Row> all() {
        try (var in = Objects.requireNonNull(
                ReceiptVectors.class.getResourceAsStream("/vectors/smpp-receipts.json"),
                "vectors/smpp-receipts.json")) {
            List<Row> rows = new ArrayList<>();
            for (var row : JsonMapper.shared().readTree(in)) {
                rows.add(new Row(
                        row.path("id").asString(),
                        row.path("cat").asString(),
                        row.path("input"),
                        row.path("expect"),
                        row.path("note").asString("")));
            }
            return rows.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
