package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.config.LinkSettings;
import dev.parley.config.Mistake;
import dev.parley.line.LineSettings;
import dev.parley.store.DatabaseSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check-config",
        description = "Reads a configuration file and lists every mistake in it, or what it says.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The configuration file (default: PARLEY_CONFIG, or /etc/parley/parley.yaml).")
    private Path file = ConfigOption.usual();

    @Mixin
    private Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        return switch (Config.read(file)) {
            case ConfigReading.Usable(var config) -> {
                output.say(summary(config), object(config));
                if (!output.isJson()) {
                    config.warnings()
                            .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
                }
                yield 0;
            }
            case ConfigReading.Mistaken(var mistakes) -> {
                if (output.isJson()) {
                    output.done(object(mistakes));
                } else {
                    mistakes.forEach(spec.commandLine().getErr()::println);
                }
                yield 1;
            }
        };
    }

    private Map<String, Object> object(List<Mistake> mistakes) {
        return Output.object(
                "file",
                file.toString(),
                "ok",
                false,
                "mistakes",
                mistakes.stream()
                        .map(mistake -> Output.object(
                                "line",
                                mistake.line(),
                                "column",
                                mistake.column(),
                                "key",
                                mistake.key(),
                                "sentence",
                                mistake.sentence()))
                        .toList());
    }

    private Map<String, Object> object(Config config) {
        return Output.object(
                "file",
                file.toString(),
                "ok",
                true,
                "http",
                listen(config),
                "database",
                database(config),
                "lines",
                config.lines().stream()
                        .map(line -> Output.object(
                                "number",
                                line.number(),
                                "name",
                                line.name(),
                                "country",
                                line.country(),
                                "links",
                                line.links()))
                        .toList(),
                "links",
                config.links().entrySet().stream()
                        .map(link -> Output.object("name", link.getKey(), "what", what(link.getValue())))
                        .toList(),
                "notes",
                config.notes(),
                "warnings",
                config.warnings());
    }

    private static String listen(Config config) {
        var listen = config.http().listen();
        return "%s://%s:%d"
                .formatted(
                        config.http().tls().isPresent() ? "https" : "http", listen.getHostString(), listen.getPort());
    }

    private static String database(Config config) {
        return switch (config.database()) {
            case DatabaseSettings.Embedded(var directory) -> "our own server in " + directory;
            case DatabaseSettings.Server server -> server.url() + " as " + server.username();
        };
    }

    private static String what(LinkSettings link) {
        return switch (link) {
            case LinkSettings.Modem modem -> "modem " + modem.settings().where().words();
            case LinkSettings.Smpp(var smpp) ->
                "SMPP session with " + smpp.host() + ":" + smpp.port() + " as " + smpp.systemId();
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
        text.append("  http      %s%n".formatted(listen(config)));
        text.append("  database  %s%n".formatted(database(config)));
        for (var line : config.lines()) {
            text.append("  line      %s \"%s\" (%s) over %s%n"
                    .formatted(line.number(), line.name(), line.country(), links(line)));
        }
        config.links().forEach((name, link) -> text.append("  link      %s: %s%n".formatted(name, what(link))));
        config.notes().forEach(note -> text.append("  note      %s%n".formatted(note)));
        return text.toString().stripTrailing();
    }
}
