package dev.parley.audit;

import dev.parley.person.Holding;
import dev.parley.person.Scrub;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/// What the audit log says of a person who is no user: a number in what somebody did. Who did what and when stays; this
/// is the only change that an entry ever meets.
public final class AuditPeople implements Holding {
    private final Store store;
    private final ObjectMapper json;

    public AuditPeople(Store store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    private static final String NAMING = """
            SELECT id, at, account_name, action, target, detail
              FROM audit
             WHERE id > ? AND (LOCATE(?, target) > 0 OR LOCATE(?, detail) > 0
                               OR (account_id IS NULL AND LOCATE(?, account_name) > 0))
             ORDER BY id LIMIT ?
            """;

    private record Naming(long id, Instant at, String userName, String action, String target, String detail) {
        static Naming read(ResultSet row) throws SQLException {
            return new Naming(
                    row.getLong("id"),
                    Times.instant(row, "at"),
                    row.getString("account_name"),
                    row.getString("action"),
                    row.getString("target"),
                    row.getString("detail"));
        }

        Map<String, Object> shown() {
            return Holding.item(
                    "id", Long.toString(id),
                    "at", at,
                    "user", userName,
                    "action", action,
                    "target", target,
                    "detail", detail);
        }
    }

    private static List<Naming> naming(Connection connection, String number, long after) {
        return Sql.list(connection, NAMING, Naming::read, after, number, number, number, PAGE);
    }

    @Override
    public List<Section> sections() {
        return List.of(new Section(
                "audit",
                (connection, number, after) -> Page.of(naming(connection, number, after).stream()
                        .map(Naming::shown)
                        .toList())));
    }

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, json);
        return Holding.inBites(
                0L,
                after -> store.read(connection -> naming(connection, subject.number(), after)),
                Naming::id,
                found -> store.transaction(tx -> {
                    for (var each : found) {
                        tx.update(
                                "UPDATE audit SET account_name = ?, target = ?, detail = ? WHERE id = ?",
                                scrub.withoutNumber(each.userName),
                                scrub.withoutNames(each.target),
                                scrub.apply(each.detail),
                                each.id);
                    }
                    return true;
                }));
    }
}
