package dev.parley.cli;

import dev.parley.Parley;
import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.TestDatabase;
import dev.parley.world.Await;
import dev.parley.world.MariaDbServer;
import dev.parley.world.SelfSigned;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a reload does with certificates; [dev.parley.OperationsTest] has the rest, with links and texts.
@DisplayName("A reload")
class ReloadTest {
    private String database = yaml(TestDatabase.fresh());

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private SelfSigned first;
    private SelfSigned second;
    private RunningDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        first = SelfSigned.make(directory, "first");
        second = SelfSigned.make(directory, "second");
        first.write(file("cert.pem"), file("key.pem"));
        write("cert.pem", "30d");
        daemon = started();
    }

    private RunningDaemon started() throws Exception {
        var config = assertInstanceOf(ConfigReading.Usable.class, Config.read(file("parley.yaml")))
                .config();
        return new RunningDaemon(file("parley.yaml"), config, Parley.start(config), new LogOutput(Optional.empty()));
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    private static String yaml(DatabaseSettings.Server settings) {
        return "{url: \"%s\", username: \"%s\", password: \"%s\"}"
                .formatted(settings.url(), settings.username(), settings.password());
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    /// @param events how long events are kept: something that changes
    private void write(String certificate, String events) throws Exception {
        Files.writeString(file("parley.yaml"), """
                http: {listen: "127.0.0.1:0", tls: {certificate: %s, key: %s}}
                database: %s
                stateDirectory: state
                retention: {events: %s}
                lines: []
                links: {}
                """.formatted(
                        file(certificate), file(certificate.replace("cert", "key")), database, events));
    }

    @Test
    @DisplayName("takes over nothing while the database is away, as nothing could start then, and later what is there")
    void databaseAway() throws Exception {
        daemon.close();
        try (var server = MariaDbServer.start(directory.resolve("mariadb"))) {
            database = server.yaml();
            write("cert.pem", "30d");
            daemon = started();
            var url = daemon.url();
            server.stop();
            write("cert.pem", "31d");
            assertEquals("the database is away, and nothing was taken over", daemon.reload());
            assertEquals("CN=first", served(url));
            server.startAgain();
            Await.until("it is taken over", () -> daemon.reload().startsWith("taken over in "));
            assertEquals("CN=first", served(url));
            daemon.close();
        }
    }

    private String served(String url) throws Exception {
        var answer = SelfSigned.get(URI.create(url + "/healthz"), first, second);
        assertEquals(200, answer.statusCode());
        return SelfSigned.name(answer);
    }

    @Test
    @DisplayName("takes over a certificate that was renewed in its files, and nothing else stops for it")
    void renewed() throws Exception {
        var url = daemon.url();
        assertEquals("nothing has changed", daemon.reload());
        assertEquals("CN=first", served(url));
        second.write(file("cert.pem"), file("key.pem"));
        assertEquals("the certificate was taken over", daemon.reload());
        assertEquals("CN=second", served(url));
    }

    @Test
    @DisplayName("shows the certificate of other files on the port that it has")
    void otherFiles() throws Exception {
        var url = daemon.url();
        second.write(file("cert-2.pem"), file("key-2.pem"));
        write("cert-2.pem", "30d");
        assertTrue(daemon.reload().startsWith("taken over in "));
        assertEquals(url, daemon.url());
        assertEquals("CN=second", served(url));
    }

    @Test
    @DisplayName("takes over nothing with a certificate that cannot be used, whatever else has changed")
    void unusable() throws Exception {
        var url = daemon.url();
        Files.writeString(file("cert.pem"), "no certificate");
        for (var events : new String[] {"30d", "31d"}) {
            write("cert.pem", events);
            assertEquals("the certificate cannot be used, and nothing was taken over", daemon.reload());
            assertEquals("CN=first", served(url));
        }
        second.write(file("cert.pem"), file("key.pem"));
        assertTrue(daemon.reload().startsWith("taken over in "));
        assertEquals("CN=second", served(url));
    }
}
