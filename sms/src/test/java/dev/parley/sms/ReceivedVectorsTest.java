package dev.parley.sms;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What modems gave us, decoded: each row of `sms-deliver.json` and `sms-status-report.json`.
class ReceivedVectorsTest {

    /// Keys of a row that say how to compare, or what to do, and are no field of the PDU.
    private static final Set<String> REMARKS =
            Set.of("lenientText", "lenientScts", "anyAlphabetHandling", "anyNumber", "treatAs", "accept");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void decodesWhatTheNetworkDelivers(Vectors.Row row) {
        check(row);
    }

    static Stream<Vectors.Row> decodesWhatTheNetworkDelivers() {
        return Vectors.of("sms-deliver.json");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void decodesStatusReports(Vectors.Row row) {
        check(row);
    }

    static Stream<Vectors.Row> decodesStatusReports() {
        return Vectors.of("sms-status-report.json");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void decodesWhatWasSeenElsewhere(Vectors.Row row) {
        check(row);
    }

    static Stream<Vectors.Row> decodesWhatWasSeenElsewhere() {
        return Vectors.elsewhere();
    }

    private static void check(Vectors.Row row) {
        var octets = HexFormat.of().parseHex(row.pdu());
        var decoded = Pdu.decodeFromModem(octets);
        if (row.expect().has("accept")) {
            checkMalformed(row, decoded);
            return;
        }
        var ok = assertInstanceOf(Decoded.Ok.class, decoded);
        var described = Vectors.describe(decoded);
        assertAll(row.expect().properties().stream()
                .filter(field -> !REMARKS.contains(field.getKey()))
                .map(field -> () -> compare(row.expect(), field.getKey(), described.path(field.getKey()))));
        // What is on the wire beyond the TPDU is fill; spare bits and fillers of one digit are not kept.
        if (!row.category().equals("carried")) {
            var again = Pdu.decodeFromModem(Pdu.withSmsc(ok.smsc(), ok.tpdu().encode()));
            assertEquals(described, Vectors.describe(again), "decoded, encoded and decoded again");
        }
    }

    private static void compare(JsonNode expect, String field, JsonNode actual) {
        var lenient = expect.path("lenient" + Character.toUpperCase(field.charAt(0)) + field.substring(1));
        if (lenient.isArray()) {
            assertTrue(lenient.valueStream().anyMatch(actual::equals), () -> field + " is " + actual);
        } else if (field.equals("recipient") && expect.path("anyNumber").asBoolean(false)) {
            assertEquals(expect.path(field).path("ton"), actual.path("ton"), field);
        } else {
            assertEquals(expect.path(field), actual, field);
        }
    }

    private static void checkMalformed(Vectors.Row row, Decoded decoded) {
        var accept = row.expect().path("accept").asString();
        if (accept.startsWith("must reject") || accept.startsWith("reject, no crash")) {
            var malformed = assertInstanceOf(Decoded.Malformed.class, decoded);
            assertTrue(malformed.offset() <= row.pdu().length() / 2, "an offset within the PDU");
            return;
        }
        switch (row.id()) {
            case "A-bad-15" -> assertEquals(true, deliver(decoded).userData().headerIgnored());
            case "A-bad-16" -> assertEquals("", deliver(decoded).userData().text());
            case "A-bad-18" ->
                assertEquals("+3164160096", deliver(decoded).from().number());
            case "A-bad-19" ->
                assertEquals("+31641600986", deliver(decoded).from().number());
            case "A-bad-21", "A-bad-22" -> {
                assertTrue(deliver(decoded).scts().isEmpty());
                assertEquals("How are you?", deliver(decoded).userData().text());
            }
            case "A-bad-24" ->
                assertEquals(
                        "TP-UDL",
                        assertInstanceOf(Decoded.Malformed.class, decoded).field());
            case "A-bad-25" ->
                assertEquals("How are you?", deliver(decoded).userData().text());
            case "A-bad-28" ->
                assertEquals(153, deliver(decoded).userData().text().length());
            case "C-bad-6" -> {
                assertTrue(report(decoded).scts().isEmpty());
                assertEquals(
                        List.of(42, 0),
                        List.of(report(decoded).mr(), report(decoded).status().octet()));
            }
            case "C-bad-7" -> {
                assertTrue(report(decoded).discharge().isEmpty());
                assertEquals(
                        List.of(42, 0),
                        List.of(report(decoded).mr(), report(decoded).status().octet()));
            }
            default -> throw new AssertionError("a new row: " + row);
        }
    }

    private static Deliver deliver(Decoded decoded) {
        return assertInstanceOf(
                Deliver.class, assertInstanceOf(Decoded.Ok.class, decoded).tpdu());
    }

    private static StatusReport report(Decoded decoded) {
        return assertInstanceOf(
                StatusReport.class, assertInstanceOf(Decoded.Ok.class, decoded).tpdu());
    }

    /// The parts of a message, as they come and backwards, are the same text.
    @Test
    void joinsThePartsOfAGroup() {
        var groups = Vectors.of("sms-deliver.json")
                .filter(row -> row.json().has("group"))
                .collect(Collectors.groupingBy(row -> row.json().path("group").asString()));
        assertTrue(groups.size() >= 4);
        groups.forEach((group, rows) -> {
            var parts = rows.stream()
                    .map(row -> deliver(Pdu.decodeFromModem(HexFormat.of().parseHex(row.pdu())))
                            .userData())
                    .toList();
            var expected = rows.stream()
                    .map(row -> row.expect().path("text").asString())
                    .collect(Collectors.joining());
            assertEquals(expected, UserData.joined(parts), group);
            assertEquals(parts.size(), parts.getFirst().concat().orElseThrow().total(), group);
        });
    }

    /// Every beginning of every vector ends as a value, and one that is shorter than its TPDU as a
    /// malformed one.
    @ParameterizedTest
    @MethodSource
    void everyTruncationIsAValue(String pdu) {
        var octets = HexFormat.of().parseHex(pdu);
        for (int length = 0; length <= octets.length; length++) {
            var beginning = Arrays.copyOf(octets, length);
            var decoded = Pdu.decodeFromModem(beginning);
            if (decoded instanceof Decoded.Malformed malformed) {
                assertTrue(malformed.offset() <= length, () -> pdu + ": " + malformed);
            } else if (Pdu.decodeFromModem(octets) instanceof Decoded.Ok whole && length < octets.length) {
                // Only what lies behind the TPDU may be cut off without being missed.
                var ok = (Decoded.Ok) decoded;
                if (whole.tpdu() instanceof StatusReport) {
                    assertInstanceOf(StatusReport.class, ok.tpdu());
                } else {
                    assertArrayEquals(whole.tpdu().encode(), ok.tpdu().encode(), pdu);
                }
            }
        }
    }

    static Stream<String> everyTruncationIsAValue() {
        return Vectors.pdus();
    }
}
