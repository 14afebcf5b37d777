package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.Received;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// Receipts as SMSCs were seen to send them, besides those of the vectors.
@DisplayName("Receipts in unusual forms")
class ReceiptFormsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, nullValues = "-", textBlock = """
            form                        | text                                                                                       | id       | state         | err  | said
            the state without its name  | id:ce5bc5a9 sub:000 dlvrd:000 submit date:180903120815 done date:180903120816 DELIVRD err:000 Text: | ce5bc5a9 | DELIVERED     | 000  | ''
            the text first              | text:hello id:42 sub:001 dlvrd:001 submit date:1701240904 done date:1701240904 stat:DELIVRD err:000 | 42       | DELIVERED     | 000  | hello
            the text first, empty       | text: id:43 stat:UNDELIV err:001                                                           | 43       | UNDELIVERABLE | 001  | ''
            fields in the text          | id:44 stat:DELIVRD err:000 text:my id:9 stat:UNDELIV                                       | 44       | DELIVERED     | 000  | my id:9 stat:UNDELIV
            an id in the text alone     | stat:DELIVRD err:000 text:my id:9                                                          | -        | DELIVERED     | 000  | my id:9
            commas between              | id:45,sub:001,dlvrd:001,submit date:1701240904,done date:1701240904,stat:DELIVRD,err:000,text:a,b | 45 | DELIVERED     | 000  | a,b
            semicolons between          | id:46;stat:EXPIRED;err:27;                                                                 | 46       | EXPIRED       | 27   | -
            underscores in the names    | id:47 submit_date:1701240904 done_date:1701240904 stat:DELIVRD                             | 47       | DELIVERED     | -    | -
            blanks before the colons    | id :48 stat :DELIVRD err :000 text :hi                                                     | 48       | DELIVERED     | 000  | hi
            a state by its full name    | ID:149994-1165 STAT:Delivered id:28d2e34e sub:001 dlvrd:001 err:000 text:1234              | 149994-1165 | DELIVERED  | 000  | 1234
            no credit left              | id:49 stat:NOCRED err:500 text:                                                            | 49       | REJECTED      | 500  | ''
            an error of the carrier     | id:50 stat:SYSERR err:001 text:                                                            | 50       | UNDELIVERABLE | 001  | ''
            a barred number             | id:51 stat:BARRED err:000 text:                                                            | 51       | UNDELIVERABLE | 000  | ''
            no money on the phone       | id:52 stat:ZEROBAL err:000 text:                                                           | 52       | UNDELIVERABLE | 000  | ''
            JSON                        | {"id":"54","sub":"001","submit date":"2611240905","stat":"DELIVRD","err":"000","text":"hi"} | 54 | DELIVERED     | 000  | hi
            JSON with blanks            | { "id": "55", "stat": "UNDELIV", "err": 21 }                                               | 55       | UNDELIVERABLE | 21   | -
            equals signs                | id=56 sub=001 dlvrd=000 stat=EXPIRED err=027 text=hi                                       | 56       | EXPIRED       | 027  | hi
            quoted values               | id:"57" stat:"DELIVRD" err:"000"                                                           | 57       | DELIVERED     | 000  | -
            a mark of UTF-8 in front    | ï»¿id:58 stat:DELIVRD err:000                                                              | 58       | DELIVERED     | 000  | -
            a name before the id        | message-id:59 stat:DELIVRD err:000                                                         | 59       | DELIVERED     | 000  | -
            in brackets                 | [id:60] [stat:REJECTD] [err:069]                                                           | 60       | REJECTED      | 069  | -
            another field that ends so  | smscid:9 id:61 substat:UNDELIV stat:DELIVRD err:000                                        | 61       | DELIVERED     | 000  | -
            no dates                    | id:62 sub:001 dlvrd:001 submit date:0000000000 done date:0000000000 stat:DELIVRD err:000   | 62       | DELIVERED     | 000  | -
            words for a date            | id:63 submit date:null done date:N/A stat:DELIVRD err:null                                 | 63       | DELIVERED     | null | -
            an id with a slash          | id:4711/2 sub:001 stat:ACCEPTD err:0                                                       | 4711/2   | ACCEPTED      | 0    | -
            an id like an address       | id:<64@smsc.example> stat:DELIVRD err:0                                                    | <64@smsc.example> | DELIVERED | 0 | -
            an id longer than any       | id:0123456789012345678901234567890123456789012345678901234567890123 stat:DELIVRD err:0     | 0123456789012345678901234567890123456789012345678901234567890123 | DELIVERED | 0 | -
            an error with a sign        | id:65 stat:UNDELIV err:-1                                                                  | 65       | UNDELIVERABLE | -1   | -
            an error in hexadecimal     | id:66 stat:UNDELIV err:0x0B                                                                | 66       | UNDELIVERABLE | 0x0B | -
            an error in words           | id:67 stat:UNDELIV err:EC_ABSENT_SUBSCRIBER text:                                          | 67       | UNDELIVERABLE | EC_ABSENT_SUBSCRIBER | ''
            a state that names delivery | id:68 stat:NOTDELIVRD err:000                                                              | 68       | UNKNOWN       | 000  | -
            delivery by a person's word | id:69 stat:PENDING err:000 text:stat:DELIVRD                                               | 69       | UNKNOWN       | 000  | stat:DELIVRD
            tabs between                | id:70	sub:001	dlvrd:001	stat:DELIVRD	err:000                                              | 70       | DELIVERED     | 000  | -
            the state first             | stat:DELIVRD id:71 err:000 text:a                                                          | 71       | DELIVERED     | 000  | a
            two receipts in one         | id:72 stat:DELIVRD err:000 id:73 stat:UNDELIV err:001                                      | 72       | DELIVERED     | 000  | -
            no id at all                | sub:001 dlvrd:001 submit date:2407190905 done date:2407191705 stat:UNDELIV err:000 text:dlink/veri | - | UNDELIVERABLE | 000  | dlink/veri
            an empty id                 | id: sub:001 dlvrd:000 submit date:2401010000 done date:2401010001 stat:UNDELIV err:001 text:failed | - | UNDELIVERABLE | 001  | failed
            fields of the operator's    | id:40072910491419819 sub:001 dlvrd:001 submit date:1007291049 done date:1007291049 stat:UNDELIV err:001 IMSI: MSC: ORN:VipNet MCCMNC: | 40072910491419819 | UNDELIVERABLE | 001 | -
            an error of eight digits    | id:74 stat:UNDELIV err:0x0000000B                                                          | 74       | UNDELIVERABLE | 0x0000000B | -
            a state that is no word     | id:75 sub:000 dlvrd:000 submit date:0000000000 done date:0000000000 stat:BADSTAT err:000 text: | 75 | UNKNOWN   | 000  | ''
            dates of two widths         | id:76 submit date:2302231414 done date:230223194211 stat:DELIVRD err:000 text:Hello        | 76       | DELIVERED     | 000  | Hello
            no report from the operator | id:53 stat:NULL err:000 text:                                                              | 53       | UNKNOWN       | 000  | ''
            """)
    void readsEachField(
            String form,
            String text,
            @Nullable String id,
            MessageState state,
            @Nullable String err,
            @Nullable String said) {
        var receipt = Receipt.of(pdu(0x04, 0, text.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(Optional.ofNullable(id), receipt.id(), "id");
        assertEquals(Optional.of(state), receipt.state(), "state");
        assertEquals(Optional.ofNullable(err), receipt.text().err(), "err");
        assertEquals(Optional.ofNullable(said), receipt.text().text(), "text");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            180711070003912+          | 2018-07-11T07:00:03
            2024-03-21 12:00:01       | 2024-03-21T12:00:01
            2024-03-21T12:00:01.123Z  | 2024-03-21T12:00:01
            2024-03-21T12:00:01+02:00 | 2024-03-21T12:00:01
            201906190720              | 2019-06-19T07:20
            0000000000                | -
            1764042000000             | -
            1764042000                | -
            260711124530              | 2026-07-11T12:45:30
            20260711124530            | 2026-07-11T12:45:30
            260711124530000+          | 2026-07-11T12:45:30
            26-07-11 12:45            | 2026-07-11T12:45
            11/07/2026 12:45:30       | -
            20260711                  | -
            2607111                   | -
            2613111245                | -
            NULL                      | -
            """)
    void readsADate(String written, @Nullable String date) {
        assertEquals(Optional.ofNullable(date).map(LocalDateTime::parse), ReceiptText.date(written));
    }

    /// `header` stands in front of the text, as `esm_class` 0x44 says.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            form                        | header         | charset
            a place among parts         | 0500037A0101   | ISO-8859-1
            a port that ends in a letter | 0605040B8423F0 | ISO-8859-1
            a place, and UTF-16         | 0500037A0101   | UTF-16BE
            a place of 16 bits, UTF-16  | 06080400FF0101 | UTF-16BE
            no header at all            | ''             | ISO-8859-1
            UTF-16 with a mark          | FEFF           | UTF-16BE
            UTF-16 the other way round  | FFFE           | UTF-16LE
            """)
    void readsATextBehindAHeader(String form, String header, Charset charset) {
        var octets = new ByteArrayOutputStream();
        octets.writeBytes(HexFormat.of().parseHex(header));
        octets.writeBytes("id:4711 sub:001 dlvrd:001 submit date:2611240905 done date:2611240906 stat:DELIVRD err:000"
                .getBytes(charset));
        var receipt = Receipt.of(pdu(0x44, 0x08, octets.toByteArray()));
        assertEquals(Optional.of("4711"), receipt.id());
        assertEquals(Optional.of(MessageState.DELIVERED), receipt.state());
    }

    private static final String USUAL =
            "id:4711 sub:001 dlvrd:001 submit date:2611240905 done date:2611240906 stat:DELIVRD err:000 text:hi";

    private static final String PACKED = packed(USUAL);

    private static String packed(String text) {
        var out = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (int i = 0; i < text.length(); i++) {
            bits |= text.charAt(i) << held;
            held += 7;
            while (held >= 8) {
                out.write(bits);
                bits >>= 8;
                held -= 8;
            }
        }
        if (held > 0) {
            out.write(bits);
        }
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String tlv(String tag, String value) {
        return tag + "%04x".formatted(value.length() / 2) + value;
    }

    /// One PDU each: esm_class, short_message and what follows it.
    static Stream<Arguments> carriers() {
        var id = tlv("001e", hex("4711") + "00");
        var state = tlv("0427", "02");
        return Stream.of(
                Arguments.of("packed septets, as on the air", 0x04, PACKED, ""),
                Arguments.of("in message_payload beside a blank", 0x04, "20", tlv("0424", hex(USUAL))),
                Arguments.of("in message_payload beside a NUL", 0x04, "00", tlv("0424", hex(USUAL))),
                Arguments.of("packed in message_payload", 0x04, "", tlv("0424", PACKED)),
                Arguments.of("a state of two octets", 0x04, "", id + tlv("0427", "0002")),
                Arguments.of("a state of four octets", 0x04, "", id + tlv("0427", "00000002")),
                Arguments.of("an id with blanks around", 0x04, "", tlv("001e", hex(" 4711 ") + "00") + state),
                Arguments.of("an id with two NULs", 0x04, "", tlv("001e", hex("4711") + "0000") + state),
                Arguments.of("an empty id, and one in the text", 0x04, hex(USUAL), tlv("001e", "00") + state),
                Arguments.of("the text says less than the state", 0x04, hex("id:4711 stat:UNKNOWN"), state),
                Arguments.of("a wrong network_error_code", 0x04, hex(USUAL), tlv("0423", "03")),
                Arguments.of("not marked, the usual text", 0x00, hex(USUAL), ""),
                Arguments.of(
                        "not marked, no error",
                        0x00,
                        hex("id:4711 submit date:2611240905 done date:2611240906 stat:DELIVRD"),
                        ""),
                Arguments.of("not marked, no dates", 0x00, hex("id:4711 sub:001 dlvrd:001 stat:DELIVRD err:000"), ""),
                Arguments.of("not marked, an id beside the text", 0x00, hex("stat:DELIVRD err:000"), id),
                Arguments.of("marked twice, no header", 0x44, hex(USUAL), ""),
                Arguments.of("a header of a length that cannot be", 0x44, "05" + hex(USUAL), ""),
                Arguments.of("octets in front", 0x04, "8401ff" + hex(USUAL), ""),
                Arguments.of("octets behind", 0x04, hex(USUAL) + "0000ff80", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("carriers")
    void findsTheReceiptWhateverCarriesIt(String form, int esmClass, String message, String tlvs) {
        var text = HexFormat.of().parseHex(message);
        var octets = new ByteArrayOutputStream();
        octets.writeBytes(deliverSm("491700000001", "12025550101", esmClass, 0, text));
        octets.writeBytes(HexFormat.of().parseHex(tlvs));
        var report = assertInstanceOf(
                Received.Report.class,
                new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of())
                        .decode(inbound(octets.toByteArray())));
        assertEquals(Optional.of("4711"), report.reference());
        assertEquals(new Received.Fate.Delivered(), report.fate());
    }

    /// What people write is theirs, whatever it looks like.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "id:4711",
                "id:4711 stat:lost",
                "id:4711 stat:DELIVRD",
                "my id:4711 sub:001 dlvrd:001 stat:DELIVRD err:000",
                "Did you get id:4711? stat:EXPIRED err:1",
                "{\"id\":\"4711\",\"stat\":\"DELIVRD\"}",
            })
    void doesNotTakeAPersonsTextForAReceipt(String text) {
        var octets = deliverSm("491700000001", "12025550101", 0, 0, text.getBytes(StandardCharsets.ISO_8859_1));
        assertInstanceOf(
                Received.Text.class,
                new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.LATIN1, _ -> List.of()).decode(inbound(octets)));
    }

    /// A receipt too long for one message comes in parts, the first of which says it all; the others go
    /// on with the text.
    @Test
    void theRestOfAReceiptInPartsSaysNothing() {
        var decoder = new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of());
        var first = deliverSm("491700000001", "12025550101", 0x44, 0, part(1, USUAL));
        var report = assertInstanceOf(Received.Report.class, decoder.decode(inbound(first)));
        assertEquals(Optional.of("4711"), report.reference());
        var rest = deliverSm("491700000001", "12025550101", 0x44, 0, part(2, " and what else was said"));
        assertInstanceOf(Received.Machine.class, decoder.decode(inbound(rest)));
        var state = deliverSm("491700000001", "12025550101", 0x44, 0, part(2, "id:4712 stat:EXPIRED err:000"));
        assertInstanceOf(Received.Report.class, decoder.decode(inbound(state)));
    }

    private static byte[] part(int seq, String text) {
        var octets = new ByteArrayOutputStream();
        octets.writeBytes(new byte[] {5, 0, 3, 0x7A, 2, (byte) seq});
        octets.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return octets.toByteArray();
    }

    /// The phone is +491700000001 and we are +12025550101.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, nullValues = "-", textBlock = """
            addresses                      | source       | destination  | recipient
            turned round, as they should be | 491700000001 | 12025550101  | +491700000001
            as they were in the submit     | 12025550101  | 491700000001 | +491700000001
            the same, with a plus          | +12025550101 | 491700000001 | +491700000001
            the same, in national form     | 2025550101   | 491700000001 | +491700000001
            from another line of the account | 12025550102 | 491700000001 | +491700000001
            no source                      | ''           | 12025550101  | -
            we wrote to ourselves          | 12025550101  | 12025550101  | +12025550101
            """)
    void knowsTheRecipient(String addresses, String source, String destination, @Nullable String recipient) {
        var message = "id:4711 stat:DELIVRD err:000".getBytes(StandardCharsets.US_ASCII);
        var decoder =
                new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of("+12025550101", "+12025550102"));
        var report = assertInstanceOf(
                Received.Report.class, decoder.decode(inbound(deliverSm(source, destination, 0x04, 0, message))));
        assertEquals(Optional.ofNullable(recipient), report.recipient());
    }

    private static MessagePdu pdu(int esmClass, int dataCoding, byte[] message) {
        var octets = deliverSm("491700000001", "12025550101", esmClass, dataCoding, message);
        assertInstanceOf(
                Received.Report.class,
                new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of()).decode(inbound(octets)));
        return assertInstanceOf(MessagePdu.Read.Ok.class, MessagePdu.read(octets))
                .pdu();
    }

    private static byte[] deliverSm(String source, String destination, int esmClass, int dataCoding, byte[] message) {
        var pdu = new ByteArrayOutputStream();
        pdu.writeBytes(HexFormat.of().parseHex("00000000" + "00000005" + "00000000" + "00000001")); // the header
        pdu.write(0); // service_type
        for (var address : List.of(source, destination)) {
            pdu.writeBytes(new byte[] {1, 1}); // international, ISDN
            pdu.writeBytes(address.getBytes(StandardCharsets.US_ASCII));
            pdu.write(0);
        }
        pdu.write(esmClass);
        pdu.writeBytes(new byte[6]); // protocol_id to replace_if_present_flag
        pdu.write(dataCoding);
        pdu.write(0); // sm_default_msg_id
        pdu.write(message.length);
        pdu.writeBytes(message);
        return pdu.toByteArray();
    }

    private static Inbound inbound(byte[] pdu) {
        return new Inbound("acme", SmppKind.KIND, pdu, Optional.empty(), Instant.EPOCH);
    }
}
