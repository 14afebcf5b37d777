package dev.parley.sim.modem;

import dev.parley.sim.pty.Doorbell;
import dev.parley.sim.pty.Pty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The serial port of a stick, with what was read from it and what is still to be written. Only [#await]
/// blocks.
final class Port {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    /// What a program does not read is lost, as a real stick's small buffer would lose it.
    private static final int OUTPUT_OCTETS_MAX = 256 * 1_024;

    private final Path link;
    private Optional<Pty> pty = Optional.empty();
    private byte[] input = new byte[0];
    private int inputAt;
    private byte[] output = new byte[0];
    private int outputAt;

    /// @param link where the port is to be found, whatever its real name
    Port(Path link) {
        this.link = link;
    }

    void plugIn() {
        try {
            var opened = Pty.open();
            pty = Optional.of(opened);
            var beside = link.resolveSibling(link.getFileName() + ".new");
            Files.deleteIfExists(beside);
            Files.createSymbolicLink(beside, opened.path());
            Files.move(beside, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException("no pty for " + link, e);
        }
    }

    void unplug() {
        if (pty.isEmpty()) {
            return;
        }
        try {
            Files.deleteIfExists(link);
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", link, e.getMessage());
        }
        pty.get().close();
        pty = Optional.empty();
    }

    boolean isPluggedIn() {
        return pty.isPresent();
    }

    /// Its real name; empty while it is unplugged.
    Optional<Path> path() {
        return pty.map(Pty::path);
    }

    /// Whether a program has it open.
    boolean isInUse() {
        return pty.map(Pty::inUse).orElse(false);
    }

    /// Takes note of who opened and closed it.
    ///
    /// @return true if the last program has left since
    boolean noteUsers() throws IOException {
        return pty.isPresent() && pty.get().noteUsers();
    }

    /// Whether there is a character to [#take].
    boolean hasInput() throws IOException {
        if (!isRead()) {
            return true;
        }
        input = pty.isPresent() ? pty.get().read() : new byte[0];
        inputAt = 0;
        return !isRead();
    }

    private boolean isRead() {
        return inputAt == input.length;
    }

    char take() {
        return (char) (input[inputAt++] & 0xFF);
    }

    /// Reads what the program writes and forgets it.
    void ignoreInput() throws IOException {
        while (pty.isPresent() && pty.get().read().length > 0) {}
    }

    /// What is said to nobody is lost: the next program finds no old answers.
    void put(String text) {
        if (!isInUse()) {
            return;
        }
        var octets = text.getBytes(StandardCharsets.ISO_8859_1);
        int waiting = output.length - outputAt;
        if (waiting + octets.length > OUTPUT_OCTETS_MAX) {
            return;
        }
        var all = new byte[waiting + octets.length];
        System.arraycopy(output, outputAt, all, 0, waiting);
        System.arraycopy(octets, 0, all, waiting, octets.length);
        output = all;
        outputAt = 0;
    }

    /// Writes as much as fits now.
    void write() throws IOException {
        if (pty.isEmpty()) {
            return;
        }
        while (outputAt < output.length) {
            int octets = pty.get().write(output, outputAt, output.length - outputAt);
            if (octets == 0) {
                return;
            }
            outputAt += octets;
        }
    }

    /// Forgets what was not taken or not written yet.
    void clear() {
        input = new byte[0];
        inputAt = 0;
        output = new byte[0];
        outputAt = 0;
    }

    /// Waits as [Doorbell#await] does.
    ///
    /// @param input whether to wait for input too; never while some is left to [#take]
    void await(Doorbell doorbell, boolean input, long nanosAtMost) throws IOException {
        doorbell.await(pty, input && isRead(), outputAt < output.length, nanosAtMost);
    }
}
