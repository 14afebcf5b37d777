package dev.parley.event;

import dev.parley.person.Holding;
import dev.parley.person.Scrub;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Gatherers;
import tools.jackson.databind.ObjectMapper;

/// What the log keeps of a person: what was told of conversations and contacts. The events stay, so that nobody who
/// reads behind misses one, and say what they say without the person. The export leaves them out: they repeat what
/// conversations and contacts have.
public final class EventPeople implements Holding {

    /// Events read in one query.
    private static final int READ = 1_000;

    /// Events written in one transaction.
    private static final int BITE = 200;

    private final Store store;
    private final EventLog events;
    private final ObjectMapper json;

    public EventPeople(Store store, EventLog events, ObjectMapper json) {
        this.store = store;
        this.events = events;
        this.json = json;
    }

    @Override
    public List<Section> sections() {
        return List.of();
    }

    private static final String PAGE_OF = """
            SELECT id, conversation_id, contact_id, payload FROM event WHERE id > ? ORDER BY id LIMIT ?
            """;

    private record Told(long id, long conversation, long contact, String payload) {
        static Told read(ResultSet row) throws SQLException {
            return new Told(
                    row.getLong("id"),
                    row.getLong("conversation_id"),
                    row.getLong("contact_id"),
                    row.getString("payload"));
        }
    }

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, json);
        return Holding.inBites(
                0L,
                after -> store.read(connection -> Sql.list(connection, PAGE_OF, Told::read, after, READ)),
                Told::id,
                page -> rewrite(page, subject, scrub));
    }

    private boolean rewrite(List<Told> page, Subject subject, Scrub scrub) {
        var changed = new HashMap<Long, String>();
        for (var each : page) {
            if (subject.isIn(each.conversation, each.contact, each.payload)) {
                var clean = scrub.apply(each.payload);
                if (!clean.equals(each.payload)) {
                    changed.put(each.id, clean);
                }
            }
        }
        changed.entrySet().stream()
                .gather(Gatherers.windowFixed(BITE))
                .forEach(bite -> store.transaction(tx -> {
                    bite.forEach(each ->
                            tx.update("UPDATE event SET payload = ? WHERE id = ?", each.getValue(), each.getKey()));
                    events.forgetRecent(tx);
                    return tx;
                }));
        return true;
    }
}
