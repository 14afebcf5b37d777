package dev.parley.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `parley token …`: what programs authenticate with.
@Command(
        name = "token",
        description = "Adds API tokens.",
        subcommands = TokenCommand.Add.class,
        mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: parley token add.");
    }

    @Command(
            name = "add",
            description = {
                "Makes an API token for a user, whether or not the daemon runs, and prints its secret.",
                "The secret is stored nowhere and cannot be shown again."
            },
            mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {

        @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
        private Path file = Path.of("");

        @Option(names = "--user", paramLabel = "NAME", required = true, description = "Whose rights the token has.")
        private String user = "";

        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = "command line",
                description = "What to know the token by (default: ${DEFAULT-VALUE}).")
        private String name = "command line";

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "How many days the token lives (default: until it is revoked).")
        private @Nullable Integer days;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (days != null && days < 1) {
                throw new ParameterException(spec.commandLine(), "--days is " + days + "; expected 1 or more");
            }
            var expiresAt = Optional.ofNullable(days).map(lives -> Instant.now().plus(Duration.ofDays(lives)));
            var config = ConfigOption.read(file);
            try (var desk = AccountDesk.open(config.database())) {
                spec.commandLine().getOut().println(desk.addToken(user, name, expiresAt));
            }
            return 0;
        }
    }
}
