package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// Which configuration a command works on, and reading it for one that cannot go on without it.
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file (default: PARLEY_CONFIG, or /etc/parley/parley.yaml).")
    private Path file = usual();

    /// Where the package keeps it, unless the environment says otherwise.
    static Path usual() {
        return Path.of(Objects.requireNonNullElse(System.getenv("PARLEY_CONFIG"), "/etc/parley/parley.yaml"));
    }

    Path file() {
        return file;
    }

    Config read() {
        return read(file);
    }

    /// The configuration, or a failure that lists every mistake.
    static Config read(Path file) {
        return switch (Config.read(file)) {
            case ConfigReading.Usable(var config) -> config;
            case ConfigReading.Mistaken(var mistakes) ->
                throw new Failure("the configuration has "
                        + (mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes") + ":\n"
                        + mistakes.stream().map(Object::toString).collect(Collectors.joining("\n")));
        };
    }
}
