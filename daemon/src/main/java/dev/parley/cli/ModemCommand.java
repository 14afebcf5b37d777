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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley modem …`: what an operator wants to know of modems before there is a configuration.
@Command(
        name = "modem",
        description = "Looks at the modems of this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {ModemCommand.Probe.class, ModemCommand.Console.class})
final class ModemCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: probe or console.");
    }

    @Command(
            name = "console",
            description = {
                "An AT console on a modem that no daemon uses: a line in, what the modem says out.",
                "Runs only commands that ask; those that may lose messages, cost money or change a setting are refused."
            },
            mixinStandardHelpOptions = true)
    static final class Console implements Callable<Integer> {

        @Parameters(paramLabel = "LINK|PORT", description = "A port, or with --config a link's name.")
        private String what = "";

        @Option(names = "--config", paramLabel = "FILE", description = "The configuration that names the link.")
        private @Nullable Path config;

        @Option(names = "--baud", defaultValue = "115200", description = "Bits a second (default: ${DEFAULT-VALUE}).")
        private int baud;

        @Option(names = "--unsafe", description = "Runs every command.")
        private boolean unsafe;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() {
            var out = spec.commandLine().getOut();
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (var console = AtConsole.open(port(), baud)) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.isBlank()) {
                        continue;
                    }
                    var danger = unsafe ? Optional.<String>empty() : AtConsole.danger(line);
                    if (danger.isPresent()) {
                        out.println(danger.get());
                    } else {
                        console.run(line).forEach(out::println);
                    }
                    out.flush();
                }
                return 0;
            } catch (IllegalArgumentException | IOException e) {
                throw new Failure(String.valueOf(e.getMessage()), e);
            }
        }

        private Path port() {
            if (config == null) {
                return Path.of(what);
            }
            if (!(ConfigOption.read(config).links().get(what) instanceof LinkSettings.Modem modem)) {
                throw new Failure("the configuration has no modem " + what);
            }
            return modem.where()
                    .port()
                    .orElseThrow(() -> new Failure(what + " is found "
                            + modem.where().words() + "; parley modem probe shows at which port, say that"));
        }
    }

    @Command(
            name = "probe",
            description = {
                "Lists the serial ports and what answers there. Changes nothing and enters no PIN.",
                "A port that a running daemon or another program uses is shown as busy."
            },
            mixinStandardHelpOptions = true)
    static final class Probe implements Callable<Integer> {

        @Parameters(paramLabel = "PORT", arity = "0..1", description = "Only this port.")
        private @Nullable Path port;

        @Option(names = "--baud", defaultValue = "115200", description = "Bits a second (default: ${DEFAULT-VALUE}).")
        private int baud;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() {
            var out = spec.commandLine().getOut();
            var ports = port == null ? ModemProbe.ports() : List.of(port);
            if (ports.isEmpty()) {
                out.println("There is no serial port on this machine; plug a modem in.");
            }
            var modems = 0;
            for (var each : ports) {
                var finding = ModemProbe.probe(each, baud);
                print(out, finding);
                modems += finding.trouble().isEmpty() ? 1 : 0;
            }
            out.flush();
            return modems > 0 ? 0 : 1;
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
