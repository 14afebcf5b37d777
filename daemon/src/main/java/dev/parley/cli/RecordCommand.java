package dev.parley.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `parley record`: for the build alone. A demo sends a text over each of its lines and ends, and leaves what the JVM
/// loaded and linked for the daemon and for the simulated network (JEP 514), from which later starts begin.
@Command(name = "record", description = "Records a start of Parley, for the build.", hidden = true)
final class RecordCommand implements Callable<Integer> {

    /// A text takes a second; the JVM that records is slow, and so is a machine that builds.
    private static final Duration DELIVERED_MAX = Duration.ofMinutes(2);

    private static final int CLIENTS = 8;
    private static final int PHONES = 200;
    private static final int SECONDS = 6;

    private static final Duration POLL = Duration.ofMillis(100);

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "A directory for the demo.")
    private Path data = Path.of("");

    @Parameters(paramLabel = "DIR", description = "Where the records are left.")
    private Path records = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        var files = DemoFiles.in(data);
        var directory = records.toAbsolutePath();
        try (var demo = new Demo(files, err, err, Optional.of(directory))) {
            demo.start(Optional.of(InetSocketAddress.createUnresolved("127.0.0.1", 0)));
            var state = files.read(files.state(), JsonNode.class).orElseThrow();
            try (var api = new Api(
                    state.path("url").asString(""),
                    Optional.of(state.path("token").asString("")))) {
                use(api);
                load(state);
            }
        }
        for (var program : Child.Program.values()) {
            if (!Files.exists(directory.resolve(program.record))) {
                throw new Failure("the JVM left no " + program.record);
            }
        }
        return 0;
    }

    /// What a daemon does all day: every class that this loads is there at once in later starts.
    private static void use(Api api) throws IOException, InterruptedException {
        for (var line : api.get("/api/v1/lines").body().path("items")) {
            var text = Map.of("line", line.path("id").asString(""), "to", "+12025550111", "text", "Hello Ann");
            var message = api.post("/api/v1/messages", text).orFail("the daemon refused a text: ");
            awaitDelivered(api, message.path("id").asString(""));
        }
        for (var path :
                new String[] {"/metrics", "/readyz", "/api/v1/links", "/api/v1/conversations", "/openapi.json"}) {
            api.get(path);
        }
    }

    /// Texts as many as the machine can: what the JVM learns of the path of a text is recorded too (JEP 515), so that
    /// later daemons compile it at once, and the right way.
    private static void load(JsonNode state) throws IOException, InterruptedException {
        new BenchLimits(state, Path.of("")).phones(PHONES);
        for (boolean groups : new boolean[] {false, true}) {
            BenchLoad.ofDemo(state, new BenchLoad.Wanted(CLIENTS, SECONDS, PHONES, groups))
                    .figures();
        }
    }

    private static void awaitDelivered(Api api, String message) throws IOException, InterruptedException {
        var until = Instant.now().plus(DELIVERED_MAX);
        JsonNode seen = api.get("/api/v1/messages/" + message).body();
        while (!seen.path("deliveries").path(0).path("status").asString("").equals("delivered")) {
            if (Instant.now().isAfter(until)) {
                throw new Failure("a text was not delivered: " + seen);
            }
            Thread.sleep(POLL);
            seen = api.get("/api/v1/messages/" + message).body();
        }
    }
}
