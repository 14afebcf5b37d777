package dev.parley.event;

import dev.parley.lock.Held;
import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.ObjectMapper;

/// The log itself.
public final class EventLog {

    /// How often the log is read for what other nodes wrote, while somebody waits. What this node writes is
    /// told at once.
    static final Duration POLL = Duration.ofSeconds(1);

    /// Rows that one step of the retention deletes, so that it never holds many locks.
    static final int DELETE_BITE = 1_000;

    /// Events whose lengths are looked at before those of all that a batch may have.
    private static final int LENGTHS_FIRST = 10;

    /// The latest events of this node, kept for readers that are close behind.
    static final int RECENT_MAX = 2_000;

    /// What they may have together, for a text of 255 SMS is forty times as long as most: a few MB.
    static final int RECENT_CHARACTERS_MAX = 4_000_000;

    /// What is read at once for one reader, who may be slow: one event more than this at most.
    static final int BATCH_CHARACTERS_MAX = 64 * 1024;

    private static final Rows EVENT = Rows.inserted(
                    90, "event", "id, at, type, line_id, conversation_id, contact_id, account_id, payload")
            .contended();

    private final Store store;
    private final Clock clock;
    private final ObjectMapper json;

    /// The id of the next event, 0 if it has to be looked up. For the writer's thread alone.
    private long next;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();

    // Under the lock.
    private final ArrayDeque<Event> recent = new ArrayDeque<>(); // ids without a gap
    private long recentCharacters;
    private long latestSeen = -1;
    private long polledAtNanos = System.nanoTime() - POLL.toNanos();

    /// @param json writes the payloads
    public EventLog(Store store, Clock clock, ObjectMapper json) {
        this.store = store;
        this.clock = clock;
        this.json = json;
        store.onUnknown(() -> next = 0);
    }

    private record Draft(Instant at, EventType type, Scope scope, String json) {}

    /// Appends a fact when `tx` commits, or not at all. Facts of one transaction keep their order.
    ///
    /// @param payload the changed object as the API shows it; turned into JSON now
    public void append(Tx tx, EventType type, Scope scope, Object payload) {
        var drafts = tx.kept(this, () -> {
            var collected = new ArrayList<Draft>();
            tx.lastBeforeCommit(last -> insert(last, collected));
            return collected;
        });
        drafts.add(new Draft(clock.instant(), type, scope, json.writeValueAsString(payload)));
    }

    private void insert(Tx tx, List<Draft> drafts) {
        if (next == 0) {
            next = latest(tx) + 1;
        }
        tx.onRollback(() -> next = 0);
        var events = new ArrayList<Event>(drafts.size());
        for (var draft : drafts) {
            var event = new Event(next++, draft.at, draft.type, draft.scope, draft.json);
            tx.add(
                    EVENT,
                    event.id(),
                    event.at(),
                    event.type().label(),
                    event.scope().lineId(),
                    event.scope().conversationId(),
                    event.scope().contactId(),
                    event.scope().accountId(),
                    event.json());
            events.add(event);
        }
        tx.afterCommit(() -> committed(events));
    }

    private static final String LATEST =
            "SELECT GREATEST(purged, COALESCE((SELECT MAX(id) FROM event), 0)) AS latest FROM event_purge";

    private static long latest(Tx tx) {
        return tx.first(LATEST, row -> row.getLong("latest")).orElseThrow();
    }

    private void committed(List<Event> events) {
        try (var _ = Held.lock(lock)) {
            if (!recent.isEmpty()
                    && recent.getLast().id() + 1 != events.getFirst().id()) {
                recent.clear(); // another node wrote in between
                recentCharacters = 0;
            }
            recent.addAll(events);
            for (var event : events) {
                recentCharacters += event.json().length();
            }
            while (recent.size() > RECENT_MAX || (recentCharacters > RECENT_CHARACTERS_MAX && recent.size() > 1)) {
                recentCharacters -= recent.removeFirst().json().length();
            }
            seen(events.getLast().id());
        }
    }

    private static final String LENGTHS =
            "SELECT id, CHAR_LENGTH(payload) AS characters FROM event WHERE id > ? ORDER BY id LIMIT ?";

    private static final String BETWEEN = """
            SELECT id, at, type, line_id, conversation_id, contact_id, account_id, payload
              FROM event
             WHERE id > ? AND id <= ?
             ORDER BY id
            """;

    /// The events that follow `cursor` (the id of the last one seen; 0 for all that are kept), oldest first: at least
    /// one if there is any, and no more than [#BATCH_CHARACTERS_MAX] allows.
    public List<Event> after(long cursor, int limit) {
        var known = recentAfter(cursor, limit);
        if (!known.isEmpty()) {
            return known;
        }
        return store.read(connection -> {
            long last = lastFitting(connection, cursor, limit);
            return last == cursor ? List.of() : Sql.list(connection, BETWEEN, EventLog::read, cursor, last);
        });
    }

    /// Where a batch ends. Lengths are not for nothing, where texts are long: a few are asked for before the others.
    private static long lastFitting(Connection connection, long cursor, int limit) {
        long last = cursor;
        int characters = 0;
        int left = limit;
        int step = Math.min(LENGTHS_FIRST, limit);
        while (left > 0) {
            var lengths = Sql.list(
                    connection, LENGTHS, row -> new Length(row.getLong("id"), row.getInt("characters")), last, step);
            for (var each : lengths) {
                if (characters >= BATCH_CHARACTERS_MAX) {
                    return last;
                }
                last = each.id;
                characters += each.characters;
            }
            if (lengths.size() < step || characters >= BATCH_CHARACTERS_MAX) {
                return last;
            }
            left -= step;
            step = left;
        }
        return last;
    }

    private record Length(long id, int characters) {}

    private static Event read(ResultSet row) throws SQLException {
        var label = row.getString("type");
        return new Event(
                row.getLong("id"),
                Times.instant(row, "at"),
                EventType.ofLabel(label).orElseThrow(() -> new IllegalStateException("event type " + label)),
                new Scope(
                        row.getLong("line_id"),
                        row.getLong("conversation_id"),
                        row.getLong("contact_id"),
                        row.getLong("account_id")),
                row.getString("payload"));
    }

    /// The same, as far as memory has them: empty for who is further behind.
    public List<Event> recentAfter(long cursor, int limit) {
        try (var _ = Held.lock(lock)) {
            if (recent.isEmpty() || cursor + 1 < recent.getFirst().id()) {
                return List.of();
            }
            var events = new ArrayList<Event>();
            int characters = 0;
            var following = recent.stream()
                    .skip(cursor + 1 - recent.getFirst().id())
                    .limit(limit)
                    .iterator();
            while (characters < BATCH_CHARACTERS_MAX && following.hasNext()) {
                var event = following.next();
                events.add(event);
                characters += event.json().length();
            }
            return events;
        }
    }

    private static final String OLDEST = "SELECT purged + 1 AS id FROM event_purge";

    /// The smallest id that is still kept, or that the next event will get when none is. A cursor below
    /// `oldest() - 1`, other than 0, has missed something.
    public long oldest() {
        return read(OLDEST, "id");
    }

    /// The id of the latest event, 0 before the first.
    public long latest() {
        return read(LATEST, "latest");
    }

    /// The id of an event such that whatever is read from now on holds all events up to it. It may lag behind
    /// [#latest] by what other nodes wrote within [#POLL], and costs no query but one in that time: a reader
    /// that goes on from it sees some events twice at worst, and misses none.
    public long asOf() {
        try (var _ = Held.lock(lock)) {
            long now = System.nanoTime();
            if (latestSeen >= 0 && now - polledAtNanos < POLL.toNanos()) {
                return latestSeen;
            }
            polledAtNanos = now;
        }
        long latest = latest();
        seen(latest);
        return latest;
    }

    private static final String TIME_OF = "SELECT at FROM event WHERE id = ?";

    /// The id of the last event before a time, or of the last that is not kept any more: who goes on from it gets
    /// everything since then. Ids have no gaps and times grow with them, so that it is found by halving.
    public long lastBefore(Instant time) {
        long gone = oldest() - 1;
        long ahead = latest() + 1;
        return store.read(connection -> {
            long before = gone;
            long after = ahead;
            while (after - before > 1) {
                long middle = before + (after - before) / 2;
                if (Sql.first(connection, TIME_OF, row -> Times.instant(row, "at"), middle)
                        .filter(at -> !at.isBefore(time))
                        .isPresent()) {
                    after = middle;
                } else {
                    before = middle; // one that is gone meanwhile was old
                }
            }
            return before;
        });
    }

    private long read(String sql, String column) {
        return store.read(connection ->
                Sql.first(connection, sql, row -> row.getLong(column)).orElseThrow());
    }

    /// Waits until there is an event after `cursor`, at most `atMost`. What this node commits is seen at
    /// once, what another node commits within a second or so. While the database is away it just waits.
    ///
    /// @return whether there is one
    public boolean await(long cursor, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!Thread.interrupted()) {
            try (var _ = Held.lock(lock)) {
                if (latestSeen > cursor) {
                    return true;
                }
                long now = System.nanoTime();
                long polled = now - polledAtNanos;
                if (polled < POLL.toNanos()) {
                    if (now >= deadline) {
                        return false;
                    }
                    var _ = grown.awaitNanos(Math.min(deadline - now, POLL.toNanos() - polled));
                    continue;
                }
                polledAtNanos = now; // one waiter asks for all
            }
            poll();
        }
        throw new InterruptedException();
    }

    private void poll() {
        try {
            seen(latest());
        } catch (StoreUnavailable e) {
            // Nothing can be committed meanwhile either.
        }
    }

    private void seen(long id) {
        try (var _ = Held.lock(lock)) {
            if (id > latestSeen) {
                latestSeen = id;
                grown.signalAll();
            }
        }
    }

    private static final String LAST_BEFORE = """
            SELECT MAX(id) FROM (SELECT id, at FROM event ORDER BY id LIMIT ?) AS bite WHERE at < ?
            """;

    private static final String PURGED = "UPDATE event_purge SET purged = GREATEST(purged, ?)";

    private static final String DELETE = "DELETE FROM event WHERE id <= ? ORDER BY id LIMIT ?";

    /// Deletes the oldest events that are older than `before`, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return store.transaction(tx -> {
            long last = tx.first(LAST_BEFORE, row -> row.getLong(1), DELETE_BITE, before)
                    .orElseThrow(); // 0 for NULL: none
            if (last == 0) {
                return 0;
            }
            int deleted = tx.update(DELETE, last, DELETE_BITE);
            tx.update(PURGED, last);
            forget(tx, last);
            return deleted;
        });
    }

    /// Payloads were rewritten by `tx`: they are read from the table.
    void forgetRecent(Tx tx) {
        forget(tx, Long.MAX_VALUE);
    }

    /// What is deleted is not read from memory either.
    private void forget(Tx tx, long last) {
        tx.afterCommit(() -> {
            try (var _ = Held.lock(lock)) {
                while (!recent.isEmpty() && recent.getFirst().id() <= last) {
                    recentCharacters -= recent.removeFirst().json().length();
                }
            }
        });
    }
}
