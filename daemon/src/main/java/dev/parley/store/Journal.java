package dev.parley.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables of the journal: a row there is a transaction that is durable, and whose rows are not in their own
/// tables yet.
///
/// Exactly once: whoever writes what such a row holds deletes it in the same transaction. And nobody goes on with a
/// journal that somebody else has taken over, or has written beside: each row is made under the number of its owner,
/// which stays locked until the commit, and whoever takes it over raises the number first.
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /// A larger transaction is not worth to be said twice.
    static final int OCTETS_MAX = 1 << 20;

    private static final int REASON_MAX = 500;

    private static final List<String> REFUSALS = List.of("22", "23", "42");

    private static final String KIND = "INSERT IGNORE INTO journal_kind (id, statement) VALUES (?, ?)";

    private static final String ENTRY =
            "INSERT INTO journal (id, moves) SELECT ?, ? FROM journal_owner WHERE id = 1 AND epoch = ? LOCK IN SHARE MODE";

    private static final String IS_OURS = "SELECT 1 FROM journal_owner WHERE id = 1 AND epoch = ? LOCK IN SHARE MODE";

    private static final String RAISE = "UPDATE journal_owner SET epoch = epoch + 1 WHERE id = 1";

    private static final String EPOCH = "SELECT epoch FROM journal_owner WHERE id = 1";

    private static final String ALL = "SELECT id, moves FROM journal ORDER BY id FOR UPDATE";

    private static final String STATEMENTS = "SELECT id, statement FROM journal_kind";

    private static final String WRITTEN = "DELETE FROM journal WHERE id BETWEEN ? AND ?";

    private static final String REFUSED =
            "INSERT INTO journal_refused (statement, row_values, reason) VALUES (?, ?, ?)";

    private static final String IS_THERE = """
            SELECT COUNT(*) FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_name = 'journal_owner'
            """;

    /// Kinds whose statements are there.
    private final Set<Rows> known = new HashSet<>();

    private long epoch;
    private long latest;

    /// A transaction of the journal.
    record Entry(long id, int octets, SortedMap<Rows, List<@Nullable Object[]>> rows) {}

    /// Puts rows in the journal, as part of the transaction that is under way on `door`.
    ///
    /// @return empty if they are too many
    /// @throws SQLException a conflict, if the journal is somebody else's by now
    Optional<Entry> append(Tx.Door door, SortedMap<Rows, List<@Nullable Object[]>> rows) throws SQLException {
        var moves = Moves.encoded(rows);
        if (moves.length > OCTETS_MAX) {
            return Optional.empty();
        }
        for (var kind : rows.keySet()) {
            if (!known.contains(kind)) {
                Sql.update(door.connection(), KIND, kind.number(), kind.single());
            }
        }
        long id = Math.max(latest + 1, epoch << 32);
        var statement = door.prepared(ENTRY);
        Sql.bind(statement, id, moves, epoch);
        if (statement.executeUpdate() != 1) {
            throw taken();
        }
        latest = id;
        return Optional.of(new Entry(id, moves.length, rows));
    }

    /// Checks that the journal is still its owner's, and locks that until the transaction ends.
    ///
    /// @throws SQLException a conflict, if it is not
    void requireOurs(Tx.Door door) throws SQLException {
        var statement = door.prepared(IS_OURS);
        Sql.bind(statement, epoch);
        try (var row = statement.executeQuery()) {
            if (!row.next()) {
                throw taken();
            }
        }
    }

    private static SQLException taken() {
        return Writer.conflict(new SQLException("somebody else has written to the database"));
    }

    /// What was appended is durable.
    void isDurable(Entry entry) {
        known.addAll(entry.rows.keySet());
    }

    /// Takes the journal over, and has everything in it written to the tables. The caller commits.
    void take(Connection connection) throws SQLException {
        known.clear();
        epoch = raise(connection);
        write(connection);
    }

    /// Has everything in the journal written to the tables, and lets its owner take it over anew before it goes on. The
    /// caller commits.
    static void settle(Connection connection) throws SQLException {
        raise(connection);
        write(connection);
    }

    private static long raise(Connection connection) throws SQLException {
        Sql.update(connection, RAISE);
        return Sql.first(connection, EPOCH, row -> row.getLong(1))
                .orElseThrow(() ->
                        new StoreUnavailable("The database has a journal that nobody can own: a migration was broken"
                                + " off in the middle. Restore the backup from before the upgrade."));
    }

    /// Whether a database has a journal. It may be one that no version of Parley has used yet.
    static boolean isThere(Connection connection) throws SQLException {
        return Sql.first(connection, IS_THERE, row -> row.getInt(1)).orElse(0) > 0;
    }

    /// Whether a database has a journal with something in it.
    static boolean isLeft(Connection connection) throws SQLException {
        return isThere(connection)
                && Sql.first(connection, "SELECT id FROM journal LIMIT 1", row -> row.getLong(1))
                        .isPresent();
    }

    /// Deletes rows that are being written to their tables by the same transaction.
    ///
    /// @return how many there were
    static int delete(Tx.Door door, long first, long last) throws SQLException {
        var statement = door.prepared(WRITTEN);
        Sql.bind(statement, first, last);
        return statement.executeUpdate();
    }

    private record Left(long id, List<Moves.Kind> kinds) {}

    /// Writes what is in the journal to the tables, by the statements of whoever has put it there. A row that its table
    /// does not take is kept apart.
    private static void write(Connection connection) throws SQLException {
        var left = Sql.list(connection, ALL, row -> new Left(row.getLong("id"), Moves.decoded(row.getBytes("moves"))));
        if (left.isEmpty()) {
            return;
        }
        var statements = new HashMap<Long, String>();
        Sql.list(connection, STATEMENTS, row -> statements.put(row.getLong("id"), row.getString("statement")));
        int refused = 0;
        for (var each : left) {
            for (var kind : each.kinds) {
                refused += write(connection, statement(statements, kind.kind()), kind.rows());
            }
        }
        Sql.update(connection, WRITTEN, left.getFirst().id, left.getLast().id);
        LOG.info(
                "{} transactions were in the journal, and are in the tables now{}",
                left.size(),
                refused == 0 ? "" : "; " + refused + " rows were refused, and are kept in journal_refused");
    }

    private static String statement(Map<Long, String> statements, long kind) {
        return Optional.ofNullable(statements.get(kind))
                .orElseThrow(() -> new StoreUnavailable("The journal of the database has rows of the kind " + kind
                        + ", of which nothing is known. Restore the database from a backup."));
    }

    /// @return how many of the rows were refused, and are kept apart
    private static int write(Connection connection, String sql, List<List<@Nullable Object>> rows) throws SQLException {
        var before = connection.setSavepoint();
        try (var statement = connection.prepareStatement(sql)) {
            for (var row : rows) {
                Sql.bind(statement, row.toArray());
                statement.addBatch();
            }
            statement.executeBatch();
            connection.releaseSavepoint(before);
            return 0;
        } catch (SQLException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            connection.rollback(before);
            if (rows.size() == 1) {
                keepApart(connection, sql, rows.getFirst(), e);
                return 1;
            }
            int refused = 0;
            for (var row : rows) {
                refused += write(connection, sql, List.of(row));
            }
            return refused;
        }
    }

    /// Whether a table does not take a row: its values (SQL state 22), a key that is there (23), its columns (42).
    private static boolean isRefusal(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return !Store.isTrouble(e) && !Writer.isConflict(e) && REFUSALS.stream().anyMatch(state::startsWith);
    }

    private static void keepApart(Connection connection, String sql, List<@Nullable Object> row, SQLException why)
            throws SQLException {
        LOG.error(
                "a row of the journal was refused (SQL error {}), and is kept in journal_refused: {}",
                why.getErrorCode(), // the server's sentence may have a number or a text in it
                sql);
        var reason = String.valueOf(why.getMessage());
        Sql.update(
                connection,
                REFUSED,
                sql,
                Moves.encoded(row),
                reason.substring(0, Math.min(reason.length(), REASON_MAX)));
    }
}
