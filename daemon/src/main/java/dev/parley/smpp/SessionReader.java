package dev.parley.smpp;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jsmpp.PDUReader;
import org.jsmpp.bean.Command;

/// Reads PDUs from the wire in place of jsmpp's reader: bounds them before it allocates, keeps the
/// framing when a read times out within one, and takes messages and submit responses off before
/// jsmpp sees them. Called by one thread.
final class SessionReader implements PDUReader {

    /// Far above any PDU of SMPP that a sound SMSC sends: the biggest field is a `message_payload`
    /// of 64 KiB, and a text of 255 parts has less than 40.
    static final int PDU_OCTETS_MAX = 64 * 1024;

    /// Who gets what is taken off.
    interface Sink {
        /// A `deliver_sm` or `data_sm`.
        void message(byte[] pdu);

        /// A response or `generic_nack`.
        ///
        /// @return whether it answers a request of the session's own; jsmpp gets it otherwise
        boolean response(int commandId, int status, int sequence, byte[] pdu);

        /// Octets came in.
        void heard();

        /// What follows on the wire cannot be told apart any more.
        void framingLost(int commandLength);

        /// The connection is gone.
        void lost(String why);
    }

    private final Sink sink;
    private final Duration pduTimeout;
    private byte[] current = new byte[0];

    /// @param pduTimeout how long the rest of a PDU may take once it has begun
    SessionReader(Sink sink, Duration pduTimeout) {
        this.sink = sink;
        this.pduTimeout = pduTimeout;
    }

    @Override
    public Command readPDUHeader(DataInputStream in) throws IOException {
        try {
            while (true) {
                var pdu = pdu(in);
                int commandId = ByteBuffer.wrap(pdu).getInt(4);
                int status = ByteBuffer.wrap(pdu).getInt(8);
                int sequence = ByteBuffer.wrap(pdu).getInt(12);
                switch (commandId) {
                    case CommandId.DELIVER_SM, CommandId.DATA_SM -> sink.message(pdu);
                    case CommandId.SUBMIT_SM_RESP -> sink.response(commandId, status, sequence, pdu);
                    default -> {
                        boolean taken = (commandId & CommandId.RESPONSE) != 0
                                && sink.response(commandId, status, sequence, pdu);
                        if (!taken) {
                            current = pdu;
                            return header(pdu.length, commandId, status, sequence);
                        }
                    }
                }
            }
        } catch (SocketTimeoutException e) {
            throw e; // nothing of a PDU was read; jsmpp asks whether the other side lives
        } catch (IOException e) {
            sink.lost(e.getMessage() == null ? "the connection broke" : e.getMessage());
            throw e;
        }
    }

    private static Command header(int length, int commandId, int status, int sequence) {
        var header = new Command();
        header.setCommandLength(length);
        header.setCommandId(commandId);
        header.setCommandStatus(status);
        header.setSequenceNumber(sequence);
        return header;
    }

    private byte[] pdu(DataInputStream in) throws IOException {
        var header = new byte[CommandId.HEADER_OCTETS];
        long begin = fill(in, header, 0, 0);
        int length = ByteBuffer.wrap(header).getInt(0);
        if (length < CommandId.HEADER_OCTETS || length > PDU_OCTETS_MAX) {
            sink.framingLost(length);
            throw new IOException("command_length " + Integer.toUnsignedString(length) + " (16 to " + PDU_OCTETS_MAX
                    + "): the framing is lost");
        }
        var pdu = Arrays.copyOf(header, length);
        if (length > CommandId.HEADER_OCTETS) {
            fill(in, pdu, CommandId.HEADER_OCTETS, begin);
        }
        return pdu;
    }

    /// @param begin when the PDU began; 0 where it begins here
    /// @return when the PDU began
    private long fill(DataInputStream in, byte[] octets, int from, long begin) throws IOException {
        long began = begin;
        int at = from;
        while (at < octets.length) {
            try {
                int read = in.read(octets, at, octets.length - at);
                if (read < 0) {
                    throw new EOFException(
                            at == 0 ? "the SMSC closed the connection" : "the SMSC closed it within a PDU");
                }
                at += read;
                sink.heard();
                if (began == 0) {
                    began = System.nanoTime();
                }
            } catch (SocketTimeoutException e) {
                if (began == 0) {
                    throw e;
                }
                if (System.nanoTime() - began > pduTimeout.toNanos()) {
                    throw new IOException("the rest of a PDU did not come within " + pduTimeout, e);
                }
            }
        }
        return began;
    }

    @Override
    public byte[] readPDU(DataInputStream in, Command pduHeader) {
        return current;
    }

    @Override
    public byte[] readPDU(DataInputStream in, int commandLength, int commandId, int commandStatus, int sequenceNumber) {
        return current;
    }
}
