package dev.parley.sim;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/// Programs of others that some tests run. Where one is missing its tests are skipped, or fail where the environment
/// says `PARLEY_PEERS=required`.
final class Peers {
    private Peers() {}

    static Path program(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing(name + " is not installed"));
    }

    /// Skips the test, or fails it where peers are required.
    ///
    /// @return nothing; for the compiler, which does not know that this throws
    static IllegalStateException missing(String why) {
        if ("required".equals(System.getenv("PARLEY_PEERS"))) {
            return fail(why);
        }
        return abort(why);
    }
}
