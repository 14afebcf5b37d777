package dev.parley.cli;

import dev.parley.config.LinkSettings;
import dev.parley.modem.AtConsole;
import dev.parley.modem.ModemProbe;
import dev.parley.modem.ModemProbe.Finding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `parley modem …`: what an operator wants to know of modems before there is a configuration.
@Command(
        name = "modem",
        description = "Looks at the modems of this machine.",
        subcommands = {ModemCommand.Probe.class, ModemCommand.Console.class})
final class ModemCommand implements Runnable {

    @Override
    public void run() {
        throw new Misuse("Say what to do: probe or console.");
    }

    @Command(
            name = "console",
            description = {
                "An AT console on a modem: a line in, what the modem says out.",
                "A port that the daemon uses is shared with it: the lines go through the daemon, which needs a token.",
                "Runs only commands that ask; those that may lose messages, cost money or change a setting are refused."
            })
    static final class Console implements Runnable {

        @Parameters(paramLabel = "LINK|PORT", description = "A port, or with --config or --url a link's name.")
        private String what = "";

        @Option(names = "--config", paramLabel = "FILE", description = "The configuration that names the link.")
        private @Nullable Path config;

        @Option(
                names = "--url",
                paramLabel = "URL",
                description = "The daemon's address, such as http://127.0.0.1:8080, where --config does not say it.")
        private @Nullable String url;

        @Option(
                names = "--token",
                paramLabel = "TOKEN",
                description = "An admin's API token. Without it, the environment variable PARLEY_TOKEN.")
        private @Nullable String token;

        @Option(names = "--baud", defaultValue = "115200", description = "Bits a second (default: ${DEFAULT-VALUE}).")
        private int baud;

        @Option(names = "--unsafe", description = "Runs every command.")
        private boolean unsafe;

        @Mixin
        private Output output = new Output();

        private interface Lines {
            List<String> run(String line) throws IOException;
        }

        /// Where the lines go.
        private record Outlet(Lines lines, Runnable end) implements AutoCloseable {
            @Override
            public void close() {
                end.run();
            }
        }

        @Override
        public void run() {
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (var outlet = open()) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.isBlank()) {
                        continue;
                    }
                    var danger = unsafe ? Optional.<String>empty() : AtConsole.danger(line);
                    var said = danger.isPresent() ? List.of(danger.get()) : outlet.lines.run(line);
                    if (output.isJson()) {
                        output.done(Output.object("command", line.strip(), "run", danger.isEmpty(), "lines", said));
                    } else {
                        said.forEach(output.out()::println);
                        output.out().flush();
                    }
                }
            } catch (IllegalArgumentException | IOException e) {
                throw new Failure(String.valueOf(e.getMessage()), e);
            }
        }

        /// The port itself where it is free, as a console of one's own shows more; else the daemon that
        /// uses it.
        private Outlet open() throws IOException {
            var secret = Api.token(token);
            var port = port();
            if (port.isEmpty()) {
                return throughDaemon(secret.orElseThrow(() -> new Failure(what + " is at no fixed port. " + advice())));
            }
            try {
                var console = AtConsole.open(port.get(), baud);
                return new Outlet(console::run, console::close);
            } catch (AtConsole.Busy e) {
                if (secret.isEmpty() || (config == null && url == null)) {
                    throw new Failure(e.getMessage() + System.lineSeparator() + advice(), e);
                }
                return throughDaemon(secret.get());
            }
        }

        /// Empty for a link that only the daemon knows where to find.
        private Optional<Path> port() {
            if (config == null) {
                return url == null ? Optional.of(Path.of(what)) : Optional.empty();
            }
            if (!(ConfigOption.read(config).links().get(what) instanceof LinkSettings.Modem modem)) {
                throw new Failure("the configuration has no modem " + what);
            }
            var where = modem.settings().where();
            // With an IMEI or IMSI the port is only where it is looked for first.
            return where.imei().isPresent() || where.imsi().isPresent() ? Optional.empty() : where.port();
        }

        private String advice() {
            var link = config == null && url == null ? "LINK" : what;
            return String.join(
                    System.lineSeparator(),
                    "If it is the Parley daemon that uses it, the console can go through the daemon, with an admin's token:",
                    "  parley token add --config " + (config == null ? "FILE" : config) + " --user NAME",
                    "  PARLEY_TOKEN=… parley modem console --config " + (config == null ? "FILE" : config) + " " + link,
                    "or stop the daemon meanwhile (systemctl stop parley) and give the port that parley modem probe shows.");
        }

        private Outlet throughDaemon(String secret) {
            var address = url != null ? url : Api.urlOf(ConfigOption.read(Objects.requireNonNull(config)));
            var api = new Api(address, Optional.of(secret));
            output.err().println("The daemon at " + address + " runs the lines between its own.");
            return new Outlet(line -> said(api, line), api::close);
        }

        private List<String> said(Api api, String line) throws IOException {
            var answer = api.post(Api.pathOfLink(what) + "/at", Map.of("command", line.strip(), "unsafe", unsafe));
            if (List.of(401, 403, 404).contains(answer.status())) {
                throw new IOException(answer.refusal());
            }
            return answer.isDone()
                    ? answer.body()
                            .path("lines")
                            .valueStream()
                            .map(each -> each.asString(""))
                            .toList()
                    : List.of(answer.refusal());
        }
    }

    @Command(
            name = "probe",
            description = {
                "Lists the serial ports and what answers there. Changes nothing and enters no PIN.",
                "A port that a running daemon or another program uses is shown as busy."
            })
    static final class Probe implements Callable<Integer> {

        @Parameters(paramLabel = "PORT", arity = "0..1", description = "Only this port.")
        private @Nullable Path port;

        @Option(names = "--baud", defaultValue = "115200", description = "Bits a second (default: ${DEFAULT-VALUE}).")
        private int baud;

        @Mixin
        private Output output = new Output();

        @Override
        public Integer call() {
            var out = output.out();
            var ports = port == null ? ModemProbe.ports() : List.of(port);
            if (ports.isEmpty() && !output.isJson()) {
                out.println("There is no serial port on this machine; plug a modem in.");
            }
            var modems = 0;
            for (var each : ports) {
                var finding = ModemProbe.probe(each, baud);
                if (output.isJson()) {
                    output.done(object(finding));
                } else {
                    print(out, finding);
                }
                modems += finding.trouble().isEmpty() ? 1 : 0;
            }
            out.flush();
            return modems > 0 ? 0 : 1;
        }

        /// What is not known is left out.
        private static ObjectNode object(Finding finding) {
            var object = JsonNodeFactory.instance
                    .objectNode()
                    .put("port", finding.port().toString());
            if (finding.trouble().isPresent()) {
                return object.put("trouble", finding.trouble().get());
            }
            object.put("manufacturer", finding.manufacturer())
                    .put("model", finding.model())
                    .put("revision", finding.revision())
                    .put("imei", finding.imei())
                    .put("dialect", finding.dialect())
                    .put("sim", finding.sim())
                    .put("registration", finding.registration());
            finding.operator().ifPresent(operator -> object.put("operator", operator));
            finding.signalDbm().ifPresent(dbm -> object.put("signalDbm", dbm));
            finding.smsc().ifPresent(smsc -> object.put("smsc", smsc));
            var memories = object.putArray("memories");
            finding.memories()
                    .forEach(memory -> memories.addObject()
                            .put("name", memory.name())
                            .put("used", memory.used())
                            .put("total", memory.total()));
            return object;
        }

        private static void print(PrintWriter out, Finding finding) {
            out.println(finding.port());
            if (finding.trouble().isPresent()) {
                out.println("  " + finding.trouble().get());
                return;
            }
            line(out, "modem", finding.manufacturer() + " " + finding.model() + " " + finding.revision());
            line(out, "imei", finding.imei());
            line(out, "dialect", finding.dialect());
            line(out, "sim", finding.sim());
            line(
                    out,
                    "network",
                    finding.registration()
                            + finding.operator().map(name -> ": " + name).orElse(""));
            line(out, "signal", finding.signalDbm().map(dbm -> dbm + " dBm").orElse("unknown"));
            line(out, "smsc", finding.smsc().orElse("none on the SIM"));
            line(
                    out,
                    "memories",
                    finding.memories().stream()
                            .map(memory -> "%s %d of %d".formatted(memory.name(), memory.used(), memory.total()))
                            .collect(Collectors.joining(", ")));
        }

        private static void line(PrintWriter out, String name, String value) {
            out.println("  %-9s %s".formatted(name, value.strip()));
        }
    }
}
