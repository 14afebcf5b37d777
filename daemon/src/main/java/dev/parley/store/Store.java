package dev.parley.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database: one writer and a pool of connections for reading, of one MariaDB whose schema is up
/// to date.
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    /// At most this many connections: as many statements at once keep a small server busy, more only
    /// wait for each other there.
    static final int CONNECTIONS_MAX = 16;

    /// How long a caller waits for a connection before it is told that the database is away.
    static final Duration CONNECTION_WAIT = Duration.ofSeconds(3);

    /// How long one TCP connect may take; shorter than the wait above, so that its reason is known
    /// when that ends.
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /// How long the server may be silent in the middle of a statement. All our statements are far
    /// shorter; a server that froze, or a network that swallows packets, must not hold a thread for
    /// ever.
    static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(20);

    /// Statements that a connection keeps prepared; all of ours, with room to spare. With all
    /// connections it stays far below the server's `max_prepared_stmt_count` (16,382).
    static final int PREPARED_MAX = 512;

    /// The oldest MariaDB with `SELECT … SKIP LOCKED`, which the claims of the queue stand on.
    private static final Version VERSION_MIN = Version.parse("10.6");

    private static final int NO_RIGHT_ON_DATABASE = 1044;
    private static final int ACCESS_DENIED = 1045;
    private static final int NO_SUCH_DATABASE = 1049;

    /// What the server says when it is itself in trouble: disk full (1021, 1114), too many connections
    /// (1040, 1203, 1226), Galera not in sync (1047), going down or coming up (1053, 1152, 1158–1161,
    /// 1184, 1927), read-only (1290, 1792, 1836), statement time-out (1969).
    private static final Set<Integer> TROUBLE = Set.of(
            1021, 1040, 1047, 1053, 1114, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1290, 1792, 1836, 1927, 1969);

    private static final Pattern VERSION = Pattern.compile("^(?:5\\.5\\.5-)?(\\d+\\.\\d+)");

    private final HikariDataSource pool;
    private final Optional<EmbeddedServer> embedded;
    private final Writer writer;
    private volatile boolean up = true;

    private Store(
            HikariDataSource pool,
            DatabaseSettings.Server server,
            Optional<EmbeddedServer> embedded,
            MeterRegistry metrics) {
        this.pool = pool;
        this.embedded = embedded;
        this.writer = new Writer(() -> forWriting(server), this::translated, metrics);
    }

    /// Starts or adopts the embedded server where there is one, brings the schema up to date and opens
    /// the pool.
    ///
    /// @throws StoreUnavailable with a sentence that says what to do, when the database cannot be
    /// reached or used
    public static Store open(DatabaseSettings settings, MeterRegistry metrics) {
        var embedded = EmbeddedServer.of(settings);
        try {
            var server = usable(settings, embedded);
            migrate(server);
            return new Store(pool(server, metrics), server, embedded, metrics);
        } catch (RuntimeException e) {
            embedded.ifPresent(EmbeddedServer::close);
            throw e;
        }
    }

    /// The same for a command, which may write while a daemon has the database for its own use: each transaction writes
    /// first what the daemon has in its journal, and so reads what it has told of by then, and has the daemon look
    /// again at what it knows.
    ///
    /// @throws StoreUnavailable as [#open]
    public static Store beside(DatabaseSettings settings, MeterRegistry metrics) {
        var store = open(settings, metrics);
        store.writer.behind().standBeside();
        return store;
    }

    /// From now on rows are written to their tables a moment after they are durable, see [WriteBehind]. Only who has
    /// the database for its [own use][SoleUse] may have it so.
    ///
    /// @throws StoreUnavailable when the database is away
    public void writeBehind() {
        writeBehind(WriteBehind.MOMENT);
    }

    /// @param moment how long it may take until rows are in their tables, if nobody reads
    void writeBehind(Duration moment) {
        writer.behind().start(moment);
        Writer.answer(writer.begin(_ -> 0)); // takes over what is left, however long that takes
    }

    /// Runs `work` in a transaction (`READ COMMITTED`) and returns when it is durable. It runs on the
    /// writer's thread, one work after the other, perhaps in one transaction with others that came
    /// meanwhile; see [Writer]. A deadlock or a lock wait runs it again. Inside of another work it is
    /// part of that one's transaction, and so is [#read]: what services do within a work is committed
    /// with it, or not at all.
    ///
    /// @throws StoreUnavailable when the database is away or has more to do than it can, or the
    /// conflicts do not end
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        var tx = writer.current();
        return tx == null ? writer.run(work) : tx.inside(work);
    }

    /// Like [#transaction], and returns at once. Works begin in the order of these calls. The future
    /// ends on the writer's thread, so what is chained to it must be quick. Whoever calls this bounds
    /// what it has under way.
    public <T extends @Nullable Object> CompletableFuture<T> begin(Work<T> work) {
        return writer.begin(work);
    }

    /// Has `forget` run when what memory holds of the database may be wrong: nobody knows whether a
    /// transaction was committed (the connection was lost during `COMMIT`), or a transaction met a
    /// conflict, which only another node can have caused, and is about to run again. On the writer's
    /// thread; must not throw.
    public void onUnknown(Runnable forget) {
        writer.onUnknown(forget);
    }

    /// Has memory forgotten, because `tx` rewrites rows that whoever keeps something in memory was not asked about: at
    /// once, so that what follows in the transaction reads them, and at its end.
    public void forget(Tx tx) {
        writer.forget(tx);
    }

    /// The ids of one kind of row. One object a kind: each takes blocks of its own.
    ///
    /// @param name at most 32 ASCII characters
    public Ids ids(String name) {
        return new Ids(this, name);
    }

    /// Runs `query` on a connection that commits each statement by itself; inside of a work on the
    /// work's own.
    ///
    /// @throws StoreUnavailable when the database is away
    public <T extends @Nullable Object> T read(Query<T> query) {
        if (writer.current() == null) {
            try {
                writer.behind().settle(false);
            } catch (SQLException e) {
                throw translated(e);
            }
        }
        return readUnsettled(query);
    }

    /// Runs `query` likewise, without waiting for what is durable and not written to its table yet. For tables to which
    /// no [rows][Tx#add] are added.
    ///
    /// @throws StoreUnavailable when the database is away
    public <T extends @Nullable Object> T readUnsettled(Query<T> query) {
        var tx = writer.current();
        return tx == null ? apart(query) : tx.inside(inner -> query.run(inner.connection()));
    }

    /// Runs `query` apart from whatever transaction there is.
    <T extends @Nullable Object> T apart(Query<T> query) {
        try (var connection = pool.getConnection()) {
            var result = query.run(connection);
            up = true;
            return result;
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /// Asks the database itself; answers within the time of [#CONNECTION_WAIT].
    public boolean isUp() {
        try {
            return readUnsettled(connection -> connection.isValid((int) CONNECTION_WAIT.toSeconds()));
        } catch (StoreUnavailable e) {
            return false;
        }
    }

    /// A connection of its own, outside of the pool, for what holds one for long.
    Connection connection() throws SQLException {
        return DriverManager.getConnection(pool.getJdbcUrl(), pool.getDataSourceProperties());
    }

    /// Commits what waits, and has it in the tables unless the database is away. What comes afterwards is refused. Does
    /// not throw.
    public void stopWriting() {
        writer.close();
    }

    /// Commits what waits, closes the pool, and stops the embedded server unless another program uses
    /// it too. Does not throw.
    @Override
    public void close() {
        stopWriting();
        pool.close();
        embedded.ifPresent(EmbeddedServer::close);
    }

    private RuntimeException translated(SQLException e) {
        if (pool.isClosed()) {
            return new StoreUnavailable("Parley is stopping.", e);
        }
        if (!isTrouble(e)) {
            return new IllegalStateException("SQL error " + e.getErrorCode() + ": " + e.getMessage(), e);
        }
        if (up) {
            up = false;
            LOG.warn("the database is away: {}", e.getMessage());
        }
        return new StoreUnavailable("The database is not available now: " + e.getMessage(), e);
    }

    /// Whether the database is away, or in trouble itself. What the driver says of a batch whose connection was lost
    /// has neither state nor number of its own.
    static boolean isTrouble(SQLException e) {
        var state = e.getSQLState();
        return (state != null && state.startsWith("08"))
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTimeoutException
                || TROUBLE.contains(e.getErrorCode())
                || e.getCause() instanceof IOException
                || (e.getCause() instanceof SQLException cause && isTrouble(cause));
    }

    static Properties driverProperties(DatabaseSettings.Server server) {
        var properties = new Properties();
        properties.setProperty("user", server.username());
        properties.setProperty("password", server.password());
        properties.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toMillis()));
        properties.setProperty("tcpKeepAlive", "true");
        // Strict mode and UTC, whatever the server's defaults are; `utf8mb4` is the driver's own
        // choice already.
        properties.setProperty(
                "sessionVariables", "time_zone='+00:00',sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
        return properties;
    }

    /// The server of such settings.
    ///
    /// @throws StoreUnavailable with a sentence that says what to do, when it cannot be used
    static DatabaseSettings.Server usable(DatabaseSettings settings, Optional<EmbeddedServer> embedded) {
        var server = settings instanceof DatabaseSettings.Server given
                ? given
                : embedded.orElseThrow().settings();
        if (!server.url().startsWith("jdbc:mariadb:")) {
            throw new StoreUnavailable(
                    "database.url is " + server.url() + ", expected jdbc:mariadb://HOST[:PORT]/DATABASE.");
        }
        try (var connection = DriverManager.getConnection(server.url(), driverProperties(server))) {
            requireVersion(Sql.first(connection, "SELECT VERSION()", row -> row.getString(1))
                    .orElseThrow());
            return server;
        } catch (SQLException e) {
            throw new StoreUnavailable(
                    "Cannot use the database " + server.url() + " as " + server.username() + ": " + e.getMessage()
                            + ". " + whatToDo(e),
                    e);
        }
    }

    private static String whatToDo(SQLException e) {
        return switch (e.getErrorCode()) {
            case ACCESS_DENIED -> "Check user name and password, and that the user may come from this machine.";
            case NO_RIGHT_ON_DATABASE ->
                "The user has no right on this database: GRANT ALL ON parley.* TO parley@'HOST'.";
            case NO_SUCH_DATABASE -> "There is no such database: CREATE DATABASE parley.";
            default -> "Check that MariaDB runs there and that this machine can reach it.";
        };
    }

    /// @param version as `VERSION()` gives it, such as `10.11.6-MariaDB-0+deb12u1`
    static void requireVersion(String version) {
        var numbers = VERSION.matcher(version);
        boolean newEnough = version.contains("MariaDB")
                && numbers.find()
                && Version.parse(numbers.group(1)).compareTo(VERSION_MIN) >= 0;
        if (!newEnough) {
            throw new StoreUnavailable("The database server is " + version + ", expected MariaDB " + VERSION_MIN
                    + " or newer (Parley needs SELECT … SKIP LOCKED).");
        }
    }

    /// Not through the pool: a migration of a large table may take far longer than any statement of the
    /// daemon. What a daemon that was killed has left in its journal is written to the tables before they
    /// are changed.
    private static void migrate(DatabaseSettings.Server server) {
        try (var dataSource = migrationDataSource(server);
                var connection = DriverManager.getConnection(server.url(), driverProperties(server))) {
            boolean isDue = Schema.isDue(dataSource);
            if (isDue) {
                SoleUse.require(connection); // until the connection is closed
            }
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            if (isDue ? Journal.isThere(connection) : !SoleUse.isTaken(connection) && Journal.isLeft(connection)) {
                connection.setAutoCommit(false);
                Journal.settle(connection);
                connection.commit();
            }
            if (isDue) {
                Schema.bringUpToDate(dataSource);
            }
        } catch (SQLException e) {
            throw new StoreUnavailable("The database could not be used: " + e.getMessage(), e);
        }
    }

    private static HikariDataSource migrationDataSource(DatabaseSettings.Server server) {
        var config = new HikariConfig();
        config.setPoolName("migration");
        config.setJdbcUrl(server.url());
        config.setDataSourceProperties(driverProperties(server));
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    private Connection forWriting(DatabaseSettings.Server server) throws SQLException {
        var connection = DriverManager.getConnection(server.url(), daemonProperties(server));
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        up = true;
        return connection;
    }

    /// Statements are prepared on the server and stay so: ours are few, and the server saves a quarter
    /// of what it spends on a short one.
    private static Properties daemonProperties(DatabaseSettings.Server server) {
        var properties = driverProperties(server);
        properties.setProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toMillis()));
        properties.setProperty("useServerPrepStmts", "true");
        properties.setProperty("prepStmtCacheSize", Integer.toString(PREPARED_MAX));
        return properties;
    }

    private static HikariDataSource pool(DatabaseSettings.Server server, MeterRegistry metrics) {
        var config = new HikariConfig();
        config.setPoolName("parley");
        config.setJdbcUrl(server.url());
        config.setDataSourceProperties(daemonProperties(server));
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(2);
        config.setIdleTimeout(Duration.ofMinutes(5).toMillis());
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(10).toMillis());
        config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics));
        return new HikariDataSource(config);
    }
}
