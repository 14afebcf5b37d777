package dev.parley;

import dev.parley.world.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("The unit")
class UnitTest {

    private record Analyzed(int status, String said) {}

    private static Analyzed analyzed(Path directory, String unit, String... how) throws Exception {
        var said = directory.resolve("said.txt");
        var command = new ArrayList<String>();
        command.add(Peers.program("systemd-analyze", "systemd").toString());
        command.addAll(List.of(how));
        command.add(Path.of("..", "systemd", unit).toRealPath().toString());
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        return new Analyzed(process.exitValue(), Files.readString(said));
    }

    @Test
    @DisplayName("of alerts to a group chat is one that systemd understands")
    void alerts(@TempDir Path directory) throws Exception {
        assertEquals(new Analyzed(0, ""), analyzed(directory, "parley-alerts.service", "verify", "--man=no"));
    }

    @Test
    @DisplayName("exposes no more than 2.0 of 10, as systemd-analyze sees it")
    void exposure(@TempDir Path directory) throws Exception {
        var analyzed =
                analyzed(directory, "parley.service", "security", "--offline=yes", "--threshold=20", "--no-pager");
        assertEquals(0, analyzed.status(), analyzed.said());
    }

    @Test
    @DisplayName("stops and reloads as the daemon does")
    void agrees() throws Exception {
        var unit = Files.readString(Path.of("..", "systemd", "parley.service"));
        assertTrue(unit.contains("\nExecReload=/bin/kill -HUP $MAINPID\n"), unit);
        assertTrue(unit.contains("\nSuccessExitStatus=143\n"), unit);
    }
}
