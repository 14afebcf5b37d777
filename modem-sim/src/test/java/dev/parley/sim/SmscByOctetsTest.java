package dev.parley.sim;

import dev.parley.sim.network.Handset;
import dev.parley.sim.network.Reach;
import dev.parley.sim.network.Received;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.smpp.SmppListener;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The SMSC's port as SMPP v3.4 has it, clause by clause, spoken to in octets so that no library stands
/// between.
@DisplayName("The SMSC, octet by octet")
@Timeout(60)
class SmscByOctetsTest {
    private static final int RESPONSE = 0x8000_0000;
    private static final int TRANSMITTER = 0x02;
    private static final int TRANSCEIVER = 0x09;
    private static final int SUBMIT_SM = 0x04;
    private static final int DELIVER_SM = 0x05;
    private static final int CANCEL_SM = 0x08;
    private static final int SUBMIT_MULTI = 0x21;
    private static final int DATA_SM = 0x103;
    private static final String LINE = "12025550101";
    private static final String ANN = "12025550111";

    private final Smsc smsc = new Smsc();
    private SmppListener port;
    private Session session;

    @BeforeEach
    void open() throws IOException {
        port = SmppListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), smsc);
        session = new Session();
    }

    @AfterEach
    void close() throws IOException {
        session.socket.close();
        port.close();
        smsc.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Pdu(int commandId, int status, int sequence, byte[] body) {
        String text() {
            int at = after(body, after(body, after(body, 0) + 2) + 2); // at esm_class
            at = after(body, after(body, at + 3)) + 4;
            int length = body[at] & 0xFF;
            return new String(body, at + 1, length, StandardCharsets.ISO_8859_1);
        }

        /// Of a `deliver_sm`.
        int esmClass() {
            return body[after(body, after(body, after(body, 0) + 2) + 2)] & 0xFF;
        }

        String messageId() {
            return new String(body, 0, after(body, 0) - 1, StandardCharsets.ISO_8859_1);
        }

        private static int after(byte[] body, int from) {
            int at = from;
            while (body[at] != 0) {
                at++;
            }
            return at + 1;
        }
    }

    private final class Session {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
        private final DataInputStream in = new DataInputStream(socket.getInputStream());
        private final List<Pdu> early = new ArrayList<>();
        private int sequence;

        Session() throws IOException {
            socket.setSoTimeout(10_000);
        }

        void send(int commandId, int number, byte[] body) throws IOException {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(16 + body.length)
                            .putInt(16 + body.length)
                            .putInt(commandId)
                            .putInt(0)
                            .putInt(number)
                            .put(body)
                            .array());
        }

        Pdu read() throws IOException {
            int length = in.readInt();
            var pdu = new Pdu(in.readInt(), in.readInt(), in.readInt(), new byte[length - 16]);
            in.readFully(pdu.body);
            return pdu;
        }

        /// The answer to a request. What the SMSC says before it is kept for [#delivered].
        Pdu ask(int commandId, byte[] body) throws IOException {
            int number = ++sequence;
            send(commandId, number, body);
            while (true) {
                var pdu = read();
                if ((pdu.commandId & RESPONSE) != 0) {
                    assertEquals(number, pdu.sequence);
                    return pdu;
                }
                early.add(pdu);
            }
        }

        private void answer(Pdu pdu) throws IOException {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(17)
                            .putInt(17)
                            .putInt(pdu.commandId | RESPONSE)
                            .putInt(0)
                            .putInt(pdu.sequence)
                            .put((byte) 0)
                            .array());
        }

        /// The next message of the SMSC's, answered.
        Pdu delivered() throws IOException {
            var pdu = early.isEmpty() ? read() : early.removeFirst();
            assertEquals(DELIVER_SM, pdu.commandId);
            answer(pdu);
            return pdu;
        }

        /// Empty if none comes in the time in which it would.
        Optional<Pdu> deliveredAtAll() throws IOException {
            socket.setSoTimeout(300);
            try {
                return Optional.of(delivered());
            } catch (SocketTimeoutException _) {
                return Optional.empty();
            } finally {
                socket.setSoTimeout(10_000);
            }
        }

        Session bound(int as) throws IOException {
            assertEquals(0, ask(as, bind(0x34)).status);
            return this;
        }
    }

    private static byte[] bind(int version) {
        return new Body()
                .text("parley")
                .text("secret")
                .text("")
                .octets(version, 0, 0)
                .text("")
                .bytes();
    }

    private static final class Body {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Body text(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            out.write(0);
            return this;
        }

        Body octets(int... octets) {
            for (int octet : octets) {
                out.write(octet);
            }
            return this;
        }

        Body bytes(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Body tlv(int tag, byte... value) {
            return octets(tag >> 8, tag, value.length >> 8, value.length).bytes(value);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    /// A `submit_sm`, most of whose fields are what they mostly are.
    private static final class Submit {
        private int esmClass;
        private String schedule = "";
        private String validity = "";
        private int registeredDelivery;
        private int dataCoding;
        private byte[] message = {'h', 'i'};
        private byte[] tlvs = {};

        byte[] bytes() {
            return new Body()
                    .text("")
                    .octets(1, 1)
                    .text(LINE)
                    .octets(1, 1)
                    .text(ANN)
                    .bytes(rest())
                    .bytes();
        }

        /// What follows the destinations.
        byte[] rest() {
            return new Body()
                    .octets(esmClass, 0, 0)
                    .text(schedule)
                    .text(validity)
                    .octets(registeredDelivery, 0, dataCoding, 0, message.length)
                    .bytes(message)
                    .bytes(tlvs)
                    .bytes();
        }
    }

    private Handset ann(Reach reach) {
        var handset = smsc.used("+" + ANN);
        smsc.change(handset, new Handset.Settings(reach, Duration.ZERO, Optional.empty()));
        return handset;
    }

    // ---- sessions ----

    @ParameterizedTest
    @CsvSource({
        "1, 0x33, false", "2, 0x33, false", "9, 0x33, false",
        "1, 0x34, true", "2, 0x34, true", "9, 0x34, true",
        "1, 0x50, true", "2, 0x50, true", "9, 0x50, true",
    })
    void bindsInEachWayAndVersion(int as, String version, boolean optionalParameters) throws IOException {
        int wanted = Integer.decode(version);
        var response = session.ask(as, bind(wanted));
        assertEquals(as | RESPONSE, response.commandId);
        assertEquals(0, response.status);
        var name = new Body().text("parley-sim");
        assertEquals(
                Arrays.toString(
                        optionalParameters ? name.tlv(0x0210, (byte) wanted).bytes() : name.bytes()),
                Arrays.toString(response.body),
                "sc_interface_version is for those who know it");
        assertEquals(0x05, session.ask(as, bind(wanted)).status, "ESME_RALYBND");
        assertEquals(0, session.ask(0x06, new byte[0]).status, "unbind");
        assertEquals(-1, session.in.read(), "and the connection ends");
    }

    @ParameterizedTest(name = "{0} before the bind, {1} bound to receive, {2} bound to send")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            request           | unbound    | receiver   | transmitter
            submit_sm         | 0x04       | 0x04       | 0x00
            submit_multi      | 0x04       | 0x04       | 0x33
            data_sm           | 0x04       | 0x04       | 0x00
            query_sm          | 0x04       | 0x04       | 0x67
            cancel_sm         | 0x04       | 0x04       | 0x11
            replace_sm        | 0x04       | 0x04       | 0x13
            enquire_link      | 0x00       | 0x00       | 0x00
            outbind           | nack       | nack       | nack
            0x00000077        | nack       | nack       | nack
            """)
    void answersEachRequestByTheStateOfTheSession(String request, String unbound, String receiver, String transmitter)
            throws IOException {
        answers(request, unbound);
        session.bound(0x01);
        answers(request, receiver);
        session.socket.close();
        session = new Session().bound(TRANSMITTER);
        answers(request, transmitter);
    }

    private void answers(String request, String expected) throws IOException {
        int commandId = switch (request) {
            case "submit_sm" -> SUBMIT_SM;
            case "submit_multi" -> SUBMIT_MULTI;
            case "data_sm" -> DATA_SM;
            case "query_sm" -> 0x03;
            case "cancel_sm" -> CANCEL_SM;
            case "replace_sm" -> 0x07;
            case "enquire_link" -> 0x15;
            case "outbind" -> 0x0B;
            default -> Integer.decode(request);
        };
        var body = switch (commandId) {
            case SUBMIT_SM -> new Submit().bytes();
            case SUBMIT_MULTI -> multi(new Submit());
            case DATA_SM -> dataSm(0, new byte[0]);
            case 0x03 -> new Body().text("none").octets(1, 1).text(LINE).bytes();
            case CANCEL_SM -> cancel("none");
            default -> new byte[0];
        };
        var response = session.ask(commandId, body);
        if (expected.equals("nack")) {
            assertEquals(RESPONSE, response.commandId, "generic_nack");
            assertEquals(0x03, response.status, "ESME_RINVCMDID");
        } else {
            assertEquals(commandId | RESPONSE, response.commandId);
            assertEquals(Integer.decode(expected), response.status);
        }
    }

    private static byte[] multi(Submit submit, String... destinations) {
        var body = new Body().text("").octets(1, 1).text(LINE).octets(destinations.length);
        for (var destination : destinations) {
            if (destination.startsWith("list ")) {
                body.octets(2).text(destination.substring(5));
            } else {
                body.octets(1, 1, 1).text(destination);
            }
        }
        return body.bytes(submit.rest()).bytes();
    }

    private static byte[] dataSm(int registeredDelivery, byte[] tlvs) {
        return new Body()
                .text("")
                .octets(1, 1)
                .text(LINE)
                .octets(1, 1)
                .text(ANN)
                .octets(0, registeredDelivery, 0)
                .tlv(0x0424, "hi".getBytes(StandardCharsets.US_ASCII))
                .bytes(tlvs)
                .bytes();
    }

    private static byte[] cancel(String id) {
        return new Body()
                .text("")
                .text(id)
                .octets(1, 1)
                .text(LINE)
                .octets(1, 1)
                .text(ANN)
                .bytes();
    }

    // ---- messages ----

    @Test
    void submitsToSeveralAndSaysWhoCannotHaveIt() throws IOException {
        session.bound(TRANSCEIVER);
        var response = session.ask(SUBMIT_MULTI, multi(new Submit(), ANN, "list friends", "12025550112"));
        assertEquals(0, response.status);
        var id = response.messageId();
        assertEquals(
                Arrays.toString(new Body()
                        .text(id)
                        .octets(1)
                        .octets(0, 0)
                        .text("friends")
                        .octets(0, 0, 0, 0x0B)
                        .bytes()),
                Arrays.toString(response.body));
        for (var number : List.of("+" + ANN, "+12025550112")) {
            Await.until("it has it", () -> smsc.used(number).received(), received -> received.size() == 1);
        }
        assertEquals(0x0B, session.ask(SUBMIT_MULTI, multi(new Submit(), "list friends")).status);
    }

    /// Each alphabet by each way that a long text goes.
    @ParameterizedTest
    @CsvSource({
        "0, GSM7, udh", "0, GSM7, sar", "0, GSM7, payload",
        "3, ISO-8859-1, udh", "3, ISO-8859-1, sar", "3, ISO-8859-1, payload",
        "8, UTF-16BE, udh", "8, UTF-16BE, sar", "8, UTF-16BE, payload",
    })
    void putsLongTextsTogetherAtThePhone(int dataCoding, String charset, String way) throws IOException {
        session.bound(TRANSCEIVER);
        var handset = ann(Reach.ON);
        var text = switch (charset) {
            case "GSM7" -> "plain text, ".repeat(16);
            case "ISO-8859-1" -> "Größe, naïve, ".repeat(16);
            default -> "Привет, ".repeat(16);
        };
        var octets = charset.equals("GSM7")
                ? text.getBytes(StandardCharsets.US_ASCII)
                : text.getBytes(Charset.forName(charset));
        int each = dataCoding == 3 ? 64 : 128;
        int total = way.equals("payload") ? 1 : (octets.length + each - 1) / each;
        for (int part = total; part >= 1; part--) { // the last first
            var submit = new Submit();
            submit.dataCoding = dataCoding;
            var piece = Arrays.copyOfRange(octets, (part - 1) * each, Math.min(part * each, octets.length));
            switch (way) {
                case "udh" -> {
                    submit.esmClass = 0x43; // UDHI, and store and forward
                    submit.message = new Body()
                            .octets(5, 0, 3, 7, total, part)
                            .bytes(piece)
                            .bytes();
                }
                case "sar" -> {
                    submit.message = piece;
                    submit.tlvs = new Body()
                            .tlv(0x020C, (byte) 0, (byte) 7)
                            .tlv(0x020E, (byte) total)
                            .tlv(0x020F, (byte) part)
                            .bytes();
                }
                default -> {
                    submit.message = new byte[0];
                    submit.tlvs = new Body().tlv(0x0424, octets).bytes();
                }
            }
            assertEquals(0, session.ask(SUBMIT_SM, submit.bytes()).status);
        }
        var received = Await.until("it is whole", handset::received, all -> !all.isEmpty());
        assertEquals(List.of(text), received.stream().map(Received::text).toList());
        assertTrue(received.getFirst().parts() > 1, "over the air it is several");
    }

    /// `registered_delivery` (§5.2.17): bits 1 and 0 the final outcome, bit 4 intermediate notification.
    @ParameterizedTest(name = "registered_delivery {0}, the phone is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            0x00 | ON     | ''
            0x01 | ON     | 0x04 DELIVRD
            0x02 | ON     | ''
            0x03 | ON     | 0x04 DELIVRD
            0x11 | ON     | 0x04 DELIVRD
            0x00 | REJECT | ''
            0x01 | REJECT | 0x04 UNDELIV
            0x02 | REJECT | 0x04 UNDELIV
            0x03 | REJECT | ''
            0x01 | OFF    | 0x04 EXPIRED
            0x02 | OFF    | 0x04 EXPIRED
            0x11 | OFF    | 0x20 ENROUTE, 0x04 EXPIRED
            0x12 | OFF    | 0x20 ENROUTE, 0x04 EXPIRED
            0x10 | OFF    | 0x20 ENROUTE
            0x00 | OFF    | ''
            """)
    void tellsOfThoseOutcomesThatAreAskedFor(String registeredDelivery, Reach reach, String expected)
            throws IOException {
        session.bound(TRANSCEIVER);
        ann(reach);
        var submit = new Submit();
        submit.registeredDelivery = Integer.decode(registeredDelivery);
        submit.validity = "000000000001000R"; // a second
        assertEquals(0, session.ask(SUBMIT_SM, submit.bytes()).status);
        Await.until(
                "it has its end", smsc::counts, counts -> counts.delivered() + counts.failed() + counts.expired() == 1);
        var told = new ArrayList<String>();
        for (var next = session.deliveredAtAll(); next.isPresent(); next = session.deliveredAtAll()) {
            var text = next.get().text();
            int stat = text.indexOf("stat:") + 5;
            told.add("0x%02X %s".formatted(next.get().esmClass(), text.substring(stat, stat + 7)));
        }
        assertEquals(expected, String.join(", ", told));
    }

    @Test
    void aDataSmEndsWithItsTimeToLive() throws IOException {
        session.bound(TRANSCEIVER);
        ann(Reach.OFF);
        var tlvs =
                new Body().tlv(0x0017, (byte) 0, (byte) 0, (byte) 0, (byte) 1).bytes();
        assertEquals(0, session.ask(DATA_SM, dataSm(1, tlvs)).status);
        assertTrue(session.delivered().text().contains("stat:EXPIRED"));
    }

    @Test
    void keepsAMessageUntilItsTime() throws IOException {
        session.bound(TRANSCEIVER);
        var handset = ann(Reach.ON);
        var submit = new Submit();
        submit.schedule = "000000000001000R";
        submit.registeredDelivery = 1;
        long begin = System.nanoTime();
        assertEquals(0, session.ask(SUBMIT_SM, submit.bytes()).status);
        assertEquals(1, smsc.counts().waiting());
        assertTrue(session.delivered().text().contains("stat:DELIVRD"));
        assertTrue(System.nanoTime() - begin >= Duration.ofMillis(900).toNanos(), "not before");
        assertEquals(1, handset.received().size());

        submit.schedule = "000001000000000R"; // tomorrow
        var id = session.ask(SUBMIT_SM, submit.bytes()).messageId();
        assertEquals(0, session.ask(CANCEL_SM, cancel(id)).status);
        assertTrue(session.delivered().text().contains("stat:DELETED"));
        assertEquals(0, smsc.counts().waiting());
        submit.schedule = "tomorrow";
        assertEquals(0x61, session.ask(SUBMIT_SM, submit.bytes()).status, "ESME_RINVSCHED");
        submit.schedule = "";
        submit.validity = "991332000000000+";
        assertEquals(0x62, session.ask(SUBMIT_SM, submit.bytes()).status, "ESME_RINVEXPIRY");
    }
}
