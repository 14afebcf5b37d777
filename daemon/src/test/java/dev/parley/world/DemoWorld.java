package dev.parley.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// `parley demo` as a process of its own, in a directory of its own, on free ports.
public final class DemoWorld implements AutoCloseable {

    private final Path directory;
    private final Process demo;
    private final JsonNode state;
    private final List<Process> others = new ArrayList<>();

    private DemoWorld(Path directory, Process demo, JsonNode state) {
        this.directory = directory;
        this.demo = demo;
        this.state = state;
    }

    /// Starts a demo and waits until it says that it is up.
    public static DemoWorld start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /// The demo with a daemon that logs as it does for an operator, into `daemon.log`.
    public static DemoWorld talkative(Path directory) throws IOException {
        return start(directory, Map.of("PARLEY_TEST_LOG", "INFO"));
    }

    private static DemoWorld start(Path directory, Map<String, String> environment) throws IOException {
        Files.createDirectories(directory);
        var demo = program(
                List.of(),
                environment,
                "dev.parley.cli.Main",
                directory.resolve("demo.log"),
                List.of("demo", "--data", directory.toString(), "--listen", "127.0.0.1:0"));
        var file = directory.resolve("demo.json");
        Await.until("demo.json, or the demo's end", () -> Files.exists(file) || !demo.isAlive());
        if (!demo.isAlive()) {
            throw new AssertionError("the demo ended:\n" + Files.readString(directory.resolve("demo.log")));
        }
        return new DemoWorld(directory, demo, Json.MAPPER.readTree(Files.readString(file)));
    }

    /// The demo with a modem that is given up after five seconds of silence.
    ///
    /// @param grace how long a part of unknown fate waits before it is sent again, such as `10s`
    public static DemoWorld impatient(Path directory, String grace) throws IOException {
        var world = start(directory);
        world.killDaemon();
        var config = Path.of(world.state.path("config").asString(""));
        var yaml = Files.readString(config);
        var impatient = yaml.replace("{kind: modem,", "{kind: modem, airTimeout: 5s, promptTimeout: 1s,");
        if (impatient.equals(yaml)) {
            throw new AssertionError("no modem in\n" + yaml);
        }
        Files.writeString(config, impatient + "\nqueue: {uncertainGrace: " + grace + "}\n");
        world.takeOver();
        return world;
    }

    /// A command of `parley` as a process.
    public static Process java(Path log, List<String> arguments) throws IOException {
        return program("dev.parley.cli.Main", log, arguments);
    }

    /// A program of ours as a process.
    public static Process program(String mainClass, Path log, List<String> arguments) throws IOException {
        return program(List.of(), mainClass, log, arguments);
    }

    /// @param options of the JVM
    public static Process program(List<String> options, String mainClass, Path log, List<String> arguments)
            throws IOException {
        return program(options, Map.of(), mainClass, log, arguments);
    }

    private static Process program(
            List<String> options, Map<String, String> environment, String mainClass, Path log, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        // A JVM that is started with SIGHUP ignored, as by nohup, goes on ignoring it.
        command.addAll(List.of("env", "--default-signal=HUP"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), mainClass));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().remove("PARLEY_HOME");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// What the daemon and the simulated network run on. Surefire hides it from a JVM's own property.
    public static String classPath() {
        return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElseGet(() -> System.getProperty("java.class.path"));
    }

    public Path directory() {
        return directory;
    }

    public JsonNode state() {
        return state;
    }

    public Json api() {
        return new Json(text("url"), Optional.of(text("token")));
    }

    public Json memberApi() {
        return new Json(text("url"), Optional.of(text("memberToken")));
    }

    public Json simulator() {
        return new Json(text("simulator"), Optional.empty());
    }

    private String text(String key) {
        return state.path(key).asString("");
    }

    /// What a phone received, oldest first.
    public List<String> inbox(String number) {
        var texts = new ArrayList<String>();
        for (var message :
                simulator().get("/handsets/" + path(number) + "/messages").ok()) {
            texts.add(message.path("text").asString(""));
        }
        return texts;
    }

    /// Has a phone send a text.
    public void text(String from, String to, String text) {
        simulator()
                .post("/handsets/" + path(from) + "/messages", Map.of("to", to, "text", text))
                .ok();
    }

    private static String path(String number) {
        return number.replace("+", "%2B");
    }

    /// The demo's database, for what no door of Parley's does.
    public Connection database() throws IOException, SQLException {
        var database = directory.resolve("db");
        return DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:"
                        + Files.readString(database.resolve("mariadb.port")).strip() + "/parley",
                "parley",
                Files.readString(database.resolve("password")).strip());
    }

    /// Ends the daemon as a power cut would.
    public void killDaemon() {
        var daemon = ProcessHandle.of(state.path("pids").path("daemon").asLong(-1));
        others.forEach(Process::destroyForcibly);
        daemon.ifPresent(ProcessHandle::destroyForcibly);
        Await.until(
                "the daemon's end",
                () -> daemon.stream().noneMatch(ProcessHandle::isAlive)
                        && others.stream().noneMatch(Process::isAlive));
    }

    /// Starts another daemon on the demo's configuration.
    public void takeOver() throws IOException {
        takeOver(state.path("config").asString(""));
    }

    /// Ends the daemon as an operator would, and starts one on a changed copy of the demo's
    /// configuration.
    ///
    /// @param change from the demo's configuration to that of the new daemon
    public void restartOn(UnaryOperator<String> change) throws IOException {
        end();
        takeOverOn(change);
    }

    /// Starts another daemon on a changed copy of the demo's configuration.
    ///
    /// @param change from the demo's configuration to that of the new daemon
    public void takeOverOn(UnaryOperator<String> change) throws IOException {
        var changed = directory.resolve("changed.yaml");
        Files.writeString(
                changed,
                change.apply(Files.readString(Path.of(state.path("config").asString("")))));
        takeOver(changed.toString());
    }

    /// Has the daemon that took over read its configuration again.
    public void hangUp() throws IOException, InterruptedException {
        var daemon = others.getLast();
        if (new ProcessBuilder("kill", "-HUP", "" + daemon.pid()).start().waitFor() != 0 || !daemon.isAlive()) {
            throw new AssertionError("no daemon that took over");
        }
    }

    /// Ends the daemon as an operator would.
    public void end() {
        others.forEach(DemoWorld::end);
        var daemon = ProcessHandle.of(state.path("pids").path("daemon").asLong(-1));
        daemon.ifPresent(ProcessHandle::destroy);
        Await.until("the daemon's end", () -> daemon.stream().noneMatch(ProcessHandle::isAlive));
    }

    private void takeOver(String config) throws IOException {
        var log = directory.resolve("daemon-" + others.size() + ".log");
        var daemon = java(log, List.of("run", "--config", config));
        others.add(daemon);
        Await.until("another daemon is ready", () -> {
            if (!daemon.isAlive()) {
                throw new AssertionError("the daemon ended: see " + log);
            }
            try {
                return api().trySend("GET", "/readyz", Optional.empty()).status() == 200;
            } catch (IOException | JacksonException _) {
                return false;
            }
        });
    }

    /// What `/metrics` says now, by name and labels as they are written there.
    public double metric(String nameAndLabels) {
        var request =
                HttpRequest.newBuilder(URI.create(text("url") + "/metrics")).build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(nameAndLabels + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no metric " + nameAndLabels));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// What the logs say, for a failure.
    public String logs() {
        var said = new StringBuilder();
        for (var name : Arrays.asList("demo.log", "daemon.log", "daemon-0.log", "simulator.log")) {
            try {
                var lines = Files.readAllLines(directory.resolve(name));
                said.append(name)
                        .append(":\n")
                        .append(String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())))
                        .append('\n');
            } catch (IOException e) {
                said.append(name).append(": ").append(e.getMessage()).append('\n');
            }
        }
        return said.toString();
    }

    @Override
    public void close() {
        others.forEach(DemoWorld::end);
        end(demo);
    }

    /// Asks a program to end and waits for that.
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
