package dev.parley.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley token …`: what programs authenticate with.
@Command(name = "token", description = "API tokens: adds, lists and revokes them.")
final class TokenCommand implements Runnable {

    @Override
    public void run() {
        throw new Misuse("Say what to do: parley token add, list or revoke.");
    }

    @Command(
            description = {
                "Makes an API token for a user, whether or not the daemon runs, and prints its secret.",
                "The secret is stored nowhere and cannot be shown again."
            },
            mixinStandardHelpOptions = true)
    void add(
            @Mixin ConfigOption config,
            @Option(names = "--user", paramLabel = "NAME", required = true, description = "Whose rights the token has.")
                    String user,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "command line",
                            description = "What to know the token by (default: ${DEFAULT-VALUE}).")
                    String name,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            description = "How many days the token lives (default: until it is revoked).")
                    @Nullable
                    Integer days,
            @Option(
                            names = "--save",
                            description =
                                    "Keep the token for the commands of whoever runs this (~/.config/parley/token), and print"
                                            + " where instead of what.")
                    boolean save,
            @Mixin Output output) {
        if (days != null && days < 1) {
            throw new Misuse("--days is " + days + "; expected 1 or more");
        }
        var expiresAt = Optional.ofNullable(days).map(lives -> Instant.now().plus(Duration.ofDays(lives)));
        try (var desk = AccountDesk.open(config.read().database())) {
            var secret = desk.addToken(user, name, expiresAt);
            if (save) {
                output.value("file", TokenFile.write(System.getenv(), secret).toString());
            } else {
                output.value("token", secret);
            }
        }
    }

    @Command(
            description = "Lists the tokens: id, user, name, when it was made, ends and was last used. Never a secret.",
            mixinStandardHelpOptions = true)
    void list(@Mixin ConfigOption config, @Mixin Output output) {
        try (var desk = AccountDesk.open(config.read().database())) {
            var rows = output.rows("id", "user", "name", "createdAt", "expiresAt", "usedAt");
            desk.tokens()
                    .forEach(token -> rows.add(
                            Long.toString(token.id()),
                            token.accountName(),
                            token.name(),
                            seconds(token.createdAt()),
                            token.expiresAt().map(TokenCommand::seconds).orElse("-"),
                            token.usedAt().map(TokenCommand::seconds).orElse("-")));
            rows.print();
        }
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Command(
            description = "Revokes a token. A daemon that runs lets it in for a second more.",
            mixinStandardHelpOptions = true)
    void revoke(
            @Mixin ConfigOption config,
            @Parameters(paramLabel = "ID", description = "The token's id, as parley token list gives it.") long id,
            @Mixin Output output) {
        try (var desk = AccountDesk.open(config.read().database())) {
            if (!desk.revokeToken(id)) {
                throw new Failure("there is no token " + id + "; parley token list shows them");
            }
            output.done(Output.object("id", Long.toString(id), "revoked", true));
        }
    }
}
