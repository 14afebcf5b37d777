package dev.parley.smpp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads a PDU field by field; what is missing is named with its field and offset.
final class OctetReader {

    private final ByteBuffer octets;

    OctetReader(byte[] octets, int offset) {
        this.octets = ByteBuffer.wrap(octets).position(offset);
    }

    int left() {
        return octets.remaining();
    }

    int octet(String field) throws Truncated {
        need(field, 1);
        return octets.get() & 0xFF;
    }

    int twoOctets(String field) throws Truncated {
        need(field, 2);
        return octets.getShort() & 0xFFFF;
    }

    byte[] octets(String field, int count) throws Truncated {
        need(field, count);
        var read = new byte[count];
        octets.get(read);
        return read;
    }

    /// A C-octet string (SMPP v3.4 §3.1). The limits of the specification are not held against the
    /// SMSC: a PDU is bounded anyway.
    String cString(String field) throws Truncated {
        int from = octets.position();
        while (octets.hasRemaining()) {
            if (octets.get() == 0) {
                return new String(octets.array(), from, octets.position() - 1 - from, StandardCharsets.ISO_8859_1);
            }
        }
        throw new Truncated(field, from, "has no closing NUL");
    }

    private void need(String field, int count) throws Truncated {
        if (count > left()) {
            throw new Truncated(field, octets.position(), "needs " + count + " octets, " + left() + " are left");
        }
    }

    /// The PDU ends within a field.
    static final class Truncated extends Exception {
        private static final long serialVersionUID = 1L;

        private Truncated(String field, int offset, String why) {
            super(field + " at offset " + offset + " " + why);
        }
    }
}
