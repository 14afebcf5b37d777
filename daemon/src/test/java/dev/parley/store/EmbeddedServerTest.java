package dev.parley.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("A server of our own")
class EmbeddedServerTest {

    @ParameterizedTest(name = "{0}")
    @DisplayName("is told from its header to be for this processor or not")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            program                       | header                                   | here    | runs
            x86-64 on amd64               | 7F454C4602010100000000000000000003003E00 | amd64   | true
            x86-64 on a Raspberry Pi      | 7F454C4602010100000000000000000003003E00 | aarch64 | false
            AArch64 on a Raspberry Pi     | 7F454C460201010000000000000000000300B700 | aarch64 | true
            AArch64 on amd64              | 7F454C460201010000000000000000000200B700 | amd64   | false
            big-endian AArch64 on amd64   | 7F454C46020201000000000000000000000200B7 | amd64   | false
            a processor nobody asked for  | 7F454C4602010100000000000000000003001600 | s390x   | true
            a macOS program               | CFFAEDFE0C000001000000000200000000000000 | aarch64 | true
            a file that ends early        | 7F454C4602                               | amd64   | true
            """)
    void processor(String name, String header, String here, boolean runs) throws IOException {
        var told = MachineCode.misfit(new ByteArrayInputStream(HexFormat.of().parseHex(header)), here);
        assertEquals(runs, told.isEmpty(), name);
        told.ifPresent(sentence ->
                assertTrue(sentence.contains("this one is " + here) && sentence.contains("database.url"), sentence));
    }

    /// A MariaDB that starts deletes what others left in its temporary directory, and creating a database
    /// starts one.
    @Test
    @DisplayName("is created without a look at other servers' temporary tables")
    void temporary(@TempDir Path directory) throws IOException {
        TestDatabase.fresh(); // whose unpacked server is borrowed
        var unpacked = Path.of("target", "test-database", "server-" + EmbeddedServer.VERSION);
        Files.createSymbolicLink(directory.resolve(unpacked.getFileName()), unpacked.toRealPath());
        var others = Files.createTempFile("#sqlparley", ".MAI");
        try {
            try (var server = EmbeddedServer.start(directory)) {
                assertTrue(server.pid() > 0);
            }
            assertTrue(Files.exists(others), "another server's temporary table was deleted");
        } finally {
            Files.deleteIfExists(others);
        }
        try (var left = Files.list(directory.resolve("tmp"))) {
            assertEquals(Optional.empty(), left.findAny());
        }
    }
}
