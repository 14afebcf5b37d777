package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.config.LinkSettings;
import dev.parley.line.LineSettings;
import dev.parley.store.DatabaseSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check-config",
        description = "Reads a configuration file and lists every mistake in it, or what it says.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        return switch (Config.read(file)) {
            case ConfigReading.Usable(var config) -> {
                spec.commandLine().getOut().print(summary(config));
                spec.commandLine().getOut().flush();
                config.warnings().forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
                yield 0;
            }
            case ConfigReading.Mistaken(var mistakes) -> {
                mistakes.forEach(spec.commandLine().getErr()::println);
                yield 1;
            }
        };
    }

    private static String links(LineSettings line) {
        return line.links().stream()
                .map(name -> Optional.ofNullable(line.weights().get(name))
                        .map(weight -> name + " (weight " + weight + ")")
                        .orElse(name))
                .collect(Collectors.joining(", "));
    }

    private String summary(Config config) {
        var text = new StringBuilder("%s: ok%n".formatted(file));
        var listen = config.http().listen();
        text.append("  http      %s://%s:%d%n"
                .formatted(
                        config.http().tls().isPresent() ? "https" : "http", listen.getHostString(), listen.getPort()));
        text.append("  database  %s%n"
                .formatted(
                        switch (config.database()) {
                            case DatabaseSettings.Embedded(var directory) -> "our own server in " + directory;
                            case DatabaseSettings.Server server -> server.url() + " as " + server.username();
                        }));
        for (var line : config.lines()) {
            text.append("  line      %s \"%s\" (%s) over %s%n"
                    .formatted(line.number(), line.name(), line.country(), links(line)));
        }
        config.links()
                .forEach((name, link) -> text.append("  link      %s: %s%n"
                        .formatted(
                                name,
                                switch (link) {
                                    case LinkSettings.Modem modem ->
                                        "modem " + modem.settings().where().words();
                                    case LinkSettings.Smpp(var smpp) ->
                                        "SMPP session with " + smpp.host() + ":" + smpp.port() + " as "
                                                + smpp.systemId();
                                })));
        config.notes().forEach(note -> text.append("  note      %s%n".formatted(note)));
        return text.toString();
    }
}
