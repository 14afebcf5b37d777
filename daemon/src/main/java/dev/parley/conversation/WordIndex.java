package dev.parley.conversation;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// Which messages have a word. The difficulty is a word that half of all messages have: whoever reads all of
/// them before the first is slow, and whoever keeps them up to date with every message pays for it in every
/// message.
///
/// So messages are taken in batches, some time after they were written, in the order of their creation; of
/// each batch there is one row a word with the ids that have it. What is not in a batch yet is read itself. A
/// search goes from there back, batch by batch, and stops when its page is full.
///
/// The rows of a batch are written before the batch itself, each statement by itself, and again if that was
/// cut off: they say the same. Two nodes may do the same batch at once.
public final class WordIndex {

    /// Messages of a batch. The half of it is what a search reads by itself, as a rule.
    static final int BATCH = 2_048;

    /// A message may be committed so much after its time.
    static final Duration SETTLING = Duration.ofSeconds(10);

    /// Words with the same beginning that a search follows; with more, it tells nothing apart.
    private static final int EXPANDED_MAX = 100;

    private static final int ROWS_TOGETHER = 500;

    private final Store store;
    private final Clock clock;

    /// Held by whoever writes postings: a batch that was read before a text was erased is written before the text's
    /// words are looked for.
    private final ReentrantLock writing = new ReentrantLock();

    WordIndex(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @param number of the batch, from 1
    record Batch(int number, Place first, Place last) {}

    private static final String BATCHES = "SELECT id, first_at, first_id, last_at, last_id FROM word_batch";

    private static Batch readBatch(ResultSet row) throws SQLException {
        return new Batch(
                row.getInt("id"),
                Place.reader("first_at", "first_id").read(row),
                Place.reader("last_at", "last_id").read(row));
    }

    /// The last batch that has anything before a place.
    Optional<Batch> lastBefore(Connection connection, Place place) {
        var before = place.before("first_at", "first_id");
        return Sql.first(
                connection,
                BATCHES + " WHERE " + before.sql() + " ORDER BY id DESC LIMIT 1",
                WordIndex::readBatch,
                before.parameters());
    }

    /// Where a batch begins.
    Optional<Place> firstOf(Connection connection, int number) {
        return Sql.first(connection, BATCHES + " WHERE id = ?", WordIndex::readBatch, number)
                .map(Batch::first);
    }

    private static final String WORD =
            "SELECT word FROM message_word WHERE word %s ? AND word < ? ORDER BY word LIMIT 1";

    /// The words that begin with one; empty where there are too many. From word to word: each has a row in every batch
    /// that it is in, and a `DISTINCT` goes through all of them.
    Optional<List<String>> expand(Connection connection, String beginning) {
        var end = beginning + Character.toString(Character.MAX_CODE_POINT);
        var found = new ArrayList<String>();
        var next = Sql.first(connection, WORD.formatted(">="), row -> row.getString("word"), beginning, end);
        while (next.isPresent()) {
            if (found.size() == EXPANDED_MAX) {
                return Optional.empty();
            }
            found.add(next.get());
            next = Sql.first(connection, WORD.formatted(">"), row -> row.getString("word"), next.get(), end);
        }
        return Optional.of(found);
    }

    /// The messages of some batches that have any of these words, by batch.
    Map<Integer, Set<Long>> having(Connection connection, Collection<String> words, int from, int to) {
        var found = new HashMap<Integer, Set<Long>>();
        Sql.among(
                connection,
                words,
                "SELECT batch, ids FROM message_word WHERE word IN (??) AND batch BETWEEN ? AND ?",
                row -> found.computeIfAbsent(row.getInt("batch"), _ -> new TreeSet<>())
                        .addAll(unpacked(row.getBytes("ids"))),
                words,
                from,
                to);
        return found;
    }

    private record Written(Place place, String text) {}

    private static final String NEXT = """
            SELECT id, created_at, text FROM message
             WHERE created_at >= ? AND (created_at > ? OR id > ?) AND created_at < ?
             ORDER BY created_at, id LIMIT ?
            """;

    private static final String PUT_BATCH = """
            INSERT IGNORE INTO word_batch (id, first_at, first_id, last_at, last_id) VALUES (?, ?, ?, ?, ?)
            """;

    /// Takes the next batch, if there are messages for a whole one. To be called now and then, again at once
    /// where it did one.
    ///
    /// @return whether it did one
    public boolean takeBatch() {
        writing.lock();
        try {
            return store.read(this::takeBatch);
        } finally {
            writing.unlock();
        }
    }

    private boolean takeBatch(Connection connection) {
        var before = lastBefore(connection, Place.END);
        var after = before.map(Batch::last).orElse(new Place(Instant.EPOCH, 0));
        var messages = Sql.list(
                connection,
                NEXT,
                row -> new Written(Place.reader("created_at", "id").read(row), row.getString("text")),
                after.at(),
                after.at(),
                after.id(),
                clock.instant().minus(SETTLING),
                BATCH);
        if (messages.size() < BATCH) {
            return false;
        }
        int number = before.map(Batch::number).orElse(0) + 1;
        write(connection, number, messages);
        var first = messages.getFirst().place();
        var last = messages.getLast().place();
        Sql.update(connection, PUT_BATCH, number, first.at(), first.id(), last.at(), last.id());
        return true;
    }

    private static void write(Connection connection, int number, List<Written> messages) {
        var postings = new TreeMap<String, Set<Long>>();
        for (var message : messages) {
            for (var word : Words.of(message.text())) {
                postings.computeIfAbsent(word, _ -> new TreeSet<>())
                        .add(message.place().id());
            }
        }
        var values = new ArrayList<Object>();
        for (var posting : postings.entrySet()) {
            values.addAll(List.of(posting.getKey(), number, packed(posting.getValue())));
            if (values.size() == ROWS_TOGETHER * 3) {
                put(connection, values);
                values.clear();
            }
        }
        put(connection, values);
    }

    private static void put(Connection connection, List<Object> values) {
        if (!values.isEmpty()) {
            Sql.update(
                    connection,
                    "INSERT INTO message_word (word, batch, ids) VALUES "
                            + String.join(", ", Collections.nCopies(values.size() / 3, "(?, ?, ?)"))
                            + " ON DUPLICATE KEY UPDATE ids = VALUE(ids)",
                    values);
        }
    }

    private static byte[] packed(Set<Long> ascending) {
        var out = new ByteArrayOutputStream();
        long last = 0;
        for (long id : ascending) {
            long rest = id - last;
            while (rest >= 0x80) {
                out.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
            last = id;
        }
        return out.toByteArray();
    }

    static List<Long> unpacked(byte[] octets) {
        var ids = new ArrayList<Long>();
        long last = 0;
        long value = 0;
        int shift = 0;
        for (byte octet : octets) {
            value |= (long) (octet & 0x7F) << shift;
            shift += 7;
            if (octet >= 0) {
                last += value;
                ids.add(last);
                value = 0;
                shift = 0;
            }
        }
        return ids;
    }

    private static final String POSTINGS =
            "SELECT word, ids FROM message_word WHERE batch = ? AND word > ? ORDER BY word LIMIT ?";

    private static final String REPOST = "UPDATE message_word SET ids = ? WHERE word = ? AND batch = ?";

    private static final String UNPOST = "DELETE FROM message_word WHERE word = ? AND batch = ?";

    /// Forgets the words that messages had and have no more.
    void forget(Collection<Place> changed) {
        writing.lock();
        try {
            store.read(connection -> {
                var batches = new TreeMap<Place, Batch>(Place.ORDER);
                for (var batch : Sql.list(connection, BATCHES, WordIndex::readBatch)) {
                    batches.put(batch.first, batch);
                }
                var byBatch = new TreeMap<Integer, Set<Long>>();
                for (var each : changed) {
                    var batch = batches.floorEntry(each);
                    if (batch != null && Place.ORDER.compare(each, batch.getValue().last) <= 0) {
                        byBatch.computeIfAbsent(batch.getValue().number, _ -> new TreeSet<>())
                                .add(each.id());
                    }
                }
                for (var each : byBatch.entrySet()) {
                    forget(connection, each.getKey(), each.getValue());
                }
                return changed;
            });
        } finally {
            writing.unlock();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // read and written, compared by nobody
    private record Posting(String word, byte[] ids) {}

    private static void forget(Connection connection, int batch, Set<Long> changed) {
        var has = Sql.map(
                connection,
                changed,
                "SELECT id, text FROM message WHERE id IN (??)",
                row -> row.getLong("id"),
                row -> Words.of(row.getString("text")));
        var after = "";
        while (true) {
            var page = Sql.list(
                    connection,
                    POSTINGS,
                    row -> new Posting(row.getString("word"), row.getBytes("ids")),
                    batch,
                    after,
                    ROWS_TOGETHER);
            for (var posting : page) {
                var ids = new TreeSet<>(unpacked(posting.ids));
                if (ids.removeIf(id ->
                        changed.contains(id) && !has.getOrDefault(id, Set.of()).contains(posting.word))) {
                    if (ids.isEmpty()) {
                        Sql.update(connection, UNPOST, posting.word, batch);
                    } else {
                        Sql.update(connection, REPOST, packed(ids), posting.word, batch);
                    }
                }
            }
            if (page.size() < ROWS_TOGETHER) {
                return;
            }
            after = page.getLast().word;
        }
    }

    private static final String OLDEST = "SELECT id FROM word_batch WHERE last_at < ? ORDER BY id LIMIT 1";

    /// Forgets some words of messages that were deleted by age.
    ///
    /// @return how many rows; 0 when nothing is left to forget
    public int deleteBite(Instant before, int limit) {
        return store.read(connection -> {
            var oldest = Sql.first(connection, OLDEST, row -> row.getInt("id"), before);
            if (oldest.isEmpty()) {
                return 0;
            }
            int deleted =
                    Sql.update(connection, "DELETE FROM message_word WHERE batch = ? LIMIT ?", oldest.get(), limit);
            return deleted > 0 ? deleted : Sql.update(connection, "DELETE FROM word_batch WHERE id = ?", oldest.get());
        });
    }
}
