package dev.parley.queue;

import dev.parley.link.NumberSpelling;
import dev.parley.person.Holding;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import java.sql.Connection;
import java.util.List;
import java.util.Map;

/// What the queue keeps of a person: the parts of what went there, and reports that match none. Parts are erased with
/// their deliveries ([SendQueue#erase]).
public final class QueuePeople implements Holding {
    private final Store store;

    public QueuePeople(Store store) {
        this.store = store;
    }

    @Override
    public List<Section> sections() {
        return List.of(
                new Section("parts", QueuePeople::parts),
                new Section(
                        "unmatchedReports",
                        (connection, number, _) -> Page.all(ParkedReports.about(connection, number).stream()
                                .map(QueuePeople::shown)
                                .toList())));
    }

    private static final String PARTS = """
            SELECT id, delivery_id, seq, total, text, state, link, reference, submitted_at, accepted_at, ended_at
              FROM part
             WHERE tail = ? AND recipient = ? AND id > ?
             ORDER BY id LIMIT ?
            """;

    private static Page parts(Connection connection, String number, long after) {
        return Page.of(Sql.list(
                connection,
                PARTS,
                row -> Holding.item(
                        "id", Long.toString(row.getLong("id")),
                        "delivery", Long.toString(row.getLong("delivery_id")),
                        "part", row.getInt("seq"),
                        "of", row.getInt("total"),
                        "text", row.getString("text"),
                        "state", row.getString("state"),
                        "link", Sql.maybeText(row, "link"),
                        "reference", Sql.maybeText(row, "reference"),
                        "submittedAt", Times.maybe(row, "submitted_at"),
                        "acceptedAt", Times.maybe(row, "accepted_at"),
                        "endedAt", Times.maybe(row, "ended_at")),
                NumberSpelling.tail(number),
                number,
                after,
                PAGE));
    }

    private static Map<String, Object> shown(ParkedReport report) {
        return Holding.item(
                "id", Long.toString(report.id()),
                "link", report.link(),
                "reference", report.reference(),
                "recipient", report.recipient(),
                "fate", report.fate(),
                "reason", report.reason(),
                "textBegin", report.textBegin(),
                "receivedAt", report.receivedAt());
    }

    @Override
    public boolean erase(Subject subject) {
        var ids = store.read(connection -> ParkedReports.about(connection, subject.number())).stream()
                .map(ParkedReport::id)
                .toList();
        if (!ids.isEmpty()) {
            store.transaction(
                    tx -> tx.update("DELETE FROM parked_report WHERE id IN (" + Sql.marks(ids.size()) + ")", ids));
        }
        return true;
    }
}
