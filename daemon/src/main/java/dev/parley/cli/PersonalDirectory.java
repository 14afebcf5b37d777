package dev.parley.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /// Writes a file that only its owner may read, whole or not at all.
    static Path write(Path file, String text) throws IOException {
        var fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new"); // its owner's alone
        Files.writeString(fresh, text);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<Path> absolute(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).map(Path::of).filter(Path::isAbsolute);
    }
}
