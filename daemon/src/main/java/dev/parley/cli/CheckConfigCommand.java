package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.config.LinkSettings;
import dev.parley.config.Mistake;
import dev.parley.line.LineSettings;
import dev.parley.store.DatabaseSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "check-config",
        description = "Reads a configuration file and lists every mistake in it, or what it says.")
final class CheckConfigCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The configuration file (default: PARLEY_CONFIG, or /etc/parley/parley.yaml).")
    private Path file = ConfigOption.usual();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        return switch (Config.read(file)) {
            case ConfigReading.Usable(var config) -> {
                output.say(summary(config), object(config));
                if (!output.isJson()) {
                    config.warnings().forEach(warning -> output.err().println("warning: " + warning));
                }
                yield 0;
            }
            case ConfigReading.Mistaken(var mistakes) -> {
                if (output.isJson()) {
                    output.done(object(mistakes));
                } else {
                    mistakes.forEach(output.err()::println);
                }
                yield 1;
            }
        };
    }

    private ObjectNode object(List<Mistake> mistakes) {
        var object = object(false);
        var array = object.putArray("mistakes");
        mistakes.forEach(mistake -> array.addObject()
                .put("line", mistake.line())
                .put("column", mistake.column())
                .put("key", mistake.key())
                .put("sentence", mistake.sentence()));
        return object;
    }

    private ObjectNode object(Config config) {
        var object = object(true).put("http", listen(config)).put("database", database(config));
        var lines = object.putArray("lines");
        config.lines()
                .forEach(line -> lines.addObject()
                        .put("number", line.number())
                        .put("name", line.name())
                        .put("country", line.country())
                        .putPOJO("links", line.links()));
        var links = object.putArray("links");
        config.links()
                .forEach((name, link) -> links.addObject().put("name", name).put("what", what(link)));
        return object.putPOJO("notes", config.notes()).putPOJO("warnings", config.warnings());
    }

    private ObjectNode object(boolean isOk) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", file.toString())
                .put("ok", isOk);
    }

    private static String listen(Config config) {
        var listen = config.http().listen();
        return (config.http().tls().isPresent() ? "https://" : "http://") + listen.getHostString() + ":"
                + listen.getPort();
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
