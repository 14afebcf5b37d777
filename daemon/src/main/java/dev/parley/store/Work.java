package dev.parley.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What is done in one transaction. Must be safe to run twice: after a deadlock it is rolled back and run
/// again from the start, so it changes nothing but the database; the rest goes into [Tx#afterCommit].
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
    T run(Tx tx) throws SQLException;
}
