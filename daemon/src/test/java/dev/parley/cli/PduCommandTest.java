package dev.parley.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The vectors of the codec, through the command line.
class PduCommandTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Remarks on a row, and fields that a remark makes free.
    private static final Set<String> REMARKS =
            Set.of("lenientText", "lenientScts", "anyAlphabetHandling", "anyNumber", "treatAs");

    private record Ran(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Ran run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(args);
        return new Ran(status, out.toString(), err.toString());
    }

    record Row(JsonNode json) {
        @Override
        public String toString() {
            return json.path("id").asString() + " " + json.path("note").asString("");
        }
    }

    private static Stream<Row> rows(String file) {
        return JSON.readTree(Path.of("../sms/src/test/resources/vectors", file))
                .valueStream()
                .map(Row::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void decodes(Row row) {
        var ran = run("pdu", "decode", row.json().path("pdu").asString());
        assertEquals(1, ran.lines().size(), ran.out());
        var printed = JSON.readTree(ran.lines().getFirst());
        var expect = row.json().path("expect");
        if (printed.has("error")) {
            assertTrue(expect.path("accept").asString("").contains("reject"), ran.out());
            assertTrue(
                    printed.path("field").isString() && printed.path("offset").isInt());
            assertEquals(1, ran.status());
            return;
        }
        assertEquals(0, ran.status());
        if (expect.has("accept")) {
            assertFalse(expect.path("accept").asString().startsWith("must reject"));
            return;
        }
        for (var field : expect.properties()) {
            var lenient =
                    expect.path("lenient" + Character.toUpperCase(field.getKey().charAt(0))
                            + field.getKey().substring(1));
            var actual = printed.path(field.getKey());
            if (lenient.isArray()) {
                assertTrue(lenient.valueStream().anyMatch(actual::equals), () -> field + ": " + actual);
            } else if (!REMARKS.contains(field.getKey())
                    && !(expect.has("anyNumber") && field.getKey().equals("recipient"))) {
                assertEquals(field.getValue(), actual, field.getKey());
            }
        }
    }

    static Stream<Row> decodes() {
        return Stream.concat(rows("sms-deliver.json"), rows("sms-status-report.json"));
    }

    /// Every row that says nothing which the command has no option for.
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void encodes(Row row) {
        var input = row.json().path("input");
        var args = new ArrayList<>(
                List.of("pdu", "encode", "--to", input.path("number").asString()));
        if (input.path("statusReportRequest").asBoolean()) {
            args.add("--report");
        }
        if (input.path("vpOctet").isNumber()) {
            args.addAll(List.of("--validity", validity(input.path("vpOctet").asInt())));
        }
        args.addAll(List.of("--", input.path("text").asString()));
        var ran = run(args.toArray(new String[0]));
        var expected = row.json().path("expect").path("pdus");
        assertEquals(0, ran.status(), ran.err());
        assertEquals(expected.size(), ran.lines().size());
        for (int i = 0; i < expected.size(); i++) {
            var line = expected.path(i).path("cmgsLen").asInt()
                    + " "
                    + expected.path(i).path("pdu").asString();
            boolean single = expected.size() == 1;
            assertEquals(
                    single ? line : unreferenced(line),
                    single ? ran.lines().get(i) : unreferenced(ran.lines().get(i)));
        }
    }

    static Stream<Row> encodes() {
        return rows("sms-submit.json").filter(row -> {
            var input = row.json().path("input");
            return row.json().path("expect").has("pdus")
                    && !input.path("data").isString()
                    && input.path("smsc").isNull()
                    && input.path("messageClass").isNull()
                    && !input.path("rejectDuplicates").asBoolean()
                    && input.path("concatRefBits").asInt() == 8;
        });
    }

    /// Without the octet that is the command's own to choose.
    private static String unreferenced(String line) {
        int header = line.indexOf("050003", "153 0041000B91".length());
        return line.substring(0, header + 6) + "__" + line.substring(header + 8);
    }

    private static String validity(int octet) {
        return switch (octet) {
            case 0 -> "5m";
            case 167 -> "24h";
            case 170 -> "4d";
            case 255 -> "63w";
            default -> throw new IllegalArgumentException("validity octet " + octet);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesWhatIsNoNumber(Row row) {
        var ran = run(
                "pdu", "encode", "--to", row.json().path("input").path("number").asString(), "x");
        assertEquals(2, ran.status());
        assertEquals("", ran.out());
        assertTrue(ran.err().startsWith("--to: The number "), ran.err());
    }

    static Stream<Row> refusesWhatIsNoNumber() {
        return rows("sms-submit.json")
                .filter(row -> row.json().path("cat").asString().equals("number-bad"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            validity | octet
            5m       | 00
            300s     | 00
            7m       | 00
            12h      | 8F
            1d       | A7
            48h      | A8
            5d       | AB
            5w       | C5
            63w      | FF
            99w      | FF
            """)
    void putsTheValidityIntoOneOctet(String validity, String octet) {
        var ran = run("pdu", "encode", "--to", "1234", "--validity", validity, "x");
        assertEquals("11 001100048121430000" + octet + "0178", ran.out().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "-5m", "5 m", "5M", "0h", "5mm", "٥m", "99999999999d"})
    void refusesWhatIsNoDuration(String validity) {
        var ran = run("pdu", "encode", "--to", "1234", "--validity=" + validity, "x");
        assertEquals(2, ran.status());
        assertTrue(ran.err().startsWith("--validity is \"" + validity + "\""), ran.err());
    }

    @Test
    void takesAnyTextAsItIs() {
        assertEquals(
                "9 00010004812143000000",
                run("pdu", "encode", "--to", "1234", "").out().strip());
        assertEquals(
                "11 00010004812143000002" + "0018",
                run("pdu", "encode", "--to", "1234", "@0").out().strip());
        assertEquals(
                "13 000100048121430000042DBDBC01",
                run("pdu", "encode", "--to", "1234", "--", "-zr\r").out().strip());
    }

    @Test
    void refusesATextOfMoreThan255Parts() {
        var ran = run("pdu", "encode", "--to", "1234", "A".repeat(39_016));
        assertEquals(1, ran.status());
        assertEquals(
                "parley: the text needs 256 parts; at most 255 are possible",
                ran.err().strip());
    }

    @Test
    void decodesEachOfSeveral() {
        var ran = run(
                "pdu", "decode", "07912143658709F1040B918100551512F20000111010214365000AE8329BFD4697D9EC37", "0", "zz");
        assertEquals(1, ran.status());
        assertEquals(3, ran.lines().size());
        assertEquals(
                "hellohello", JSON.readTree(ran.lines().getFirst()).path("text").asString());
        assertEquals(
                "{\"error\":\"hex: an odd number of digits\",\"field\":\"hex\",\"offset\":0}",
                ran.lines().get(1));
        assertEquals("hex", JSON.readTree(ran.lines().get(2)).path("field").asString());
    }

    /// As a log, a terminal or a dissector shows it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "07912143658709F1040B918100551512F20000111010214365000AE8329BFD4697D9EC37",
                "07912143658709f1040b918100551512f20000111010214365000ae8329bfd4697d9ec37",
                " 07912143658709F1040B918100551512F20000111010214365000AE8329BFD4697D9EC37\r\n",
                "07 91 21 43 65 87 09 f1 04 0b 91 81 00 55 15 12 f2 00 00 11 10 10 21 43 65 00 0a\te8329bfd4697d9ec37"
            })
    void readsDigitsHoweverTheyAreWritten(String pdu) {
        var ran = run("pdu", "decode", pdu);
        assertEquals(0, ran.status());
        assertEquals("hellohello", JSON.readTree(ran.out()).path("text").asString());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            pdu          | field | offset | error
            ''           | SMSC  | 0      | SMSC: the PDU ends before it
            '  '         | SMSC  | 0      | SMSC: the PDU ends before it
            079          | hex   | 1      | hex: an odd number of digits
            07 9x        | hex   | 1      | hex: no hexadecimal digit at position 5
            +CMGR        | hex   | 0      | hex: no hexadecimal digit at position 1
            ٠٧           | hex   | 0      | hex: no hexadecimal digit at position 1
            0A04         | SMSC  | 2      | SMSC: 9 octets expected, 0 there
            06040D91945152991136F0016012413034_0A016012413094_0A00 | hex | 17 | hex: no hexadecimal digit at position 35
            06040D91945152991136F00160124130340A01601241309 40A00 | TP-DA | 9 | TP-DA: 54 semi-octets (at most 20); with 00 in front, for no SMSC's address, it can be read
            """)
    void saysWhatIsWrongAndWhere(String pdu, String field, int offset, String error) {
        var ran = run("pdu", "decode", pdu);
        assertEquals(1, ran.status());
        assertEquals("", ran.err());
        var printed = JSON.readTree(ran.out());
        assertEquals(error, printed.path("error").asString());
        assertEquals(field, printed.path("field").asString());
        assertEquals(offset, printed.path("offset").asInt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pdu",
                "pdu decode",
                "pdu encode",
                "pdu encode x",
                "pdu encode --to",
                "pdu encode --to 1234",
                "pdu encode --to 1234 x y",
                "pdu encode --to 1234 -x",
                "pdu decode --to 1234"
            })
    void saysHowToUseIt(String line) {
        var ran = run(line.split(" "));
        assertEquals(2, ran.status());
        assertEquals("", ran.out());
        assertFalse(ran.err().isBlank());
    }
}
