package dev.parley.modem;

import dev.parley.link.OutboundPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/// The least that a program can do to send a message: it writes, reads until it has the answer, and
/// does nothing else. What that takes is the modem's time and the machine's.
final class BareModem implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    // Two channels, because one lets nobody write while somebody reads.
    private final FileChannel in;
    private final FileChannel out;
    private final ByteBuffer octets = ByteBuffer.allocate(4_096);

    BareModem(Path path) throws IOException {
        in = FileChannel.open(path, StandardOpenOption.READ);
        out = FileChannel.open(path, StandardOpenOption.WRITE);
        for (var command : new String[] {"ATE0", "AT+CMGF=0", "AT+CNMI=2,0,0,0,0"}) {
            write(command + "\r");
            readTo("OK\r\n");
        }
    }

    void submit(OutboundPart part) throws IOException {
        var tpdu = Submitter.tpdu(part);
        write("AT+CMGS=" + tpdu.length + "\r");
        readTo("> ");
        write("00" + HEX.formatHex(tpdu) + (char) Dialogue.CTRL_Z);
        readTo("OK\r\n");
    }

    private void write(String text) throws IOException {
        var all = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (all.hasRemaining()) {
            out.write(all);
        }
    }

    private void readTo(String end) throws IOException {
        var said = new StringBuilder();
        while (!said.toString().endsWith(end)) {
            octets.clear();
            if (in.read(octets) < 0) {
                throw new IOException("gone after " + said);
            }
            said.append(new String(octets.array(), 0, octets.position(), StandardCharsets.ISO_8859_1));
            if (said.indexOf("ERROR") >= 0) {
                throw new IOException(said.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }
}
