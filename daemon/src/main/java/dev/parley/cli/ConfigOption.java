package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// Reading the configuration for a command that cannot go on without it.
final class ConfigOption {

    private ConfigOption() {}

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
