package dev.parley.sim;

import dev.parley.sms.Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `parley sim`: the simulated network alone, until SIGINT or SIGTERM.
@Command(
        name = "parley sim",
        description = {
            "Runs the simulated network: phones, an SMSC with an SMPP port, and modems on ptys.",
            "Each modem's port has a stable name, DIR/NAME. DIR/sim.json says where all is, once it is ready.",
            "A port of 0 means any free one."
        },
        mixinStandardHelpOptions = true)
public final class Sim implements Callable<Integer> {

    private static final Pattern LISTEN = Pattern.compile("(\\[[0-9A-Fa-f:]+\\]|[^:\\[\\]\\s]+):([0-9]{1,5})");
    private static final Pattern MODEM_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int PORT_MAX = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Option(
            names = "--control",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "Where the control API listens (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String control;

    @Option(
            names = "--smsc",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "Where the SMSC listens for SMPP (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String smsc;

    @Option(
            names = "--modem",
            paramLabel = "NAME=NUMBER",
            description = "A modem with its name and its SIM's number; may be repeated.")
    private List<String> modems = List.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the modems' ports and sim.json are (default: a new directory in the temporary one).")
    private @Nullable Path directory;

    public static void main(String[] args) {
        // The JDK's HTTP server delays small answers by 40 ms unless it is told not to, and only this tells it.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new Sim()).setOut(out).setErr(err).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        var numbers = numbers();
        var where = directory == null ? Files.createTempDirectory("parley-sim") : directory;
        var out = spec.commandLine().getOut();
        Simulation simulation;
        try {
            simulation = Simulation.start(address("--control", control), address("--smsc", smsc), numbers, where);
        } catch (IOException e) {
            spec.commandLine().getErr().println("parley sim: " + e.getMessage());
            return 1;
        }
        var end = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            try {
                ended.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }));
        out.println("control  " + simulation.control());
        out.println("smsc     " + simulation.smsc());
        simulation.ports().forEach((name, port) -> out.println(name + "  " + numbers.get(name) + "  " + port));
        out.println("state    " + where.toAbsolutePath().resolve(Simulation.STATE));
        try (simulation) {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private Map<String, String> numbers() {
        var numbers = new LinkedHashMap<String, String>();
        for (var each : modems) {
            int equals = each.indexOf('=');
            var name = equals < 0 ? each : each.substring(0, equals);
            var number = equals < 0 ? "" : each.substring(equals + 1);
            if (!MODEM_NAME.matcher(name).matches()) {
                throw wrong(
                        "--modem " + each + ": expected NAME=NUMBER, the name of letters, digits, '.', '_' and '-'");
            }
            var why = Address.wrongWith(number);
            if (why.isPresent()) {
                throw wrong("--modem " + each + ": " + why.get());
            }
            if (numbers.containsKey(name) || numbers.containsValue(number)) {
                throw wrong("--modem " + each + ": the name or the number is there twice");
            }
            numbers.put(name, number);
        }
        return numbers;
    }

    private InetSocketAddress address(String option, String text) {
        var match = LISTEN.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(2)) > PORT_MAX) {
            throw wrong(option + " " + text + ": expected HOST:PORT, the port from 0 to " + PORT_MAX);
        }
        var host = match.group(1);
        var address = new InetSocketAddress(host, Integer.parseInt(match.group(2)));
        if (address.isUnresolved()) {
            throw wrong(option + " " + text + ": there is no host " + host);
        }
        return address;
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
