package dev.parley;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("The daemon as a whole")
class ParleyTest {

    @TempDir
    private Path directory;

    @Test
    @DisplayName("a daemon that is started twice touches neither database nor links the second time")
    void startedTwice() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var file = directory.resolve("parley.yaml");
            Files.writeString(file, """
                    http: {listen: "127.0.0.1:%d"}
                    database: {embedded: db}
                    lines:
                      - {number: "+12025550100", name: Front desk, links: [modem-1]}
                    links:
                      modem-1: {kind: modem, port: modem-1}
                    """.formatted(other.getLocalPort()));
            var config = assertInstanceOf(ConfigReading.Usable.class, Config.read(file))
                    .config();
            var refusal = assertThrows(IOException.class, () -> Parley.start(config));
            assertTrue(String.valueOf(refusal.getMessage()).contains("another Parley"), refusal.getMessage());
            assertFalse(Files.exists(directory.resolve("db")), "the database was touched");
        }
    }
}
