package dev.parley.person;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;

/// All that is kept about a number, and its end.
public final class People {
    private static final Logger LOG = LoggerFactory.getLogger(People.class);

    /// How long who asks for an erasure waits for its end. What is at a link then goes later.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration BREATH = Duration.ofMillis(100);

    private final Store store;
    private final Clock clock;
    private final ObjectMapper json;
    private final List<Holding> holdings;

    /// One erases at a time: what it does is the same rows.
    private final ReentrantLock erasing = new ReentrantLock();

    /// @param json writes and reads whom an erasure is about
    /// @param holdings of all features, those first that others are told by
    public People(Store store, Clock clock, ObjectMapper json, List<Holding> holdings) {
        this.store = store;
        this.clock = clock;
        this.json = json;
        this.holdings = List.copyOf(holdings);
    }

    /// Where an export goes.
    ///
    /// @param <E> why it may end before its end
    @FunctionalInterface
    public interface Sink<E extends Exception> {
        void write(String piece) throws E, InterruptedException;
    }

    /// Writes all there is about a number as one JSON object, a list for each section.
    ///
    /// @param number E.164 with `+`
    public <E extends Exception> void export(String number, Sink<E> sink) throws E, InterruptedException {
        sink.write("{\"number\":" + json.writeValueAsString(number) + ",\"exportedAt\":"
                + json.writeValueAsString(clock.instant()));
        for (var holding : holdings) {
            for (var section : holding.sections()) {
                sink.write(",\n" + json.writeValueAsString(section.name()) + ":[");
                export(number, section, sink);
                sink.write("]");
            }
        }
        sink.write("}\n");
    }

    private <E extends Exception> void export(String number, Holding.Section section, Sink<E> sink)
            throws E, InterruptedException {
        boolean first = true;
        long after = 0;
        while (true) {
            long from = after;
            var page = store.read(connection -> section.pages().after(connection, number, from));
            var piece = new StringBuilder();
            for (var item : page.items()) {
                piece.append(first ? "\n" : ",\n").append(json.writeValueAsString(item));
                first = false;
            }
            sink.write(piece.toString());
            if (page.end().isEmpty()) {
                return;
            }
            after = page.end().getAsLong();
        }
    }

    private static final String ASK = "INSERT INTO erasure (number, account_id, asked_at) VALUES (?, ?, ?)";

    private static final String ASKED = "SELECT subject FROM erasure WHERE number = ?";
    private static final String KNOW = "UPDATE erasure SET subject = ? WHERE id = ?";
    private static final String UNDER_WAY = "SELECT subject FROM erasure WHERE done_at IS NULL ORDER BY id LIMIT 100";
    private static final String BY_ID = "SELECT id, asked_at, done_at FROM erasure WHERE id = ?";
    private static final String DONE = "UPDATE erasure SET number = NULL, subject = NULL, done_at = ? WHERE id = ?";

    private Subject subject(ResultSet row) throws SQLException {
        return json.readValue(row.getString("subject"), Subject.class);
    }

    /// Erases what there is about a number. When it returns the number is forgotten wherever something new would be
    /// written; most is gone, and [#resume] sees to the rest.
    ///
    /// @param number E.164 with `+`
    /// @param by who asked for it
    public Erasure erase(String number, Optional<Long> by) throws InterruptedException {
        var begun = store.transaction(tx -> {
            var before = tx.first(ASKED, this::subject, number);
            return before.orElseGet(() -> begin(tx, number, by));
        });
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!erased(begun) && System.nanoTime() < deadline) {
            Thread.sleep(BREATH);
        }
        return byId(begun.erasure()).orElseThrow();
    }

    private Subject begin(Tx tx, String number, Optional<Long> by) {
        store.forget(tx);
        long id = tx.insert(ASK, number, by, clock.instant());
        var subject = Subject.of(id, number);
        for (var holding : holdings) {
            subject = holding.begin(tx, subject);
        }
        tx.update(KNOW, json.writeValueAsString(subject), id);
        tx.afterCommit(() -> LOG.info("erasure={} began", id));
        return subject;
    }

    /// Goes on with what is not done: at the start, and now and then.
    public void resume() {
        for (var subject : store.read(connection -> Sql.list(connection, UNDER_WAY, this::subject))) {
            try {
                erased(subject);
            } catch (StoreUnavailable e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.error("erasure={} met a mistake of ours and is tried again", subject.erasure(), e);
            }
        }
    }

    private boolean erased(Subject subject) {
        erasing.lock();
        try {
            long id = subject.erasure();
            if (byId(id).flatMap(Erasure::doneAt).isPresent()) {
                return true;
            }
            boolean all = true;
            for (var holding : holdings) {
                all &= holding.erase(subject);
            }
            if (all) {
                store.transaction(tx -> {
                    store.forget(tx);
                    tx.afterCommit(() -> LOG.info("erasure={} is done", id));
                    return tx.update(DONE, clock.instant(), id);
                });
            }
            return all;
        } finally {
            erasing.unlock();
        }
    }

    public Optional<Erasure> byId(long id) {
        return store.read(connection -> Sql.first(
                connection,
                BY_ID,
                row -> new Erasure(row.getLong("id"), Times.instant(row, "asked_at"), Times.maybe(row, "done_at")),
                id));
    }
}
