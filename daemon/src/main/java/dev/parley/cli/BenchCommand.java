package dev.parley.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `parley bench`: how many texts a second, how long each takes, and what that is of what the machine
/// could do.
@Command(
        name = "bench",
        description = {
            "Measures how many texts are accepted, handed over and delivered a second, and how long each takes.",
            "Without --url on a private simulated network, beside the machine's own limits of the same run."
        },
        subcommands = FillCommand.class)
final class BenchCommand implements Callable<Integer> {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A daemon that runs. Its texts are really sent! Say --token and --line with it.")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "An API token, or PARLEY_TOKEN.")
    private @Nullable String token;

    @Option(
            names = "--line",
            paramLabel = "LINE",
            description = "The line to send from, with --url: its number, its name or its id.")
    private @Nullable String line;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "16",
            description = "How many clients post at once (default: ${DEFAULT-VALUE}).")
    private int clients = 16;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long (default: ${DEFAULT-VALUE}); a fifth of it before that warms up.")
    private int seconds = 10;

    @Option(
            names = "--numbers",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many phones are texted in turn (default: ${DEFAULT-VALUE}).")
    private int numbers = 1_000;

    @Option(names = "--groups", description = "Texts go to groups of nine instead of to one phone each.")
    private boolean groups;

    @Option(names = "--json", paramLabel = "FILE", description = "Write what was measured there, too.")
    private @Nullable Path json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        require(clients >= 1 && clients <= 1_000, "--clients: expected 1 to 1000");
        require(seconds >= 1 && seconds <= 3_600, "--seconds: expected 1 to 3600");
        require(numbers >= 9 && numbers <= 9_999, "--numbers: expected 9 to 9999");
        require((url == null) == (line == null), "--url and --line go together");
        var load = new BenchLoad.Wanted(clients, seconds, numbers, groups);
        var figures = url == null || line == null
                ? onOurOwn(load)
                : BenchLoad.of(url, Api.requireToken(token), line, load, Map.of())
                        .figures();
        print(figures, spec.commandLine().getOut());
        if (json != null) {
            var pretty = JsonMapper.shared().writerWithDefaultPrettyPrinter();
            Files.writeString(json, pretty.writeValueAsString(figures) + "\n");
        }
        return 0;
    }

    private void require(boolean holds, String mistake) {
        if (!holds) {
            throw new Misuse(mistake);
        }
    }

    private Map<String, Object> onOurOwn(BenchLoad.Wanted load) throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        var directory = Files.createTempDirectory("parley-bench");
        var files = DemoFiles.in(directory);
        try (var demo = new Demo(files, new PrintWriter(PrintWriter.nullWriter()), err, Optional.empty())) {
            Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "stop"));
            demo.start(Optional.of(InetSocketAddress.createUnresolved("127.0.0.1", 0)));
            var state = files.read(files.state(), JsonNode.class).orElseThrow();
            var limits = new BenchLimits(state, files.database());
            err.println("parley: measuring what the machine can do");
            double inserts = limits.durableInserts();
            double submits = limits.rawSubmits();
            limits.phones(numbers);
            err.println("parley: measuring for " + seconds + " s");
            var figures = BenchLoad.ofDemo(state, load).figures();
            double delivered = (double) figures.getOrDefault("deliveredPerSecond", 0.0);
            figures.put("machineDurableInsertsPerSecond", inserts);
            figures.put("machineRawSubmitSmPerSecond", submits);
            figures.put("deliveredToDurableInserts", delivered / inserts);
            figures.put("deliveredToRawSubmitSm", delivered / submits);
            return figures;
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void print(Map<String, Object> figures, PrintWriter out) {
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        figures.forEach((name, value) -> out.println(("%-" + width + "s  %s")
                .formatted(name, value instanceof Double number ? "%,.3f".formatted(number) : value)));
        out.flush();
    }
}
