package dev.parley.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the commands keep what belongs to the person who types them (XDG Base Directory Specification).
enum PersonalDirectory {
    CONFIGURATION("XDG_CONFIG_HOME", Path.of(".config")),
    STATE("XDG_STATE_HOME", Path.of(".local", "state"));

    private final String variable;
    private final Path belowHome;

    PersonalDirectory(String variable, Path belowHome) {
        this.variable = variable;
        this.belowHome = belowHome;
    }

    /// Empty where the environment names no home. A path that is not absolute counts for nothing.
    Optional<Path> of(Map<String, String> environment) {
        return absolute(environment, variable)
                .or(() -> absolute(environment, "HOME").map(home -> home.resolve(belowHome)))
                .map(directory -> directory.resolve("parley"));
    }

    private static Optional<Path> absolute(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).map(Path::of).filter(Path::isAbsolute);
    }
}
