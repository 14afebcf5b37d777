package dev.parley.event;

import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    private final Store store;
    private final Clock clock;
    private final ObjectMapper json;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long latestSeen = -1; // under lock
    private long polledAtNanos = System.nanoTime() - POLL.toNanos(); // under lock

    /// @param json writes the payloads
    public EventLog(Store store, Clock clock, ObjectMapper json) {
        this.store = store;
        this.clock = clock;
        this.json = json;
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

    private static final String ALLOT = "UPDATE event_counter SET last = LAST_INSERT_ID(last + ?) WHERE id = 1";

    private static final String ALLOTTED = "SELECT LAST_INSERT_ID()";

    private static final String INSERT = """
            INSERT INTO event (id, at, type, line_id, conversation_id, contact_id, account_id, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private void insert(Tx tx, List<Draft> drafts) throws SQLException {
        long last;
        try (var allot = tx.connection().prepareStatement(ALLOT);
                var allotted = tx.connection().prepareStatement(ALLOTTED)) {
            allot.setInt(1, drafts.size());
            allot.executeUpdate();
            try (var row = allotted.executeQuery()) {
                row.next();
                last = row.getLong(1);
            }
        }
        try (var insert = tx.connection().prepareStatement(INSERT)) {
            long id = last - drafts.size();
            for (var draft : drafts) {
                insert.setLong(1, ++id);
                insert.setObject(2, Times.bind(draft.at));
                insert.setString(3, draft.type.label());
                insert.setLong(4, draft.scope.lineId());
                insert.setLong(5, draft.scope.conversationId());
                insert.setLong(6, draft.scope.contactId());
                insert.setLong(7, draft.scope.accountId());
                insert.setString(8, draft.json);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        tx.afterCommit(() -> seen(last));
    }

    private static final String AFTER = """
            SELECT id, at, type, line_id, conversation_id, contact_id, account_id, payload
              FROM event
             WHERE id > ?
             ORDER BY id
             LIMIT ?
            """;

    /// The events that follow `cursor` (the id of the last one seen; 0 for all that are kept), oldest first.
    public List<Event> after(long cursor, int limit) {
        return store.read(connection -> {
            try (var query = connection.prepareStatement(AFTER)) {
                query.setLong(1, cursor);
                query.setInt(2, limit);
                var events = new ArrayList<Event>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        var label = row.getString("type");
                        events.add(new Event(
                                row.getLong("id"),
                                Times.instant(row, "at"),
                                EventType.ofLabel(label)
                                        .orElseThrow(() -> new IllegalStateException("event type " + label)),
                                new Scope(
                                        row.getLong("line_id"),
                                        row.getLong("conversation_id"),
                                        row.getLong("contact_id"),
                                        row.getLong("account_id")),
                                row.getString("payload")));
                    }
                }
                return events;
            }
        });
    }

    /// The smallest id that is still kept, or that the next event will get when none is. A cursor below
    /// `oldest() - 1`, other than 0, has missed something.
    public long oldest() {
        return counter("purged") + 1;
    }

    /// The id of the latest event, 0 before the first.
    public long latest() {
        return counter("last");
    }

    /// The id of an event such that whatever is read from now on holds all events up to it. It may lag behind
    /// [#latest] by what other nodes wrote within [#POLL], and costs no query but one in that time: a reader
    /// that goes on from it sees some events twice at worst, and misses none.
    public long asOf() {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (latestSeen >= 0 && now - polledAtNanos < POLL.toNanos()) {
                return latestSeen;
            }
            polledAtNanos = now;
        } finally {
            lock.unlock();
        }
        long latest = latest();
        seen(latest);
        return latest;
    }

    private long counter(String column) {
        return store.read(connection -> {
            try (var query = connection.prepareStatement("SELECT " + column + " FROM event_counter WHERE id = 1");
                    var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /// Waits until there is an event after `cursor`, at most `atMost`. What this node commits is seen at
    /// once, what another node commits within a second or so. While the database is away it just waits.
    ///
    /// @return whether there is one
    public boolean await(long cursor, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            boolean mine = false; // one waiter reads the counter for all
            lock.lockInterruptibly();
            try {
                if (latestSeen > cursor) {
                    return true;
                }
                long now = System.nanoTime();
                if (now - polledAtNanos >= POLL.toNanos()) {
                    polledAtNanos = now;
                    mine = true;
                } else if (now >= deadline) {
                    return false;
                } else {
                    grown.await(Math.min(deadline - now, POLL.toNanos() - (now - polledAtNanos)), TimeUnit.NANOSECONDS);
                }
            } finally {
                lock.unlock();
            }
            if (mine) {
                poll();
            }
        }
    }

    private void poll() {
        try {
            seen(latest());
        } catch (StoreUnavailable e) {
            // Nothing can be committed meanwhile either.
        }
    }

    private void seen(long id) {
        lock.lock();
        try {
            if (id > latestSeen) {
                latestSeen = id;
                grown.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static final String LAST_BEFORE = """
            SELECT MAX(id) FROM (SELECT id, at FROM event ORDER BY id LIMIT ?) AS bite WHERE at < ?
            """;

    private static final String PURGED = "UPDATE event_counter SET purged = GREATEST(purged, ?) WHERE id = 1";

    private static final String DELETE = "DELETE FROM event WHERE id <= ? ORDER BY id LIMIT ?";

    /// Deletes the oldest events that are older than `before`, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return store.transaction(tx -> {
            long last;
            try (var query = tx.connection().prepareStatement(LAST_BEFORE)) {
                query.setInt(1, DELETE_BITE);
                query.setObject(2, Times.bind(before));
                try (var row = query.executeQuery()) {
                    row.next();
                    last = row.getLong(1); // 0 for NULL: none
                }
            }
            if (last == 0) {
                return 0;
            }
            try (var delete = tx.connection().prepareStatement(DELETE);
                    var purged = tx.connection().prepareStatement(PURGED)) {
                delete.setLong(1, last);
                delete.setInt(2, DELETE_BITE);
                int deleted = delete.executeUpdate();
                purged.setLong(1, last);
                purged.executeUpdate();
                return deleted;
            }
        });
    }
}
