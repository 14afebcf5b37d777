package dev.parley.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What passes a port on loopback, as tshark sees it.
final class Capture implements AutoCloseable {

    private static final String STARTED = "Capture started";

    private final Path tshark;
    private final int port;
    private final Path file;
    private final Process capturing;

    private Capture(Path tshark, int port, Path file, Process capturing) {
        this.tshark = tshark;
        this.port = port;
        this.file = file;
        this.capturing = capturing;
    }

    /// Returns once everything that passes is kept.
    ///
    /// @param directory for the capture and what tshark says
    static Capture start(int port, Path directory) throws IOException {
        var tshark = Peers.program("tshark");
        var file = directory.resolve("port-" + port + ".pcapng");
        var log = directory.resolve("tshark.log");
        var process = new ProcessBuilder(
                        tshark.toString(), "-i", "lo", "-f", "tcp port " + port, "-w", file.toString(), "-q")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Await.until(
                "tshark captures, or its end",
                Duration.ofSeconds(30),
                () -> said(log).contains(STARTED) || !process.isAlive(),
                done -> done);
        if (!process.isAlive()) {
            throw Peers.missing("tshark may not capture here: " + said(log));
        }
        return new Capture(tshark, port, file, process);
    }

    private static String said(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The `command_id` of each PDU so far, as `0x80000004`.
    List<String> commands() {
        return read("-Y", "smpp", "-T", "fields", "-E", "aggregator=/s", "-e", "smpp.command_id").stream()
                .flatMap(line -> List.of(line.split("[ ,]")).stream())
                .filter(command -> !command.isBlank())
                .toList();
    }

    /// Packets that tshark cannot decode to their end, in full.
    List<String> malformed() {
        return read("-Y", "_ws.malformed or _ws.expert.group == \"Malformed\"", "-V");
    }

    private List<String> read(String... options) {
        var command = new ArrayList<String>();
        command.addAll(List.of(tshark.toString(), "-r", file.toString(), "-d", "tcp.port==" + port + ",smpp"));
        command.addAll(List.of(options));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // that the file is not closed yet, and who we are
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        capturing.destroy();
        try {
            if (!capturing.waitFor(10, TimeUnit.SECONDS)) {
                capturing.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            capturing.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
