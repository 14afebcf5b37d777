package dev.parley.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A real MariaDB for tests: one embedded server for the JVM, a fresh schema for each [#fresh].
///
/// ```java
/// static final Store STORE = TestDatabase.open();      // one schema a test class, migrated
/// ```
public final class TestDatabase {

    /// Kept between runs: unpacking takes seconds.
    private static final Path DIR = Path.of("target", "test-database");

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final EmbeddedServer SERVER = started();

    private TestDatabase() {}

    private static EmbeddedServer started() {
        var server = EmbeddedServer.start(DIR);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "test-database-stop"));
        return server;
    }

    /// A new empty database, with the settings to open it by.
    public static DatabaseSettings.Server fresh() {
        var server = SERVER.settings();
        var name = "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
        try (var connection = DriverManager.getConnection(server.url(), server.username(), server.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new DatabaseSettings.Server(
                server.url().replaceAll("/[^/]*$", "/" + name), server.username(), server.password());
    }

    /// A store on a new database.
    public static Store open() {
        return Store.open(fresh(), new SimpleMeterRegistry());
    }

    /// A store on a new database, whose tables have what is in the journal when somebody asks for it, and not before.
    public static Store openBehind() {
        var store = open();
        store.writeBehind(Duration.ofHours(1));
        return store;
    }
}
