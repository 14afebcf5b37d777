package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.sms.Reassembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Receipts, texts and broken PDUs as SMSCs send them. The SMSCs that the rows come from have
/// Latin-1 for their default alphabet.
@DisplayName("What SMSCs send")
class ReceiptVectorsTest {

    private static final SmppDecoder DECODER =
            new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.LATIN1, _ -> List.of());

    static Stream<ReceiptVectors.Row> messages() {
        return ReceiptVectors.all()
                .filter(row -> row.hasPdu() && !row.category().equals("malformed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void readsWhatTheSmscMeans(ReceiptVectors.Row row) {
        var pdu = assertInstanceOf(MessagePdu.Read.Ok.class, MessagePdu.read(row.pdu()))
                .pdu();
        var received = DECODER.decode(inbound(row.pdu()));
        var expect = row.expect();
        var esmClass = expect.path("esmClass");
        if (!esmClass.isMissingNode()) {
            assertEquals(esmClass.asInt(), pdu.esmClass(), "esm_class");
        }
        var isReceipt = expect.path("isReceipt");
        if (isReceipt.isString()) {
            if (isReceipt.asString().equals("reserved")) {
                assertInstanceOf(Received.Report.class, received, "by the receipt bit");
            } else {
                assertInstanceOf(Received.Machine.class, received, isReceipt.asString());
            }
        } else if (isReceipt.asBoolean()) {
            var report = assertInstanceOf(Received.Report.class, received);
            assertEquals(textOf(expect.path("id")), report.reference(), "id");
            receipt(Receipt.of(pdu), expect);
            fate(report.fate(), expect);
        } else {
            text(assertInstanceOf(Received.Text.class, received), expect);
        }
    }

    private static void receipt(Receipt receipt, JsonNode expect) {
        assertEquals(
                textOf(expect.path("state")),
                receipt.state().map(state -> state.name().toLowerCase(Locale.ROOT)),
                "state");
        same(expect, "idText", receipt.text().id());
        same(expect, "rawStat", receipt.text().stat());
        same(expect, "err", receipt.text().err());
        same(expect, "sub", receipt.text().sub());
        same(expect, "dlvrd", receipt.text().dlvrd());
        same(expect, "submitDate", receipt.text().submitDate());
        same(expect, "doneDate", receipt.text().doneDate());
        same(expect, "text", receipt.text().text());
        same(expect, "rawState", receipt.rawState());
        if (expect.has("intermediate")) {
            assertEquals(expect.path("intermediate").asBoolean(), receipt.intermediate(), "intermediate");
        }
        var error = expect.path("networkError");
        if (error.isObject()) {
            assertEquals(
                    Optional.of(new Receipt.NetworkError(
                            Optional.of(error.path("type").asInt()),
                            error.path("code").asInt())),
                    receipt.networkError(),
                    "network_error_code");
        }
        if (expect.has("networkErrorRaw")) {
            assertEquals(
                    Optional.of(new Receipt.NetworkError(Optional.empty(), 11)),
                    receipt.networkError(),
                    "ASCII digits");
        }
    }

    private static void same(JsonNode expect, String field, Optional<?> read) {
        if (expect.has(field)) {
            assertEquals(textOf(expect.path(field)), read.map(Objects::toString), field);
        }
    }

    private static Optional<String> textOf(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? Optional.empty() : Optional.of(value.asString());
    }

    private static void fate(Received.Fate fate, JsonNode expect) {
        boolean isFinal = expect.path("final").asBoolean(false);
        boolean delivered = expect.path("state").asString("").equals("delivered");
        switch (fate) {
            case Received.Fate.Delivered() -> assertTrue(isFinal && delivered, "delivered");
            case Received.Fate.Pending _ -> assertTrue(!isFinal, "pending");
            case Received.Fate.Failed _ -> assertTrue(isFinal && !delivered, "failed");
        }
    }

    private static void text(Received.Text text, JsonNode expect) {
        assertEquals(expect.path("text").asString(), Reassembly.mended(text.text()));
        var concat = expect.path("concat");
        if (concat.isObject()) {
            var read = text.concat().orElseThrow();
            assertEquals(concat.path("ref").asInt(), read.ref());
            assertEquals(concat.path("total").asInt(), read.total());
            assertEquals(concat.path("seq").asInt(), read.seq());
        }
    }

    static Stream<ReceiptVectors.Row> ofAnAlphabet() {
        return messages().filter(row -> row.input().has("defaultAlphabet"));
    }

    /// `data_coding` 0 is the SMSC's own alphabet (SMPP v3.4 §5.2.19): the same octets are another text
    /// where the link is told that it is GSM 7-bit.
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofAnAlphabet")
    void readsTheDefaultAlphabetThatTheLinkIsToldOf(ReceiptVectors.Row row) {
        assertEquals("latin1", row.input().path("defaultAlphabet").asString());
        var gsm = new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of()).decode(inbound(row.pdu()));
        var text = assertInstanceOf(Received.Text.class, gsm);
        assertEquals(row.expect().path("lenientText").asString(), text.text());
    }

    static Stream<ReceiptVectors.Row> ids() {
        return ReceiptVectors.all().filter(row -> row.category().equals("id-match"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ids")
    void recognisesItsOwnId(ReceiptVectors.Row row) {
        var way = MessageIdsTest.surest(
                row.input().path("submitSmRespId").asString(),
                row.input().path("receiptId").asString());
        assertEquals(
                row.expect().path("match").asBoolean(),
                way != null,
                row.expect().path("how").asString());
    }

    static Stream<ReceiptVectors.Row> all() {
        return ReceiptVectors.all().filter(ReceiptVectors.Row::hasPdu);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void endsForEveryBeginningAndEveryChangedOctet(ReceiptVectors.Row row) {
        var pdu = row.pdu();
        IntStream.rangeClosed(0, pdu.length).forEach(end -> readable(Arrays.copyOf(pdu, end)));
        for (int i = 0; i < pdu.length; i++) {
            for (int octet : new int[] {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
                var changed = pdu.clone();
                changed[i] = (byte) octet;
                readable(changed);
            }
        }
    }

    static Stream<Long> seeds() {
        return IntStream.range(0, 50).mapToObj(i -> 20_261_124L + i);
    }

    /// Whatever an SMSC sends, a value comes back, soon, and no bigger than the PDU.
    @ParameterizedTest
    @MethodSource("seeds")
    void endsForAnythingAtAll(long seed) {
        var random = new Random(seed);
        var rows = all().map(ReceiptVectors.Row::pdu).toList();
        for (int i = 0; i < 400; i++) {
            var pdu = rows.get(random.nextInt(rows.size())).clone();
            int changes = 1 + random.nextInt(12);
            for (int change = 0; change < changes; change++) {
                pdu[random.nextInt(pdu.length)] = (byte) random.nextInt();
            }
            readable(pdu);
            var noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            if (noise.length > 8) {
                noise[4] = 0;
                noise[5] = 0;
                noise[6] = 0;
                noise[7] = 5;
            }
            readable(noise);
        }
    }

    /// The worst texts for a parser that backtracks: names without end, blanks without end.
    @Test
    void readsHostileTextsInLinearTime() {
        for (var unit : new String[] {"id:", " id:", "text:stat:", " stat: ", "submit ", "done date", "\r\n", "0"}) {
            var text = unit.repeat(60_000 / unit.length());
            var begin = System.nanoTime();
            assertNotNull(ReceiptText.read(text));
            assertTrue(System.nanoTime() - begin < 2_000_000_000L, unit);
        }
    }

    private static void readable(byte[] pdu) {
        assertNotNull(DECODER.decode(inbound(pdu)));
        if (MessagePdu.read(pdu) instanceof MessagePdu.Read.Ok(var message)) {
            var fate = Receipt.of(message).fate();
            assertTrue(fate.toString().length() < 400, "bounded words");
        }
    }

    private static Inbound inbound(byte[] pdu) {
        return new Inbound("acme", SmppKind.KIND, pdu, Optional.empty(), Instant.EPOCH);
    }

    @Test
    void hasTheSameRowsAsTheOriginal() throws IOException {
        var original = Path.of("../../shared/vectors/smpp-receipts.json");
        Assumptions.assumeTrue(Files.exists(original), "no originals beside this clone");
        try (var copy = ReceiptVectors.class.getResourceAsStream("/vectors/smpp-receipts.json")) {
            assertArrayEquals(
                    Files.readAllBytes(original), Objects.requireNonNull(copy).readAllBytes());
        }
    }
}
