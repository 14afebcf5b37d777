package dev.parley.modem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers which PINs were entered without success, over restarts: three wrong ones lock a SIM (3GPP TS 22.022 §6,
/// TS 31.101 §9.5), and a daemon that is restarted must not spend them.
///
/// It does so in one small file a link, below the daemon's state directory. The file holds digests, which is no
/// protection for four digits; it is readable by the daemon alone, as the configuration is that holds the PIN itself.
public final class PinMemory {
    private static final Logger log = LoggerFactory.getLogger(PinMemory.class);

    private final Path directory;

    /// @param directory where the files are; made when first needed
    public PinMemory(Path directory) {
        this.directory = directory;
    }

    /// How often a PIN was entered into the modem of this link without being known to be right.
    synchronized int refused(String link) {
        // What cannot be read counts as used up: it is cheaper to unlock a SIM by hand than to get a new one.
        return read(link).map(Set::size).orElse(Integer.MAX_VALUE);
    }

    /// Whether this PIN was.
    synchronized boolean refused(String link, Pin pin) {
        return read(link).map(digests -> digests.contains(digest(link, pin))).orElse(true);
    }

    /// To be called before the PIN is entered, so that a crash right after it counts as refused.
    ///
    /// @throws IOException if it could not be made durable; the PIN must not be entered then
    synchronized void entering(String link, Pin pin) throws IOException {
        var digests = new LinkedHashSet<>(read(link).orElseThrow(() -> new IOException("cannot read " + file(link))));
        digests.add(digest(link, pin));
        write(link, digests);
    }

    /// The PIN was not looked at after all, because the SIM was busy.
    synchronized void withdrawn(String link, Pin pin) {
        var digests = new LinkedHashSet<>(read(link).orElse(Set.of()));
        if (digests.remove(digest(link, pin))) {
            try {
                write(link, digests);
            } catch (IOException e) {
                warn("write", link, e);
            }
        }
    }

    private void write(String link, Set<String> digests) throws IOException {
        Files.createDirectories(directory);
        var fresh = directory.resolve(file(link).getFileName() + ".new");
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            if (Files.getFileStore(fresh).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(
                        fresh, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            }
            var octets = ByteBuffer.wrap((String.join("\n", digests) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(fresh, file(link), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    /// The SIM is unlocked: nothing is held against it any more.
    synchronized void accepted(String link) {
        try {
            Files.deleteIfExists(file(link));
        } catch (IOException e) {
            warn("delete", link, e);
        }
    }

    private void warn(String what, String link, IOException e) {
        log.warn(
                "cannot {} {}; the PIN of link={} will not be entered again: {}", what, file(link), link, e.toString());
    }

    private Optional<Set<String>> read(String link) {
        try {
            return Optional.of(
                    Files.exists(file(link)) ? new LinkedHashSet<>(Files.readAllLines(file(link))) : Set.of());
        } catch (IOException e) {
            log.warn("cannot read {}: {}", file(link), e.toString());
            return Optional.empty();
        }
    }

    /// A link's name has no slash (the configuration sees to it), but this does not rely on it.
    private Path file(String link) {
        return directory.resolve("pin-" + HexFormat.of().formatHex(link.getBytes(StandardCharsets.UTF_8)));
    }

    private static String digest(String link, Pin pin) {
        try {
            var octets = (link + ' ' + pin.digits()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
