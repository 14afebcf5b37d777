package dev.parley.sms;

import java.util.Arrays;

/// Reads a PDU from front to back and knows, when something is wrong, in which field and where.
final class OctetReader {
    private final byte[] octets;
    private int position;

    OctetReader(byte[] octets) {
        this.octets = octets;
    }

    /// The one exception of the decoder. It never leaves the package: [Pdu] makes a [Decoded.Malformed]
    /// of it.
    static final class Unreadable extends RuntimeException {
        final String field;
        final int offset;
        final String why;

        Unreadable(String field, int offset, String why) {
            super(field + ": " + why, null, false, false); // nobody looks at its stack
            this.field = field;
            this.offset = offset;
            this.why = why;
        }
    }

    int octet(String field) {
        if (position >= octets.length) {
            throw new Unreadable(field, position, "the PDU ends before it");
        }
        return octets[position++] & 0xFF;
    }

    byte[] octets(String field, int count) {
        if (count > octets.length - position) {
            throw new Unreadable(
                    field, position, "%d octets expected, %d there".formatted(count, octets.length - position));
        }
        position += count;
        return Arrays.copyOfRange(octets, position - count, position);
    }

    int position() {
        return position;
    }

    int remaining() {
        return octets.length - position;
    }
}
