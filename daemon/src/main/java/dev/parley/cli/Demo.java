package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The demo: the simulated network and the daemon as two processes, started from files in a directory and ended in
/// reverse. Which of them dies is told and not started again; the rest stays up.
final class Demo implements AutoCloseable {

    private static final InetSocketAddress USUAL = InetSocketAddress.createUnresolved("127.0.0.1", 8080);

    /// A JVM's start, on a machine that builds at the same time.
    private static final Duration SIMULATOR_READY_MAX = Duration.ofMinutes(1);

    /// The first start unpacks a database of 330 MB.
    private static final Duration DAEMON_READY_MAX = Duration.ofMinutes(5);

    /// The daemon finishes what it hands over, and its database writes back.
    private static final Duration DAEMON_END_MAX = Duration.ofSeconds(90);

    private static final Duration SIMULATOR_END_MAX = Duration.ofSeconds(10);
    private static final Duration DATABASE_END_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private static final Pattern LISTEN = Pattern.compile("(\\[[0-9A-Fa-f:]+\\]|[^:\\[\\]\\s]+):([0-9]{1,5})");

    private final DemoFiles files;
    private final PrintWriter out;
    private final PrintWriter err;
    private final List<Child> children = new ArrayList<>();
    private final Optional<Path> records;
    private boolean closing;

    /// @param records where the launcher leaves a record of each program's start, if one is wanted
    Demo(DemoFiles files, PrintWriter out, PrintWriter err, Optional<Path> records) {
        this.files = files;
        this.records = records;
        this.out = out;
        this.err = err;
    }

    /// What stands behind `--listen`.
    static InetSocketAddress address(String text, String example) {
        var match = LISTEN.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(2)) > 65_535) {
            throw new Misuse("--listen is \"" + text + "\"; expected HOST:PORT, such as " + example);
        }
        return InetSocketAddress.createUnresolved(match.group(1), Integer.parseInt(match.group(2)));
    }

    /// Returns when all is up and told. What was started is ended by [#close], however this ends.
    void start(Optional<InetSocketAddress> asked) throws IOException {
        var _ = files.locked();
        endLeftOver();
        Files.deleteIfExists(files.state());
        Files.deleteIfExists(files.simulatorState());

        say("starting the simulated network");
        var simulator = run(
                Child.Program.SIMULATOR,
                List.of(
                        "--control", "127.0.0.1:0",
                        "--smsc", "127.0.0.1:0",
                        "--modem", "modem-1=+12025550100",
                        "--dir", files.simulator().toString()));
        var network = await(
                simulator,
                SIMULATOR_READY_MAX,
                "be ready",
                () -> files.read(files.simulatorState(), JsonNode.class)
                        .filter(state -> state.path("pid").asLong(0)
                                == simulator.process().pid()));

        var listen = chosen(asked);
        writeConfig(listen, network);
        say(
                Files.isDirectory(files.database())
                        ? "starting the daemon"
                        : "starting the daemon (the first time it unpacks a database of its own, 330 MB)");
        var daemon =
                run(Child.Program.DAEMON, List.of("--config", files.config().toString()));
        var url = await(
                daemon,
                DAEMON_READY_MAX,
                "listen",
                () -> daemon.said()
                        .filter(line -> line.startsWith(RunCommand.LISTENING))
                        .map(line ->
                                line.substring(RunCommand.LISTENING.length()).strip())
                        .findFirst());
        writeConfig(taken(listen, url), network);
        try (var api = new Api(url, Optional.empty());
                var control = new Api(network.path("control").asString(""), Optional.empty())) {
            await(daemon, DAEMON_READY_MAX, "be ready", () -> ready(api));
            say("making the people of the demo");
            var access = new DemoWorld(files).made(url, control);
            synchronized (this) {
                if (!closing) {
                    writeState(url, access, network, daemon, simulator);
                    tell(url, access, network);
                }
            }
        }
    }

    private static Optional<Boolean> ready(Api api) {
        try {
            return api.get("/readyz").isDone() ? Optional.of(true) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Programs of a demo in this directory that was killed: without it nobody would end them.
    private void endLeftOver() {
        var pids = files.read(files.state(), JsonNode.class).map(state -> state.path("pids"));
        for (var name : List.of("daemon", "simulator")) {
            pids.flatMap(each -> ProcessHandle.of(each.path(name).asLong(0)))
                    .filter(process -> DemoFiles.isOf(files.directory(), process))
                    .ifPresent(process -> {
                        say("ending the " + name + " that an earlier demo left here (process " + process.pid() + ")");
                        Child.end(process, DAEMON_END_MAX);
                    });
        }
    }

    private synchronized Child run(Child.Program program, List<String> arguments) throws IOException {
        if (closing) {
            throw new Failure("told to end while starting");
        }
        Map<String, String> environment = new HashMap<>();
        records.ifPresent(directory -> environment.put(
                "PARLEY_RECORD", directory.resolve(program.record).toString()));
        var child = Child.start(program, files.log(program), arguments, environment);
        children.add(child);
        var _ = child.process().onExit().thenRun(() -> noteEnd(child));
        return child;
    }

    private void noteEnd(Child child) {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        say("the " + child.name() + " (process " + child.process().pid() + ") has ended; the rest stays up. Its log is "
                + child.log());
        if (child.program() == Child.Program.DAEMON) {
            say("another one takes over with: parley run --config " + files.config());
        }
    }

    private interface Look<T> {
        Optional<T> look() throws IOException;
    }

    private static <T> T await(Child child, Duration atMost, String what, Look<T> look) throws IOException {
        var until = Instant.now().plus(atMost);
        while (true) {
            var seen = look.look();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (!child.process().isAlive() || Instant.now().isAfter(until)) {
                throw new Failure("the " + child.name() + " did not come to " + what + ". " + child.lastWords());
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure("interrupted while starting", e);
            }
        }
    }

    // ---- where to listen ----

    /// What was asked for, or fails later where it is taken; else the port of last time, the usual one, or any.
    private InetSocketAddress chosen(Optional<InetSocketAddress> asked) {
        if (asked.isPresent()) {
            return asked.get();
        }
        var wanted = lastTime().orElse(USUAL);
        if (isFree(wanted)) {
            return wanted;
        }
        say(written(wanted) + " is taken; listening on another port");
        return InetSocketAddress.createUnresolved(wanted.getHostString(), 0);
    }

    private Optional<InetSocketAddress> lastTime() {
        return Config.read(files.config()) instanceof ConfigReading.Usable(var config)
                ? Optional.of(config.http().listen()).filter(listen -> listen.getPort() != 0)
                : Optional.empty();
    }

    private static boolean isFree(InetSocketAddress address) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.getHostString(), address.getPort()));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// The address with the port that was really taken.
    private static InetSocketAddress taken(InetSocketAddress listen, String url) {
        int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1).replaceAll("[^0-9].*", ""));
        return InetSocketAddress.createUnresolved(listen.getHostString(), port);
    }

    private static String written(InetSocketAddress address) {
        var host = address.getHostString();
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    // ---- files ----

    private void writeConfig(InetSocketAddress listen, JsonNode network) throws IOException {
        var smsc = network.path("smsc").asString("");
        int colon = smsc.lastIndexOf(':');
        PersonalDirectory.write(files.config(), """
                # Written by parley demo at each start; changes are lost. config/parley.yaml explains every key.
                http:
                  listen: "%s"
                database:
                  embedded: "%s"
                lines:
                  - {number: "+12025550100", name: Front desk, links: [modem-1]}
                  - {number: "+12025550101", name: Sales, links: [aggregator]}
                links:
                  modem-1: {kind: modem, port: "%s"}
                  aggregator: {kind: smpp, host: "%s", port: %d, systemId: parley, password: demo, window: 50}
                webhooks: {allowLoopback: true}
                """.formatted(
                        quoted(written(listen)),
                        quoted(files.database().toString()),
                        quoted(network.path("modems").path("modem-1").asString("")),
                        quoted(smsc.substring(0, colon)),
                        Integer.parseInt(smsc.substring(colon + 1))));
    }

    /// For between double quotes in YAML.
    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private void writeState(String url, DemoWorld.Access access, JsonNode network, Child daemon, Child simulator)
            throws IOException {
        var pids = new LinkedHashMap<String, Object>();
        pids.put("daemon", daemon.process().pid());
        pids.put("simulator", simulator.process().pid());
        files.databaseProcess().ifPresent(process -> pids.put("database", process.pid()));
        var state = new LinkedHashMap<String, Object>();
        state.put("url", url);
        state.put("token", access.token());
        state.put("memberToken", access.memberToken());
        state.put("simulator", network.path("control").asString(""));
        state.put("smsc", network.path("smsc").asString(""));
        state.put("modems", network.path("modems"));
        state.put("config", files.config().toString());
        state.put("pids", pids);
        files.write(files.state(), state);
    }

    private void tell(String url, DemoWorld.Access access, JsonNode network) {
        out.print("""

                Parley is up.

                  page           %1$s
                  user name      %2$s
                  password       %3$s
                  phones         %4$s

                Look at the page, and beside it at the phones of the simulated network: write on one, read on the others.
                For programs:

                  API            %1$s/openapi.json
                  simulator      %5$s
                  token          %6$s
                  files          %7$s

                Ctrl-C ends it; the same directory again continues where it was.
                """.formatted(
                        url,
                        access.user(),
                        access.password(),
                        DemoWorld.pageOf(network.path("control").asString(""), url),
                        network.path("control").asString(""),
                        access.token(),
                        files.directory()));
        out.flush();
    }

    private void say(String text) {
        err.println("parley: " + text);
    }

    // ---- the end ----

    /// Ends the daemon, the simulated network and the database, in this order. The database stays for a daemon that
    /// somebody else started on it.
    @Override
    public void close() {
        List<Child> running;
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            running = children.reversed();
        }
        if (running.isEmpty()) {
            return; // what there is belongs to another demo
        }
        for (var child : running) {
            if (child.process().isAlive()) {
                say("ending the " + child.name());
                Child.end(
                        child.process().toHandle(),
                        child.program() == Child.Program.DAEMON ? DAEMON_END_MAX : SIMULATOR_END_MAX);
            }
        }
        files.databaseProcess().ifPresent(this::endDatabase);
        try {
            Files.deleteIfExists(files.state());
        } catch (IOException e) {
            say("cannot delete " + files.state() + ": " + e.getMessage());
        }
    }

    /// A daemon that was killed leaves its database behind. One that took over for it still needs it.
    private void endDatabase(ProcessHandle database) {
        try {
            // Whoever uses the database last stops it: we come to it, and leave.
            Store.open(new DatabaseSettings.Embedded(files.database()), new SimpleMeterRegistry())
                    .close();
        } catch (StoreUnavailable e) {
            say("the database does not answer (" + e.getMessage() + "); ending it");
            Child.end(database, DATABASE_END_MAX);
        }
        if (database.isAlive()) {
            say("the database stays up for the daemon that took over");
        }
    }
}
