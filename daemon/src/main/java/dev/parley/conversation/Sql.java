package dev.parley.conversation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What every statement of this package needs: values bound in their order, rows read into records.
final class Sql {
    private Sql() {}

    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// `?, ?, ?` for an `IN`; callers leave empty lists out.
    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /// @param values an empty [Optional] and null bind `NULL`; a collection binds each of its values
    static <T> List<T> list(Connection connection, String sql, Reader<T> reader, @Nullable Object... values)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            bind(query, values);
            var found = new ArrayList<T>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return found;
        }
    }

    static <T> Optional<T> first(Connection connection, String sql, Reader<T> reader, @Nullable Object... values)
            throws SQLException {
        return list(connection, sql, reader, values).stream().findFirst();
    }

    /// Runs a statement that changes rows.
    ///
    /// @return rows that it matched, changed or not
    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (var update = connection.prepareStatement(sql)) {
            bind(update, values);
            return update.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        int index = 1;
        for (var value : values) {
            if (value instanceof Collection<?> several) {
                for (var each : several) {
                    bindOne(statement, index++, each);
                }
            } else {
                bindOne(statement, index++, value);
            }
        }
    }

    private static void bindOne(PreparedStatement statement, int index, @Nullable Object given) throws SQLException {
        var value = given instanceof Optional<?> maybe ? maybe.orElse(null) : given;
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else {
            statement.setObject(index, value);
        }
    }

    static Optional<Long> maybeLong(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Long.class));
    }

    static Optional<String> maybeText(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
