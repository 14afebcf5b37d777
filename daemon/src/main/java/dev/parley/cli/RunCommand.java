package dev.parley.cli;

import dev.parley.Parley;
import dev.parley.config.Config;
import dev.parley.config.LogSection;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley run`: the daemon, until SIGINT or SIGTERM.
@Command(name = "run", description = "Runs the daemon.")
final class RunCommand implements Callable<Integer> {

    /// What the standard output says when the API answers, with its address behind; the demo reads it
    /// there.
    static final String LISTENING = "Parley is listening on ";

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Option(
            names = "--log",
            paramLabel = "text|json",
            description = "The form of the log (default: what log.form says in the configuration).")
    private LogSection.@Nullable Form log;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        LastResort.install();
        var config = option.read();
        var output = new LogOutput(Optional.ofNullable(log));
        output.follow(config);
        var notify = Notify.of(System.getenv());
        var first = started(config);
        var daemon = new RunningDaemon(option.file(), config, first, output);
        // The signal's thread ends the daemon and then the program; this one only waits for that.
        first.atShutdown(Thread.ofPlatform().name("stop").unstarted(() -> {
            notify.stopping();
            daemon.close();
        }));
        Hangup.onEach(() -> {
            notify.reloading();
            notify.ready(daemon.reload());
        });
        var url = daemon.url();
        spec.commandLine().getOut().println(LISTENING + url);
        notify.ready("listening on " + url);
        notify.watch(daemon::isWell);
        new CountDownLatch(1).await();
        return 0;
    }

    private static Parley started(Config config) {
        try {
            return Parley.start(config);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
