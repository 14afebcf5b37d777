package dev.parley.conversation;

import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.store.Ids;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;

/// Grows a database by conversations that nobody had, so that it can be seen how Parley does with years of
/// them: one thread holds a twentieth of all messages, the others some ninety each, one in ten is a group of
/// three. Nothing is sent, and nobody is told.
public final class Filling {
    private static final int TOGETHER = 500;

    private static final List<String> COMMON = List.of(
            "the",
            "van",
            "comes",
            "at",
            "eight",
            "please",
            "bring",
            "water",
            "for",
            "all",
            "is",
            "fine",
            "thanks",
            "see",
            "you",
            "tomorrow",
            "we",
            "are",
            "on",
            "our",
            "way");

    private final Store store;
    private final Lines lines;
    private final Clock clock;
    private final Random random = new Random(1); // the same database each time

    public Filling(Store store, Lines lines, Clock clock) {
        this.store = store;
        this.lines = lines;
        this.clock = clock;
    }

    /// A table that is being written to, some rows at a time.
    private static final class Rows {
        private final Connection connection;
        private final String insert;
        private final String row;
        private final List<Object> values = new ArrayList<>();
        private final Optional<Rows> parents;
        private int count;

        /// @param parents what its rows refer to, which is written first
        Rows(Connection connection, String insert, int columns, Optional<Rows> parents) {
            this.connection = connection;
            this.insert = insert;
            this.row = "(" + Sql.marks(columns) + ")";
            this.parents = parents;
        }

        void add(Object... row) {
            Collections.addAll(values, row);
            if (++count == TOGETHER) {
                write();
            }
        }

        void write() {
            if (parents.isPresent()) {
                parents.get().write();
            }
            if (count > 0) {
                Sql.update(
                        connection, insert + " VALUES " + String.join(", ", Collections.nCopies(count, row)), values);
                values.clear();
                count = 0;
            }
        }
    }

    /// Takes the words of what was said into the index of searches, which a daemon would do behind its work for hours.
    ///
    /// @param progress told now and then of how many messages they were taken
    public void index(IntConsumer progress) {
        var words = new WordIndex(store, clock);
        for (int batches = 1; words.takeBatch(); batches++) {
            if (batches % 5 == 0) {
                progress.accept(batches * WordIndex.BATCH);
            }
        }
    }

    private record Talk(long id, long line, List<Long> people, List<String> numbers) {}

    /// @param messages how many more there are to be
    /// @param progress told now and then how many there are
    public void fill(int messages, IntConsumer progress) {
        store.read(connection -> {
            var talks = talks(connection, Math.max(1, messages / 100));
            say(connection, talks, messages, progress);
            return talks.size();
        });
    }

    /// Behind what is there, whoever made its ids.
    private long first(Connection connection, Ids ids, String table) {
        long last = Sql.first(connection, "SELECT COALESCE(MAX(id), 0) AS id FROM " + table, row -> row.getLong("id"))
                .orElseThrow();
        long id = ids.next();
        while (id <= last) {
            id = ids.next();
        }
        return id;
    }

    private List<Talk> talks(Connection connection, int count) {
        var conversationIds = store.ids("conversation");
        var participantIds = store.ids("participant");
        long id = first(connection, conversationIds, "conversation");
        long person = first(connection, participantIds, "participant");
        var conversations = new Rows(
                connection,
                "INSERT INTO conversation (id, line_id, kind, tag, relay, created_at, active_at)",
                7,
                Optional.empty());
        var participants = new Rows(
                connection,
                "INSERT INTO participant (id, conversation_id, line_id, place, name, number)",
                6,
                Optional.of(conversations));
        var talks = new ArrayList<Talk>();
        var at = clock.instant().minus(Duration.ofDays(365));
        for (int i = 0; i < count; i++) {
            Line line = lines.all().get(i % lines.all().size());
            boolean group = i % 10 == 9;
            conversations.add(
                    id,
                    line.id(),
                    group ? "group" : "direct",
                    group ? 1 : Optional.empty(),
                    group ? "all" : "none",
                    at,
                    at);
            var people = new ArrayList<Long>();
            var numbers = new ArrayList<String>();
            for (int place = 0; place < (group ? 3 : 1); place++) {
                // Of the range that is kept for fiction, and behind it: nobody's telephone rings.
                var number = "+1%03d555%04d".formatted(200 + random.nextInt(700), random.nextInt(10_000));
                if (numbers.contains(number)) {
                    continue;
                }
                participants.add(person, id, line.id(), place, place == 0 ? "" : "Person " + person, number);
                people.add(person);
                numbers.add(number);
                person = participantIds.next();
            }
            talks.add(new Talk(id, line.id(), people, numbers));
            id = conversationIds.next();
        }
        participants.write();
        return talks;
    }

    private void say(Connection connection, List<Talk> talks, int count, IntConsumer progress) {
        var messageIds = store.ids("message");
        var deliveryIds = store.ids("delivery");
        long id = first(connection, messageIds, "message");
        long delivery = first(connection, deliveryIds, "delivery");
        var messages = new Rows(
                connection,
                "INSERT INTO message (id, conversation_id, line_id, direction, kind, author_kind, author_id, author_name,"
                        + " text, created_at, sender, arrived_at, link)",
                13,
                Optional.empty());
        var deliveries = new Rows(
                connection,
                "INSERT INTO delivery (id, message_id, conversation_id, participant_id, number, status, held, queued_at,"
                        + " sent_at, delivered_at, link, attempts, parts, encoding, text)",
                15,
                Optional.of(messages));
        var lasts = new HashMap<Long, long[]>();
        var begin = clock.instant().minus(Duration.ofDays(364));
        var step = Duration.ofDays(363).dividedBy(Math.max(1, count));
        for (int i = 0; i < count; i++) {
            var talk = i % 20 == 0 ? talks.getFirst() : talks.get(random.nextInt(talks.size()));
            boolean inbound = i % 5 == 4;
            Instant at = begin.plus(step.multipliedBy(i));
            var text = text(i);
            var none = Optional.empty();
            messages.add(
                    id,
                    talk.id,
                    talk.line,
                    inbound ? "inbound" : "outbound",
                    "normal",
                    inbound ? "participant" : "system",
                    inbound ? talk.people.getFirst() : none,
                    inbound ? talk.numbers.getFirst() : "Parley",
                    text,
                    at,
                    inbound ? talk.numbers.getFirst() : none,
                    inbound ? at : none,
                    inbound ? "bench" : none);
            for (int p = inbound ? 1 : 0; p < talk.people.size(); p++) {
                boolean failed = i % 1_000 == 3;
                deliveries.add(
                        delivery,
                        id,
                        talk.id,
                        talk.people.get(p),
                        talk.numbers.get(p),
                        failed ? "failed" : "delivered",
                        false,
                        at,
                        at,
                        failed ? none : at,
                        "bench",
                        1,
                        1,
                        "gsm7",
                        text);
                delivery = deliveryIds.next();
            }
            var last = lasts.computeIfAbsent(talk.id, _ -> new long[3]);
            last[0] = id;
            last[1] = inbound ? id : last[1];
            last[2] = at.toEpochMilli();
            id = messageIds.next();
            if (i % 10_000 == 9_999) {
                progress.accept(i + 1);
            }
        }
        deliveries.write();
        for (var last : lasts.entrySet()) {
            Sql.update(
                    connection,
                    "UPDATE conversation SET last_id = ?, last_inbound_id = NULLIF(?, 0), active_at = ? WHERE id = ?",
                    last.getValue()[0],
                    last.getValue()[1],
                    Instant.ofEpochMilli(last.getValue()[2]),
                    last.getKey());
        }
    }

    private String text(int number) {
        var words = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            words.append(COMMON.get(random.nextInt(COMMON.size()))).append(' ');
        }
        if (number % 200 == 0) {
            words.append("invoice ");
        }
        return words.append(number).toString();
    }
}
