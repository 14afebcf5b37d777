package dev.parley;

import dev.parley.world.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("The unit")
class UnitTest {

    @Test
    @DisplayName("of alerts to a group chat is one that systemd understands")
    void alerts(@TempDir Path directory) throws Exception {
        var said = directory.resolve("said.txt");
        var process = new ProcessBuilder(
                        Peers.program("systemd-analyze", "systemd").toString(),
                        "verify",
                        "--man=no",
                        Path.of("..", "systemd", "parley-alerts.service")
                                .toRealPath()
                                .toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(said));
        assertEquals("", Files.readString(said));
    }

    @Test
    @DisplayName("exposes no more than 2.0 of 10, as systemd-analyze sees it")
    void exposure(@TempDir Path directory) throws Exception {
        var said = directory.resolve("said.txt");
        var process = new ProcessBuilder(
                        Peers.program("systemd-analyze", "systemd").toString(),
                        "security",
                        "--offline=yes",
                        "--threshold=20",
                        "--no-pager",
                        Path.of("..", "systemd", "parley.service").toRealPath().toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(said));
    }

    @Test
    @DisplayName("stops and reloads as the daemon does")
    void agrees() throws Exception {
        var unit = Files.readString(Path.of("..", "systemd", "parley.service"));
        assertTrue(unit.contains("\nExecReload=/bin/kill -HUP $MAINPID\n"), unit);
        assertTrue(unit.contains("\nSuccessExitStatus=143\n"), unit);
    }
}
