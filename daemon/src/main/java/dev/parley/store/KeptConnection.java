package dev.parley.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection that is opened when it is needed and kept, with the statements that are prepared on it. For one thread
/// at a time.
final class KeptConnection implements Tx.Door {
    private static final Logger LOG = LoggerFactory.getLogger(KeptConnection.class);

    /// A connection that was not used for so long may be dead without our knowing.
    private static final Duration TRUSTED = Duration.ofMillis(500);

    /// Opens a connection.
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    private final Opening opening;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private @Nullable Connection connection;
    private long usedAt;

    KeptConnection(Opening opening) {
        this.opening = opening;
    }

    /// Opens the connection anew if there is none or it is dead. To be called before a transaction, and never within
    /// one, which must not go on on another connection than it has begun on.
    void begin() throws SQLException {
        var open = connection;
        if (open != null && System.nanoTime() - usedAt > TRUSTED.toNanos() && !open.isValid(1)) {
            drop();
        }
        if (connection == null) {
            connection = opening.open();
        }
        used();
    }

    /// The connection that the transaction has begun on.
    ///
    /// @throws SQLException when it is lost
    @Override
    public Connection connection() throws SQLException {
        var open = connection;
        if (open == null) {
            throw new SQLNonTransientConnectionException("the connection was lost", "08003");
        }
        return open;
    }

    @Override
    public PreparedStatement prepared(String sql) throws SQLException {
        var open = connection();
        var statement = prepared.get(sql);
        if (statement == null) {
            statement = open.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /// It has answered just now.
    void used() {
        usedAt = System.nanoTime();
    }

    /// Undoes what the transaction has done. Does not throw: the server undoes what it never saw committed.
    void rollBack() {
        var open = connection;
        try {
            if (open != null) {
                open.rollback();
            }
        } catch (SQLException e) {
            LOG.debug("rollback failed: {}", e.getMessage());
            drop();
        }
    }

    void drop() {
        var open = connection;
        connection = null;
        prepared.clear();
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a connection was closed and said: {}", e.getMessage());
            }
        }
    }
}
