package dev.parley.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The door to SQL: values bound in their order, rows read into records. An [Instant] is bound as
/// [Times] says, an empty [Optional] and null as `NULL`, and a collection as each of its values.
///
/// What goes wrong is an [SQLException] that nobody declares: no feature can do anything about it. It
/// passes through them to the [Store] whose transaction or reading it ends, which judges it.
public final class Sql {
    private Sql() {}

    /// Throws an exception past those who do not declare it.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // inferred, and erased: nothing is cast
    static <E extends Throwable> RuntimeException passing(SQLException e) throws E {
        throw (E) e;
    }

    /// Reads one row.
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// `?, ?, ?` for an `IN`; callers leave empty lists out.
    public static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /// The same values, the last of them repeated until there are as many as [Rows#SIZES] has: for an `IN` of many, so
    /// that few statements are prepared.
    public static <T> List<T> padded(Collection<T> values) {
        var padded = new ArrayList<T>(values);
        int most = Rows.SIZES.getLast();
        int size = Rows.SIZES.stream()
                .filter(each -> each >= values.size())
                .findFirst()
                .orElse(Math.ceilDiv(values.size(), most) * most);
        while (!padded.isEmpty() && padded.size() < size) {
            padded.add(padded.getLast());
        }
        return padded;
    }

    public static <T> List<T> list(Connection connection, String sql, Reader<T> reader, @Nullable Object... values) {
        try (var query = connection.prepareStatement(sql)) {
            bind(query, values);
            var found = new ArrayList<T>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw passing(e);
        }
    }

    /// Reads the rows of several keys, as many as there are, which stand in `sql` as `IN (??)`. For no keys nothing is
    /// asked and nothing found.
    ///
    /// @param values of `sql`, the keys among them as one collection; the keys alone where none are given
    public static <T> List<T> among(
            Connection connection, Collection<?> keys, String sql, Reader<T> reader, @Nullable Object... values) {
        return keys.isEmpty()
                ? List.of()
                : list(connection, spread(sql, keys), reader, values.length == 0 ? new Object[] {keys} : values);
    }

    /// The same, with one thing of each row found by another; the last one where several have the same.
    public static <K, V> Map<K, V> map(
            Connection connection,
            Collection<?> keys,
            String sql,
            Reader<K> key,
            Reader<V> value,
            @Nullable Object... values) {
        var found = new HashMap<K, V>();
        among(connection, keys, sql, row -> found.put(key.read(row), value.read(row)), values);
        return found;
    }

    static String spread(String sql, Collection<?> keys) {
        return sql.replace("??", marks(keys.size()));
    }

    public static <T> Optional<T> first(
            Connection connection, String sql, Reader<T> reader, @Nullable Object... values) {
        return list(connection, sql, reader, values).stream().findFirst();
    }

    /// Runs a statement that changes rows.
    ///
    /// @return rows that it matched, changed or not
    public static int update(Connection connection, String sql, @Nullable Object... values) {
        try (var update = connection.prepareStatement(sql)) {
            bind(update, values);
            return update.executeUpdate();
        } catch (SQLException e) {
            throw passing(e);
        }
    }

    static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        int index = 1;
        for (var value : values) {
            if (value instanceof Collection<?> several) {
                for (var each : several) {
                    bind(statement, index++, each);
                }
            } else {
                bind(statement, index++, value);
            }
        }
    }

    static void bind(PreparedStatement statement, int index, @Nullable Object given) throws SQLException {
        switch (given) {
            case null -> statement.setNull(index, Types.NULL);
            case Optional<?> maybe -> bind(statement, index, maybe.orElse(null));
            case Instant instant -> statement.setObject(index, Times.bind(instant));
            // The driver finds out how to send an object by asking one codec after the other.
            case String text -> statement.setString(index, text);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean is -> statement.setBoolean(index, is);
            case byte[] octets -> statement.setBytes(index, octets);
            default -> statement.setObject(index, given);
        }
    }

    public static Optional<Long> maybeLong(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Long.class));
    }

    public static Optional<Integer> maybeInt(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Integer.class));
    }

    public static Optional<String> maybeText(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
