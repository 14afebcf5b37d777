package dev.parley.world;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A MariaDB server as Debian ships it, in a directory of its own, with an empty database `parley`.
public final class MariaDbServer implements AutoCloseable {

    private final Path directory;
    private final Path program;
    private final int port;
    private Process process;

    private MariaDbServer(Path directory, Path program, int port, Process process) {
        this.directory = directory;
        this.program = program;
        this.port = port;
        this.process = process;
    }

    public static MariaDbServer start(Path directory) throws IOException, InterruptedException {
        var program = Peers.program("mariadbd", "mariadb-server");
        var install = Peers.program("mariadb-install-db", "mariadb-server");
        Files.createDirectories(directory);
        var command = new ArrayList<>(List.of(
                install.toString(),
                "--no-defaults",
                "--datadir=" + directory.resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db"));
        asRoot(command);
        var installed = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("install.log").toFile())
                .start();
        if (!installed.waitFor(1, TimeUnit.MINUTES) || installed.exitValue() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("install.log")));
        }
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var server = new MariaDbServer(directory, program, port, launched(directory, program, port));
        server.awaitAnswer();
        try (var connection = DriverManager.getConnection(server.root(), "root", "");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE parley");
            statement.execute("CREATE USER parley@127.0.0.1 IDENTIFIED BY 'a password'");
            statement.execute("GRANT ALL ON parley.* TO parley@127.0.0.1");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return server;
    }

    private static void asRoot(List<String> command) {
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
    }

    private static Process launched(Path directory, Path program, int port) throws IOException {
        var command = new ArrayList<>(List.of(
                program.toString(),
                "--no-defaults",
                "--datadir=" + directory.resolve("data"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=mariadb.sock",
                "--pid-file=" + directory.resolve("mariadb.pid"),
                "--innodb-buffer-pool-size=64M"));
        asRoot(command);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("mariadb.log").toFile()))
                .start();
    }

    private String root() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/";
    }

    private void awaitAnswer() {
        Await.until("MariaDB answers", () -> {
            try (var _ = DriverManager.getConnection(root(), "root", "")) {
                return true;
            } catch (SQLException _) {
                return false;
            }
        });
    }

    /// For the configuration's section `database`.
    public String yaml() {
        return "{url: \"" + root() + "parley\", username: parley, password: a password}";
    }

    public void stop() {
        DemoWorld.end(process);
    }

    public void startAgain() throws IOException {
        process = launched(directory, program, port);
        awaitAnswer();
    }

    @Override
    public void close() {
        stop();
    }
}
