package dev.parley.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/// Where a person keeps the token of the commands that ask the daemon: `~/.config/parley/token`.
final class TokenFile {

    private TokenFile() {}

    /// Empty where the environment names no home.
    static Optional<Path> place(Map<String, String> environment) {
        return PersonalDirectory.CONFIGURATION.of(environment).map(directory -> directory.resolve("token"));
    }

    /// @return its first line, where there is one
    static Optional<String> read(Map<String, String> environment) {
        var place = place(environment);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        try (var lines = Files.lines(place.get())) {
            return lines.findFirst().map(String::strip);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Failure("the token in " + place.get() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Writes it for its owner alone, in place of one that was there.
    static Path write(Map<String, String> environment, String secret) {
        var place = place(environment)
                .orElseThrow(() -> new Failure("--save: the environment has no HOME to keep the token in"));
        try {
            Files.createDirectories(
                    place.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return PersonalDirectory.write(place, secret + "\n");
        } catch (IOException e) {
            throw new Failure("the token cannot be kept in " + place + ": " + e.getMessage(), e);
        }
    }
}
