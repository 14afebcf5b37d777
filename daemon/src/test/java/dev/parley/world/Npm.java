package dev.parley.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Peers that are npm's, for Node to run.
public final class Npm {
    private static final int INSTALL_SECONDS_MAX = 90;

    private Npm() {}

    /// Where npm has put a package, below `target`. Where it cannot, the test is skipped, and never required: Debian's
    /// Node does not go together with others that a machine may have.
    ///
    /// @param name of the package
    /// @return the directory `node_modules`
    public static Path modules(String name, String version) throws IOException, InterruptedException {
        var prefix = Path.of("target", "peers", name).toAbsolutePath();
        var modules = prefix.resolve("node_modules");
        if (!Files.isDirectory(modules.resolve(name))) {
            Files.createDirectories(prefix);
            int status = -1;
            try {
                var npm = new ProcessBuilder(
                                "npm",
                                "install",
                                "--prefix",
                                prefix.toString(),
                                "--no-audit",
                                "--no-fund",
                                name + "@" + version)
                        .redirectErrorStream(true)
                        .redirectOutput(prefix.resolve("npm.log").toFile())
                        .start();
                if (npm.waitFor(INSTALL_SECONDS_MAX, TimeUnit.SECONDS)) {
                    status = npm.exitValue();
                } else {
                    npm.destroyForcibly();
                }
            } catch (IOException _) {
                Assumptions.abort("there is no npm");
            }
            if (status != 0) {
                Assumptions.abort("npm could not install " + name + "@" + version);
            }
        }
        return modules;
    }
}
