package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                Received.Report.class, new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7).decode(inbound(octets)));
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
        return new Inbound("acme", LinkKind.SMPP, pdu, Optional.empty(), Instant.EPOCH);
    }
}
