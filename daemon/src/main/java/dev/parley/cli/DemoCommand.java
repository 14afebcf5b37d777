package dev.parley.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley demo`: the daemon and the simulated network, with people in it, until SIGINT or SIGTERM.
@Command(
        name = "demo",
        description = {
            "Runs Parley on a simulated network, with two lines and twelve people to text.",
            "The same directory again continues where it was."
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "demo",
            description = "Where everything is kept; made if it is not there (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("demo");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {
                "Where the API listens; port 0 is any free one.",
                "Default: the last one of this directory, else 127.0.0.1:8080; another if that is taken."
            })
    private @Nullable String listen;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var asked = Optional.ofNullable(listen).map(given -> Demo.address(given, "127.0.0.1:8080"));
        var terminal = spec.commandLine();
        var demo = new Demo(DemoFiles.in(data), terminal.getOut(), terminal.getErr(), Optional.empty());
        // The signal's thread ends the programs and then this one.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(demo::close));
        demo.start(asked);
        new CountDownLatch(1).await();
        return 0;
    }
}
