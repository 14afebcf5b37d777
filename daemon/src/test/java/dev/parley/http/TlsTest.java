package dev.parley.http;

import dev.parley.store.TestDatabase;
import dev.parley.world.SelfSigned;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class TlsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path dir;

    /// A self-signed certificate and its key, as PEM files.
    private SelfSigned certificate(String name) throws Exception {
        var made = SelfSigned.make(dir, name);
        made.write(dir.resolve("cert.pem"), dir.resolve("key.pem"));
        return made;
    }

    private HttpSettings settings() {
        return new HttpSettings(
                Daemon.LOOPBACK.listen(),
                Optional.of(new HttpSettings.Tls(dir.resolve("cert.pem"), dir.resolve("key.pem"))),
                List.of(),
                Optional.empty());
    }

    /// The name in the certificate that the server shows.
    private static String served(String url, SelfSigned... trusted) throws Exception {
        var answer = SelfSigned.get(URI.create(url + "/healthz"), trusted);
        assertEquals(200, answer.statusCode());
        assertEquals(
                "max-age=31536000",
                answer.headers().firstValue("Strict-Transport-Security").orElse(""));
        return SelfSigned.name(answer);
    }

    @Test
    void anotherCertificateIsTakenWhileItRunsAndABrokenOneIsNot() throws Exception {
        var first = certificate("first");
        try (var daemon = new Daemon(TestDatabase.fresh(), settings())) {
            var url = daemon.server.url();
            assertTrue(url.startsWith("https://127.0.0.1:"), url);
            assertEquals("CN=first", served(url, first));
            var second = certificate("second");
            var deadline = Instant.now().plus(Duration.ofSeconds(30));
            while (!served(url, first, second).equals("CN=second")) {
                assertTrue(Instant.now().isBefore(deadline), "the new certificate was not taken");
            }
            Files.writeString(dir.resolve("cert.pem"), "no certificate");
            var looked = Instant.now().plus(TlsFiles.LOOK.multipliedBy(2));
            while (Instant.now().isBefore(looked)) {
                assertEquals("CN=second", served(url, first, second));
            }
        }
    }

    @Test
    void whatCannotBeUsedIsSaidAtTheStart() throws Exception {
        var e = assertThrows(UncheckedIOException.class, () -> new Daemon(TestDatabase.fresh(), settings()).close());
        assertTrue(String.valueOf(e.getMessage()).contains("cert.pem"), e.getMessage());
        certificate("good");
        Files.writeString(dir.resolve("key.pem"), "no key");
        var other =
                assertThrows(UncheckedIOException.class, () -> new Daemon(TestDatabase.fresh(), settings()).close());
        assertTrue(String.valueOf(other.getMessage()).contains("key.pem"), other.getMessage());
    }
}
