package dev.parley.audit;

import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The log. Entries have ids that grow.
public final class AuditLog {

    private final Store store;
    private final Clock clock;

    public AuditLog(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    private static final Rows ENTRY = Rows.inserted(
                    90, "audit", "at, account_id, account_name, action, target, outcome, from_address, detail")
            .atOnce();

    /// Appends an entry in the transaction of what it tells of, so that the two are committed together or not at all.
    public void append(Tx tx, AuditNote note) {
        tx.add(
                ENTRY,
                clock.instant(),
                note.user(),
                note.userName(),
                note.action(),
                note.target(),
                note.outcome().label(),
                note.from(),
                note.detail());
    }

    /// Appends an entry about what is no transaction of ours, or was refused, and returns when it is durable.
    public void append(AuditNote note) {
        store.transaction(tx -> {
            append(tx, note);
            return note;
        });
    }

    private static final String LIST = """
            SELECT id, at, account_id, account_name, action, target, outcome, from_address, detail
              FROM audit
             WHERE id < ? AND (? IS NULL OR action = ?) AND (? IS NULL OR account_id = ?)
             ORDER BY id DESC
             LIMIT ?
            """;

    /// Entries, newest first.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public List<AuditEntry> list(Optional<String> action, Optional<Long> user, long before, int limit) {
        return store.read(
                connection -> Sql.list(connection, LIST, AuditLog::read, before, action, action, user, user, limit));
    }

    static AuditEntry read(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                Times.instant(row, "at"),
                new AuditNote(
                        Sql.maybeLong(row, "account_id"),
                        row.getString("account_name"),
                        row.getString("action"),
                        row.getString("target"),
                        AuditOutcome.ofLabel(row.getString("outcome")),
                        row.getString("from_address"),
                        row.getString("detail")));
    }

    private static final String DELETE = "DELETE FROM audit WHERE at < ? ORDER BY id LIMIT ?";

    /// Deletes what is older, a bite at a time.
    ///
    /// @return how many; fewer than `limit` means that none is left
    public int deleteBite(Instant before, int limit) {
        return store.transaction(tx -> tx.update(DELETE, before, limit));
    }
}
