package dev.parley.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A peer that writes what it likes.
final class Raw implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Raw(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
    }

    Raw send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Raw send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
        return this;
    }

    /// One answer with its head, by its length.
    String answer() throws IOException {
        var head = head();
        int length = head.toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    String head() throws IOException {
        var octets = new ByteArrayOutputStream();
        while (!octets.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("closed after: " + octets.toString(StandardCharsets.ISO_8859_1));
            }
            octets.write(octet);
        }
        return octets.toString(StandardCharsets.ISO_8859_1);
    }

    /// What comes until the next line feed.
    String line() throws IOException {
        var octets = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            octets.write(octet);
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    /// What comes until the server closes.
    String rest() throws IOException {
        return new String(octets(), StandardCharsets.UTF_8);
    }

    byte[] octets() throws IOException {
        return in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
