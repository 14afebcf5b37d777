package dev.parley.smpp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jsmpp.SMPPConstant;

/// Cuts the PDUs out of a stream of octets, however that is cut itself: SMPP v3.4 §3.2. Nothing is
/// allocated that a `command_length` claims before it is known to be possible.
final class Framing {

    /// Far above any PDU of SMPP that a sound SMSC sends: the biggest field is a `message_payload`
    /// of 64 KiB, and a text of 255 parts has less than 40.
    static final int PDU_OCTETS_MAX = 64 * 1024;

    /// Read at once; what a bigger PDU needs is taken when one comes.
    private static final int READ_OCTETS = 16 * 1024;

    /// What follows on the wire cannot be told apart any more.
    static final class Lost extends IOException {
        private static final long serialVersionUID = 1L;

        Lost(int commandLength) {
            super("command_length " + Integer.toUnsignedString(commandLength) + " (16 to " + PDU_OCTETS_MAX
                    + "): the framing is lost");
        }
    }

    private byte[] buffer = new byte[READ_OCTETS];
    private int from;
    private int to;

    /// Waits for octets.
    ///
    /// @return whether some came; false at the end of the stream
    boolean read(InputStream in) throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        int count = in.read(buffer, to, buffer.length - to);
        if (count < 0) {
            return false;
        }
        to += count;
        return true;
    }

    /// The next whole PDU that was read.
    Optional<byte[]> next() throws Lost {
        int have = to - from;
        if (have < Integer.BYTES) {
            return Optional.empty();
        }
        int length = ByteBuffer.wrap(buffer).getInt(from);
        if (length < SMPPConstant.PDU_HEADER_LENGTH || length > PDU_OCTETS_MAX) {
            throw new Lost(length);
        }
        if (have < length) {
            if (length > buffer.length) {
                buffer = Arrays.copyOf(buffer, length);
            }
            return Optional.empty();
        }
        var pdu = Arrays.copyOfRange(buffer, from, from + length);
        from += length;
        return Optional.of(pdu);
    }

    /// Whether a PDU has begun and is not whole.
    boolean isWithinPdu() {
        return to > from;
    }
}
