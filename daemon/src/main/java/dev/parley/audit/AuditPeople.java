package dev.parley.audit;

import dev.parley.person.Holding;
import dev.parley.person.Scrub;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.sql.Connection;
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
            SELECT id, at, account_id, account_name, action, target, outcome, from_address, detail
              FROM audit
             WHERE id > ? AND (LOCATE(?, target) > 0 OR LOCATE(?, detail) > 0
                               OR (account_id IS NULL AND LOCATE(?, account_name) > 0))
             ORDER BY id LIMIT ?
            """;

    private static Map<String, Object> shown(AuditEntry entry) {
        var note = entry.note();
        return Holding.item(
                "id", Long.toString(entry.id()),
                "at", entry.at(),
                "user", note.userName(),
                "action", note.action(),
                "target", note.target(),
                "detail", note.detail());
    }

    private static List<AuditEntry> naming(Connection connection, String number, long after) {
        return Sql.list(connection, NAMING, AuditLog::read, after, number, number, number, PAGE);
    }

    @Override
    public List<Section> sections() {
        return List.of(new Section(
                "audit",
                (connection, number, after) -> Page.of(naming(connection, number, after).stream()
                        .map(AuditPeople::shown)
                        .toList())));
    }

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, json);
        return Holding.inBites(
                0L,
                after -> store.read(connection -> naming(connection, subject.number(), after)),
                AuditEntry::id,
                found -> store.transaction(tx -> {
                    for (var each : found) {
                        tx.update(
                                "UPDATE audit SET account_name = ?, target = ?, detail = ? WHERE id = ?",
                                scrub.withoutNumber(each.note().userName()),
                                scrub.withoutNames(each.note().target()),
                                scrub.apply(each.note().detail()),
                                each.id());
                    }
                    return true;
                }));
    }
}
