package dev.parley.audit;

import dev.parley.person.Holding;
import dev.parley.person.Scrub;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
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

    private record Naming(long id, String userName, String target, String detail, Map<String, Object> shown) {}

    private static List<Naming> naming(Connection connection, String number, long after) throws SQLException {
        return Sql.list(
                connection,
                NAMING,
                row -> {
                    var item = new LinkedHashMap<String, Object>();
                    item.put("id", Long.toString(row.getLong("id")));
                    item.put("at", Times.instant(row, "at"));
                    item.put("user", row.getString("account_name"));
                    item.put("action", row.getString("action"));
                    item.put("target", row.getString("target"));
                    item.put("detail", row.getString("detail"));
                    return new Naming(
                            row.getLong("id"),
                            row.getString("account_name"),
                            row.getString("target"),
                            row.getString("detail"),
                            item);
                },
                after,
                number,
                number,
                number,
                PAGE);
    }

    @Override
    public List<Section> sections() {
        return List.of(new Section("audit", (connection, number, after) -> {
            var found = naming(connection, number, after);
            return Page.upTo(
                    found.stream().map(Naming::shown).toList(), PAGE, found.isEmpty() ? 0 : found.getLast().id);
        }));
    }

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, json);
        long after = 0;
        while (true) {
            long from = after;
            var found = store.read(connection -> naming(connection, subject.number(), from));
            if (found.isEmpty()) {
                return true;
            }
            store.transaction(tx -> {
                for (var each : found) {
                    tx.update(
                            "UPDATE audit SET account_name = ?, target = ?, detail = ? WHERE id = ?",
                            scrub.withoutNumber(each.userName),
                            scrub.withoutNames(each.target),
                            scrub.apply(each.detail),
                            each.id);
                }
                return tx;
            });
            after = found.getLast().id;
        }
    }
}
