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

    private static MessagePdu pdu(int esmClass, int dataCoding, byte[] message) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(HexFormat.of()
                .parseHex("00000000" + "00000005" + "00000000" + "00000001" // length, deliver_sm, status, sequence
                        + "00" + "0101" + "343931373000" // service_type, the phone
                        + "0101" + "343900")); // us
        body.write(esmClass);
        body.writeBytes(HexFormat.of().parseHex("0000" + "0000" + "0000")); // protocol_id to replace_if_present
        body.write(dataCoding);
        body.write(0); // sm_default_msg_id
        body.write(message.length);
        body.writeBytes(message);
        assertInstanceOf(
                Received.Report.class,
                new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7)
                        .decode(new Inbound(
                                "acme", LinkKind.SMPP, body.toByteArray(), Optional.empty(), Instant.EPOCH)));
        return assertInstanceOf(MessagePdu.Read.Ok.class, MessagePdu.read(body.toByteArray()))
                .pdu();
    }
}
