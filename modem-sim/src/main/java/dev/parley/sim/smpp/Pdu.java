package dev.parley.sim.smpp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A PDU as octets: SMPP v3.4 §3.2. What it says is read with a [Reader] and written with a
/// [Writer].
@SuppressWarnings("ArrayRecordComponent") // on its way from or to the wire, compared by nobody
record Pdu(int commandId, int status, int sequence, byte[] body) {

    static final int HEADER_OCTETS = 16;
    static final int OCTETS_MAX = 128 * 1024;
    static final int RESPONSE = 0x8000_0000;

    static final int GENERIC_NACK = 0x8000_0000;
    static final int BIND_RECEIVER = 0x01;
    static final int BIND_TRANSMITTER = 0x02;
    static final int QUERY_SM = 0x03;
    static final int SUBMIT_SM = 0x04;
    static final int DELIVER_SM = 0x05;
    static final int UNBIND = 0x06;
    static final int REPLACE_SM = 0x07;
    static final int CANCEL_SM = 0x08;
    static final int BIND_TRANSCEIVER = 0x09;
    static final int ENQUIRE_LINK = 0x15;
    static final int SUBMIT_MULTI = 0x21;
    static final int DATA_SM = 0x103;

    static final int OK = 0x00;
    static final int INVALID_MESSAGE_LENGTH = 0x01;
    static final int INVALID_COMMAND_LENGTH = 0x02;
    static final int INVALID_COMMAND_ID = 0x03;
    static final int INVALID_BIND_STATUS = 0x04;
    static final int ALREADY_BOUND = 0x05;
    static final int INVALID_SOURCE = 0x0A;
    static final int INVALID_DESTINATION = 0x0B;
    static final int INVALID_MESSAGE_ID = 0x0C;
    static final int INVALID_PASSWORD = 0x0E;
    static final int INVALID_SYSTEM_ID = 0x0F;
    static final int CANCEL_FAILED = 0x11;
    static final int REPLACE_FAILED = 0x13;
    static final int QUEUE_FULL = 0x14;
    static final int THROTTLED = 0x58;
    static final int INVALID_DESTINATION_COUNT = 0x33;
    static final int INVALID_SCHEDULE = 0x61;
    static final int INVALID_EXPIRY = 0x62;
    static final int RECEIVER_TEMPORARY = 0x64;
    static final int QUERY_FAILED = 0x67;
    static final int SYSTEM_ERROR = 0x08;

    static final int QOS_TIME_TO_LIVE = 0x0017;
    static final int RECEIPTED_MESSAGE_ID = 0x001E;
    static final int SAR_MSG_REF_NUM = 0x020C;
    static final int SAR_TOTAL_SEGMENTS = 0x020E;
    static final int SAR_SEGMENT_SEQNUM = 0x020F;
    static final int SC_INTERFACE_VERSION = 0x0210;
    static final int NETWORK_ERROR_CODE = 0x0423;
    static final int MESSAGE_PAYLOAD = 0x0424;
    static final int MESSAGE_STATE = 0x0427;

    static Pdu response(Pdu request, int status, byte[] body) {
        return new Pdu(request.commandId | RESPONSE, status, request.sequence, body);
    }

    byte[] octets() {
        return ByteBuffer.allocate(HEADER_OCTETS + body.length)
                .putInt(HEADER_OCTETS + body.length)
                .putInt(commandId)
                .putInt(status)
                .putInt(sequence)
                .put(body)
                .array();
    }

    Reader reader() {
        return new Reader(body);
    }

    /// A body that cannot be read: `status` is the answer.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        final int status;

        Unreadable(int status, String why) {
            super(why);
            this.status = status;
        }
    }

    /// Reads a body field by field.
    static final class Reader {
        private final byte[] body;
        private int at;

        private Reader(byte[] body) {
            this.body = body;
        }

        int octet() throws Unreadable {
            if (at >= body.length) {
                throw new Unreadable(INVALID_MESSAGE_LENGTH, "the PDU ends at octet " + at);
            }
            return body[at++] & 0xFF;
        }

        String cString() throws Unreadable {
            int end = at;
            while (end < body.length && body[end] != 0) {
                end++;
            }
            if (end == body.length) {
                throw new Unreadable(INVALID_MESSAGE_LENGTH, "a string at octet " + at + " has no NUL");
            }
            var text = new String(body, at, end - at, StandardCharsets.ISO_8859_1);
            at = end + 1;
            return text;
        }

        byte[] octets(int count) throws Unreadable {
            if (count > body.length - at) {
                throw new Unreadable(INVALID_MESSAGE_LENGTH, count + " octets, " + (body.length - at) + " there");
            }
            at += count;
            return Arrays.copyOfRange(body, at - count, at);
        }

        Map<Integer, byte[]> tlvs() throws Unreadable {
            var tlvs = new HashMap<Integer, byte[]>();
            while (body.length - at >= 4) {
                int tag = (octet() << 8) | octet();
                int length = (octet() << 8) | octet();
                tlvs.putIfAbsent(tag, octets(length));
            }
            return tlvs;
        }
    }

    static Optional<Integer> octet(Map<Integer, byte[]> tlvs, int tag) {
        return Optional.ofNullable(tlvs.get(tag))
                .filter(value -> value.length == 1)
                .map(value -> value[0] & 0xFF);
    }

    /// Writes a body field by field.
    static final class Writer {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Writer octet(int value) {
            body.write(value);
            return this;
        }

        Writer cString(String text) {
            body.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            body.write(0);
            return this;
        }

        Writer octets(byte[] octets) {
            body.writeBytes(octets);
            return this;
        }

        Writer tlv(int tag, byte... value) {
            return octet(tag >> 8)
                    .octet(tag)
                    .octet(value.length >> 8)
                    .octet(value.length)
                    .octets(value);
        }

        byte[] body() {
            return body.toByteArray();
        }
    }
}
