package dev.parley.sms;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What `AT+CMGS` is to carry: each row of `sms-submit.json`.
class SubmitVectorsTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void encodesWhatIsSubmitted(Vectors.Row row) {
        var input = row.input();
        if (input.has("validityMinutes")) {
            checkValidity(row);
        } else if (row.category().equals("number-bad")) {
            var number = input.path("number").asString();
            assertTrue(Address.wrongWith(number).isPresent());
            assertThrows(IllegalArgumentException.class, () -> Address.ofNumber(number));
        } else {
            checkParts(row);
        }
    }

    static Stream<Vectors.Row> encodesWhatIsSubmitted() {
        return Vectors.of("sms-submit.json");
    }

    private static void checkValidity(Vectors.Row row) {
        int minutes = row.input().path("validityMinutes").asInt();
        int octet = new ValidityPeriod.Relative(Duration.ofMinutes(minutes)).octet();
        switch (row.id()) {
            case "B-vp-lo", "B-vp-mid" -> assertEquals(0, octet); // cut to the lower step, at least five minutes
            default -> assertEquals(row.expect().path("vpOctet").asInt(), octet);
        }
    }

    private static void checkParts(Vectors.Row row) {
        var input = row.input();
        var expect = row.expect();
        if (input.path("data").isString()) {
            var data =
                    UserData.ofData(HexFormat.of().parseHex(input.path("data").asString()));
            checkPdus(row, List.of(submit(input, Dcs.of(Alphabet.DATA8), data)));
            return;
        }
        var options = new SplitOptions(
                input.path("concatRef").asInt(0), input.path("concatRefBits").asInt(8), false, Set.of());
        var split = Segmenter.split(text(input), options);
        if (expect.has("accept")) {
            assertInstanceOf(Split.TooLong.class, split);
            return;
        }
        var parts = assertInstanceOf(Split.Parts.class, split);
        assertEquals(expect.path("parts").asInt(), parts.segments().size());
        if (expect.has("alphabet")) {
            assertEquals(expect.path("alphabet").asString(), parts.alphabet().label());
        }
        if (expect.has("pdus")) {
            var submits = new ArrayList<Submit>();
            for (var segment : parts.segments()) {
                var dcs = input.path("messageClass").isNumber()
                        ? Dcs.of(segment.alphabet(), input.path("messageClass").asInt())
                        : Dcs.of(segment.alphabet());
                submits.add(submit(input, dcs, UserData.of(segment)));
            }
            checkPdus(row, submits);
        }
    }

    private static Submit submit(JsonNode input, Dcs dcs, UserData userData) {
        return new Submit(
                input.path("rejectDuplicates").asBoolean(),
                input.path("statusReportRequest").asBoolean(),
                false,
                input.path("mr").asInt(),
                Address.ofNumber(input.path("number").asString()),
                0,
                dcs,
                input.path("vpOctet").isNumber()
                        ? ValidityPeriod.Relative.ofOctet(input.path("vpOctet").asInt())
                        : new ValidityPeriod.SmscDefault(),
                userData);
    }

    private static void checkPdus(Vectors.Row row, List<Submit> submits) {
        var expected = row.expect().path("pdus");
        assertEquals(expected.size(), submits.size());
        Optional<Address> smsc = row.input().path("smsc").isString()
                ? Optional.of(Address.ofNumber(row.input().path("smsc").asString()))
                : Optional.empty();
        for (int i = 0; i < submits.size(); i++) {
            var part = expected.path(i);
            var tpdu = submits.get(i).encode();
            var pdu = Pdu.withSmsc(smsc, tpdu);
            var back = assertInstanceOf(
                    Submit.class,
                    assertInstanceOf(Decoded.Ok.class, Pdu.decodeFromMobile(tpdu))
                            .tpdu());
            var sent = submits.get(i);
            assertAll(
                    () -> assertEquals(part.path("pdu").asString(), HEX.formatHex(pdu)),
                    () -> assertEquals(part.path("cmgsLen").asInt(), tpdu.length),
                    () -> assertEquals(
                            part.path("text").asString(""), sent.userData().text()),
                    () -> assertEquals(sent, back));
        }
    }

    /// The text of a row, or what its rule makes: `€*79 + x`, `"A" x 39016, 8-bit ref`, `U+0416 x 17085
    /// (…)`.
    private static String text(JsonNode input) {
        if (input.has("text")) {
            return input.path("text").asString();
        }
        var rule = input.path("textRule").asString();
        if (rule.contains(" x ")) {
            var what = rule.substring(0, rule.indexOf(" x "));
            int count = Integer.parseInt(rule.substring(rule.indexOf(" x ") + 3).split("[ ,]", 2)[0]);
            var unit = what.startsWith("U+")
                    ? Character.toString(Integer.parseInt(what.substring(2), 16))
                    : what.replace("\"", "");
            return unit.repeat(count);
        }
        var text = new StringBuilder();
        for (var term : List.of(rule.split(" \\+ ", -1))) {
            int star = term.indexOf('*');
            text.append(star < 0 ? term : term.substring(0, star).repeat(Integer.parseInt(term.substring(star + 1))));
        }
        return text.toString();
    }
}
