package dev.parley.cli;

import dev.parley.Parley;
import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.http.Door;
import dev.parley.http.HttpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon in this process, and how it takes over a changed configuration: as a whole, or not at
/// all. A file with a mistake changes nothing. One without is taken over by a restart within the
/// process, which the queue is made for: it finishes what is being handed over, and what comes in
/// meanwhile waits on the modem or at the SMSC. Clients of the API wait at its door, which stays open.
/// If that does not start, the configuration before it is started again.
final class RunningDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningDaemon.class);

    private final Path file;
    private final LogOutput log;
    private Config config;
    private volatile @Nullable Parley parley;
    private volatile boolean broken;
    private boolean closed;

    RunningDaemon(Path file, Config config, Parley parley, LogOutput log) {
        this.file = file;
        this.log = log;
        this.config = config;
        this.parley = parley;
    }

    String url() {
        var now = parley;
        return now == null ? "" : now.url();
    }

    /// For the watchdog, which does not wait for a reload; see [Parley#isWell].
    boolean isWell(Duration within) {
        var now = parley;
        return !broken && (now == null || now.isWell(within));
    }

    /// Reads the file again.
    ///
    /// @return what came of it, in a sentence
    synchronized String reload() {
        if (closed) {
            return "stopping";
        }
        var told = switch (Config.read(file)) {
            case ConfigReading.Mistaken(var mistakes) -> {
                mistakes.forEach(mistake -> LOG.error("{}", mistake));
                yield "the configuration has mistakes and nothing of it was taken over";
            }
            case ConfigReading.Usable(var wanted) -> takenOver(wanted);
        };
        LOG.info("reload: {}", told);
        return told;
    }

    private String takenOver(Config wanted) {
        var fixed = fixed(wanted);
        if (fixed.isPresent()) {
            LOG.error("{} cannot change while the daemon runs; restart it", fixed.get());
            return fixed.get() + " needs a restart, and nothing was taken over";
        }
        try {
            HttpServer.requireUsable(wanted.http());
            var now = parley;
            if (wanted.equals(config)) {
                return now != null && now.renewCertificate() ? "the certificate was taken over" : "nothing has changed";
            }
            // Neither the new configuration nor the old one could start; as it is, the daemon waits for it.
            if (now != null && !now.databaseAnswers()) {
                LOG.error("reload again once the database is back");
                return "the database is away, and nothing was taken over";
            }
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
            return "the certificate cannot be used, and nothing was taken over";
        }
        return restarted(wanted);
    }

    private String restarted(Config wanted) {
        var begun = System.nanoTime();
        var door = stop();
        try {
            try {
                parley = Parley.start(wanted, door);
                config = wanted;
                broken = false;
                log.follow(wanted);
                return "taken over in "
                        + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms";
            } catch (RuntimeException | IOException e) {
                LOG.error("the new configuration does not start: {}", e.getMessage());
                parley = Parley.start(config, door);
                return "the new configuration does not start, and the old one is back";
            }
        } catch (RuntimeException | IOException e) {
            LOG.error("the daemon cannot go on, and waits for its watchdog: {}", e.getMessage());
            broken = true;
            door.ifPresent(Door::close);
            return "failed: " + e.getMessage();
        }
    }

    /// What was settled when the process began.
    private Optional<String> fixed(Config wanted) {
        if (!wanted.database().equals(config.database())) {
            return Optional.of("database");
        }
        if (!wanted.http().listen().equals(config.http().listen())) {
            return Optional.of("http.listen");
        }
        return wanted.stateDirectory().equals(config.stateDirectory())
                ? Optional.empty()
                : Optional.of("stateDirectory");
    }

    @Override
    public synchronized void close() {
        closed = true;
        var now = parley;
        parley = null;
        if (now != null) {
            now.close();
        }
    }

    /// @return the door, which is left open
    private Optional<Door> stop() {
        var now = parley;
        parley = null;
        return now == null ? Optional.empty() : now.closeBehindDoor();
    }
}
