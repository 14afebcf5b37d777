package dev.parley.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `${env:NAME}`, `${file:PATH}` and `${credential:NAME}`: a text that is kept elsewhere.
sealed interface Reference {

    record Resolved(String text) implements Reference {}

    record Unresolved(String why) implements Reference {}

    /// A secret is a line, not a document; what is larger is the wrong file.
    int FILE_OCTETS_MAX = 64 * 1024;

    Pattern REFERENCE = Pattern.compile("\\$\\{([^:}]*):?([^}]*)\\}");

    /// Puts in every reference of `text`. What was put in is not looked at again.
    static Reference resolve(String text, Map<String, String> environment, Path directory) {
        var match = REFERENCE.matcher(text);
        var resolved = new StringBuilder();
        while (match.find()) {
            var part = one(match.group(), match.group(1), match.group(2), environment, directory);
            switch (part) {
                case Resolved(var found) -> match.appendReplacement(resolved, Matcher.quoteReplacement(found));
                case Unresolved unresolved -> {
                    return unresolved;
                }
            }
        }
        return new Resolved(match.appendTail(resolved).toString());
    }

    private static Reference one(
            String whole, String source, String name, Map<String, String> environment, Path directory) {
        return switch (source) {
            case "env" -> {
                var value = environment.get(name);
                yield value == null
                        ? new Unresolved("refers to the environment variable " + name + ", which is not set")
                        : new Resolved(value);
            }
            case "file" -> firstLine(directory.resolve(name).normalize());
            case "credential" -> firstLine(credential(name, environment, directory));
            default ->
                new Unresolved(
                        "has the reference " + whole + "; expected ${env:NAME}, ${file:PATH} or ${credential:NAME}");
        };
    }

    /// A credential of the service (systemd.exec(5), `LoadCredential=parley:/etc/parley/credentials`), which systemd
    /// names after the directory and the file. A command that a person runs finds it beside the configuration.
    private static Path credential(String name, Map<String, String> environment, Path directory) {
        var given = environment.get("CREDENTIALS_DIRECTORY");
        return given == null
                ? directory.resolve("credentials").resolve(name).normalize()
                : Path.of(given).resolve("parley_" + name).normalize();
    }

    private static Reference firstLine(Path file) {
        try {
            if (Files.size(file) > FILE_OCTETS_MAX) {
                return new Unresolved("refers to " + file + ", which is too large (at most 64 KiB)");
            }
            var lines = Files.readAllLines(file);
            return lines.isEmpty()
                    ? new Unresolved("refers to " + file + ", which is empty")
                    : new Resolved(lines.getFirst());
        } catch (NoSuchFileException _) {
            return new Unresolved("refers to " + file + ", which does not exist");
        } catch (AccessDeniedException _) {
            return new Unresolved("refers to " + file + ", which this user may not read");
        } catch (IOException e) {
            return new Unresolved("refers to " + file + ", which cannot be read (" + e.getMessage() + ")");
        }
    }
}
