package dev.parley.world;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

import static org.junit.jupiter.api.Assertions.fail;

/// Programs of others that some tests run. Where one is missing its tests are skipped, or fail where the environment
/// says `PARLEY_PEERS=required`.
public final class Peers {

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/bin"), Path.of("/sbin"));

    private Peers() {}

    /// The program of this name.
    ///
    /// @param debianPackage what to install where it is missing
    public static Path program(String name, String debianPackage) {
        for (var place : PLACES) {
            if (Files.isExecutable(place.resolve(name))) {
                return place.resolve(name);
            }
        }
        throw missing(name + " is not installed (Debian package " + debianPackage + ")");
    }

    /// Skips the test, or fails it where peers are required.
    ///
    /// @return nothing; for the compiler, which does not know that this throws
    static IllegalStateException missing(String why) {
        if ("required".equals(System.getenv("PARLEY_PEERS"))) {
            return fail(why);
        }
        Assumptions.abort(why);
        throw new IllegalStateException("unreachable");
    }
}
