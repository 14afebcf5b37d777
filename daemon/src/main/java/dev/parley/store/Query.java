package dev.parley.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What is read on one connection, outside of any transaction. Safe to run twice.
@FunctionalInterface
public interface Query<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
}
