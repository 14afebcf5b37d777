package dev.parley.audit;

import dev.parley.store.Store;
import dev.parley.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The log. Entries have ids that grow.
public final class AuditLog {

    /// What fits the columns; a longer one is cut.
    private static final int NAME_CHARACTERS_MAX = 130;

    private static final int TARGET_CHARACTERS_MAX = 300;
    private static final int DETAIL_CHARACTERS_MAX = 4_000;

    private final Store store;
    private final Clock clock;

    public AuditLog(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    private static final String INSERT = """
            INSERT INTO audit (at, account_id, account_name, action, target, done, from_address, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    /// Appends an entry, and returns when it is durable. Its id and time are the log's to give.
    ///
    /// @param detail JSON
    public void append(
            Optional<Long> user,
            String userName,
            String action,
            String target,
            boolean done,
            String from,
            String detail) {
        var at = clock.instant();
        store.transaction(tx -> {
            try (var insert = tx.connection().prepareStatement(INSERT)) {
                insert.setObject(1, Times.bind(at));
                insert.setObject(2, user.orElse(null), Types.BIGINT);
                insert.setString(3, cut(userName, NAME_CHARACTERS_MAX));
                insert.setString(4, action);
                insert.setString(5, cut(target, TARGET_CHARACTERS_MAX));
                insert.setBoolean(6, done);
                insert.setString(7, from);
                insert.setString(8, detail.length() > DETAIL_CHARACTERS_MAX ? "{\"cut\":true}" : detail);
                return insert.executeUpdate();
            }
        });
    }

    private static String cut(String text, int characters) {
        return text.codePointCount(0, text.length()) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters));
    }

    private static final String LIST = """
            SELECT id, at, account_id, account_name, action, target, done, from_address, detail
              FROM audit
             WHERE id < ? AND (? IS NULL OR action = ?) AND (? IS NULL OR account_id = ?)
             ORDER BY id DESC
             LIMIT ?
            """;

    /// Entries, newest first.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public List<AuditEntry> list(Optional<String> action, Optional<Long> user, long before, int limit) {
        return store.read(connection -> {
            try (var query = connection.prepareStatement(LIST)) {
                query.setLong(1, before);
                query.setString(2, action.orElse(null));
                query.setString(3, action.orElse(null));
                query.setObject(4, user.orElse(null), Types.BIGINT);
                query.setObject(5, user.orElse(null), Types.BIGINT);
                query.setInt(6, limit);
                var entries = new ArrayList<AuditEntry>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        entries.add(read(row));
                    }
                }
                return entries;
            }
        });
    }

    private static AuditEntry read(ResultSet row) throws SQLException {
        @Nullable Long account = row.getObject("account_id", Long.class);
        return new AuditEntry(
                row.getLong("id"),
                Times.instant(row, "at"),
                Optional.ofNullable(account),
                row.getString("account_name"),
                row.getString("action"),
                row.getString("target"),
                row.getBoolean("done"),
                row.getString("from_address"),
                row.getString("detail"));
    }

    private static final String DELETE = "DELETE FROM audit WHERE at < ? ORDER BY id LIMIT ?";

    /// Deletes what is older, a bite at a time.
    ///
    /// @return how many; fewer than `limit` means that none is left
    public int deleteBite(Instant before, int limit) {
        return store.transaction(tx -> {
            try (var delete = tx.connection().prepareStatement(DELETE)) {
                delete.setObject(1, Times.bind(before));
                delete.setInt(2, limit);
                return delete.executeUpdate();
            }
        });
    }
}
