package dev.parley.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Pattern;

/// A program at a modem's port. What comes in is read by a thread of its own and waited for.
final class Serial implements AutoCloseable {

    private static final Pattern FINAL = Pattern.compile("(?:^|\r\n)(?:OK|ERROR|\\+CM[ES] ERROR: [0-9]+)\r\n");
    private static final String CTRL_Z = "\u001a";

    // Two channels, because one lets nobody write while somebody reads.
    private final FileChannel in;
    private final FileChannel out;
    private final Thread reader;
    private final StringBuilder all = new StringBuilder();
    private int taken;

    Serial(Path path) throws IOException {
        in = FileChannel.open(path, StandardOpenOption.READ);
        out = FileChannel.open(path, StandardOpenOption.WRITE);
        reader = Thread.ofPlatform().daemon().name("serial").start(this::read);
    }

    private void read() {
        var octets = ByteBuffer.allocate(4_096);
        try {
            while (in.read(octets) >= 0) {
                hear(new String(octets.array(), 0, octets.position(), StandardCharsets.ISO_8859_1));
                octets.clear();
            }
        } catch (IOException _) {
            // closed here or unplugged there
        }
    }

    void write(String text) {
        try {
            var octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (octets.hasRemaining()) {
                out.write(octets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Takes all up to the end of the first match.
    String expect(String pattern) {
        var wanted = Pattern.compile(pattern);
        var heard =
                Await.until(pattern, this::heard, text -> wanted.matcher(text).find());
        var match = wanted.matcher(heard);
        if (!match.find()) {
            throw new AssertionError("gone: " + pattern);
        }
        return take(match.end());
    }

    private synchronized void hear(String text) {
        all.append(text);
    }

    private synchronized String take(int characters) {
        var text = all.substring(taken, taken + characters);
        taken += characters;
        return text;
    }

    /// All that ever came.
    synchronized String transcript() {
        return all.toString();
    }

    /// What came so far and nobody took.
    synchronized String heard() {
        return all.substring(taken);
    }

    /// A command and its answer, up to the final result.
    String command(String command) {
        write(command + "\r");
        return expect(FINAL.pattern());
    }

    /// A body behind a prompt, and the answer.
    String submit(String command, String body) {
        write(command + "\r");
        expect("> ");
        write(body + CTRL_Z);
        return expect(FINAL.pattern());
    }

    boolean isOpen() {
        return reader.isAlive();
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
