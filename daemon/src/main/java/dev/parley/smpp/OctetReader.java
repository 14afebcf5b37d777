package dev.parley.smpp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads a PDU field by field; what is missing is named with its field and offset.
final class OctetReader {

    private final byte[] octets;
    private final int end;
    private int offset;

    /// @param end the offset after the last octet that may be read
    OctetReader(byte[] octets, int offset, int end) {
        this.octets = octets;
        this.offset = offset;
        this.end = end;
    }

    int offset() {
        return offset;
    }

    int left() {
        return end - offset;
    }

    int octet(String field) throws Truncated {
        need(field, 1);
        return octets[offset++] & 0xFF;
    }

    int twoOctets(String field) throws Truncated {
        need(field, 2);
        int value = ((octets[offset] & 0xFF) << 8) | (octets[offset + 1] & 0xFF);
        offset += 2;
        return value;
    }

    int fourOctets(String field) throws Truncated {
        return (twoOctets(field) << 16) | twoOctets(field);
    }

    byte[] octets(String field, int count) throws Truncated {
        need(field, count);
        var read = Arrays.copyOfRange(octets, offset, offset + count);
        offset += count;
        return read;
    }

    /// A C-octet string (SMPP v3.4 §3.1). The limits of the specification are not held against the
    /// SMSC: a PDU is bounded anyway.
    String cString(String field) throws Truncated {
        int from = offset;
        while (offset < end) {
            if (octets[offset++] == 0) {
                return new String(octets, from, offset - 1 - from, StandardCharsets.ISO_8859_1);
            }
        }
        throw new Truncated(field, from, "has no closing NUL");
    }

    private void need(String field, int count) throws Truncated {
        if (count > end - offset) {
            throw new Truncated(field, offset, "needs " + count + " octets, " + (end - offset) + " are left");
        }
    }

    /// The PDU ends within a field.
    static final class Truncated extends Exception {
        private static final long serialVersionUID = 1L;

        final String field;
        final int offset;

        Truncated(String field, int offset, String why) {
            super(why);
            this.field = field;
            this.offset = offset;
        }
    }
}
