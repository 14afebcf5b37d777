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
                        (connection, number, _) -> Page.all(parked(connection, number).stream()
                                .map(Parked::shown)
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

    private record Parked(long id, String recipient, Map<String, Object> shown) {}

    private static final String PARKED = """
            SELECT id, link, reference, recipient, fate, reason, text_begin, received_at FROM parked_report WHERE tail = ?
            """;

    /// A network may write the number in national form.
    private static List<Parked> parked(Connection connection, String number) {
        return Sql.list(
                        connection,
                        PARKED,
                        row -> new Parked(
                                row.getLong("id"),
                                Sql.maybeText(row, "recipient").orElse(""),
                                Holding.item(
                                        "id", Long.toString(row.getLong("id")),
                                        "link", row.getString("link"),
                                        "reference", Sql.maybeText(row, "reference"),
                                        "recipient", Sql.maybeText(row, "recipient"),
                                        "fate", row.getString("fate"),
                                        "reason", row.getString("reason"),
                                        "textBegin", Sql.maybeText(row, "text_begin"),
                                        "receivedAt", Times.instant(row, "received_at"))),
                        NumberSpelling.tail(number))
                .stream()
                .filter(each -> NumberSpelling.mayBeOne(each.recipient, number))
                .toList();
    }

    @Override
    public boolean erase(Subject subject) {
        var ids = store.read(connection -> parked(connection, subject.number())).stream()
                .map(Parked::id)
                .toList();
        if (!ids.isEmpty()) {
            store.transaction(
                    tx -> tx.update("DELETE FROM parked_report WHERE id IN (" + Sql.marks(ids.size()) + ")", ids));
        }
        return true;
    }
}
