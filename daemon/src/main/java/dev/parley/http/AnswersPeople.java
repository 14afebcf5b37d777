package dev.parley.http;

import dev.parley.person.Holding;
import dev.parley.person.Scrub;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What remembered answers say of a person. They stay, so that no request is done twice, and are repeated without the
/// person; memory is forgotten at the end of the erasure. The export leaves them out: they repeat what the features
/// have, for a day.
public final class AnswersPeople implements Holding {

    /// Answers read and written in one transaction.
    private static final int BITE = 200;

    private final Store store;

    public AnswersPeople(Store store) {
        this.store = store;
    }

    @Override
    public List<Section> sections() {
        return List.of();
    }

    @SuppressWarnings("ArrayRecordComponent") // a key on its way back to the database
    private record Answer(byte[] scope, long conversation, long contact, String text) {
        static Answer read(ResultSet row) throws SQLException {
            return new Answer(
                    row.getBytes("scope"),
                    row.getLong("conversation_id"),
                    row.getLong("contact_id"),
                    row.getString("answer"));
        }
    }

    private static final String PAGE_OF = """
            SELECT scope, conversation_id, contact_id, answer FROM idempotency
             WHERE scope > ? AND answer IS NOT NULL ORDER BY scope LIMIT ?
            """;

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, Json.mapper());
        return Holding.inBites(
                new byte[0],
                after -> store.read(connection -> Sql.list(connection, PAGE_OF, Answer::read, after, BITE)),
                Answer::scope,
                page -> rewrite(page, subject, scrub));
    }

    private boolean rewrite(List<Answer> page, Subject subject, Scrub scrub) {
        var changed = new ArrayList<Answer>();
        for (var each : page) {
            if (subject.isIn(each.conversation, each.contact, each.text)) {
                var clean = scrub.apply(each.text);
                if (!clean.equals(each.text)) {
                    changed.add(new Answer(each.scope, each.conversation, each.contact, clean));
                }
            }
        }
        if (!changed.isEmpty()) {
            store.transaction(tx -> {
                for (var each : changed) {
                    tx.update("UPDATE idempotency SET answer = ? WHERE scope = ?", each.text, each.scope);
                }
                return tx;
            });
        }
        return true;
    }
}
