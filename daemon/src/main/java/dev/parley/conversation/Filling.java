package dev.parley.conversation;

import dev.parley.line.Lines;
import dev.parley.store.Ids;
import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;

/// Grows a database by conversations that nobody had, so that it can be seen how Parley does with years of
/// them: one thread holds a twentieth of all messages, the others some ninety each, one in ten is a group of
/// three. Nothing is sent, and nobody is told.
public final class Filling {
    private static final int TOGETHER = 5_000;

    private static final List<String> COMMON = List.of(
            "the van comes at eight please bring water for all is fine thanks see you tomorrow we are on our way"
                    .split(" "));

    private static final Rows CONVERSATION =
            Rows.inserted(1, "conversation", "id, line_id, kind, tag, relay, created_at, active_at");

    private static final Rows PARTICIPANT =
            Rows.inserted(2, "participant", "id, conversation_id, line_id, place, name, number");

    private static final Rows MESSAGE = Rows.inserted(3, "message", """
            id, conversation_id, line_id, direction, kind, author_kind, author_id, author_name, text, created_at,
            sender, arrived_at, link
            """);

    private static final Rows DELIVERY = Rows.inserted(4, "delivery", """
            id, message_id, conversation_id, participant_id, number, status, held, queued_at, sent_at, delivered_at,
            link, attempts, parts, encoding, text
            """);

    private static final Rows LAST = Rows.updated(5, "conversation", "id", "last_id, last_inbound_id, active_at");

    private final Store store;
    private final Lines lines;
    private final Clock clock;
    private final Random random = new Random(1); // the same database each time
    private final List<Row> rows = new ArrayList<>();

    public Filling(Store store, Lines lines, Clock clock) {
        this.store = store;
        this.lines = lines;
        this.clock = clock;
    }

    private record Row(Rows kind, List<Object> values) {}

    private void add(Rows kind, Object... values) {
        rows.add(new Row(kind, List.of(values)));
        if (rows.size() == TOGETHER) {
            write();
        }
    }

    private void write() {
        store.transaction(tx -> {
            rows.forEach(row -> tx.add(row.kind, row.values.toArray()));
            return rows.size();
        });
        rows.clear();
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
        say(talks(Math.max(1, messages / 100)), messages, progress);
        write();
    }

    /// Behind what is there, whoever made its ids.
    private long first(Ids ids, String table) {
        long last = store.read(connection ->
                        Sql.first(connection, "SELECT MAX(id) AS id FROM " + table, row -> row.getLong("id")))
                .orElseThrow();
        long id = ids.next();
        while (id <= last) {
            id = ids.next();
        }
        return id;
    }

    private List<Talk> talks(int count) {
        var conversationIds = store.ids("conversation");
        var participantIds = store.ids("participant");
        long id = first(conversationIds, "conversation");
        long person = first(participantIds, "participant");
        var talks = new ArrayList<Talk>();
        var at = clock.instant().minus(Duration.ofDays(365));
        for (int i = 0; i < count; i++) {
            long line = lines.all().get(i % lines.all().size()).id();
            boolean group = i % 10 == 9;
            var tag = group ? Optional.of(1) : Optional.empty();
            add(CONVERSATION, id, line, group ? "group" : "direct", tag, group ? "all" : "none", at, at);
            var people = new ArrayList<Long>();
            var numbers = new ArrayList<String>();
            for (int place = 0; place < (group ? 3 : 1); place++) {
                // Of the range that is kept for fiction, and behind it: nobody's telephone rings.
                var number = "+1%03d555%04d".formatted(200 + random.nextInt(700), random.nextInt(10_000));
                if (numbers.contains(number)) {
                    continue;
                }
                add(PARTICIPANT, person, id, line, place, place == 0 ? "" : "Person " + person, number);
                people.add(person);
                numbers.add(number);
                person = participantIds.next();
            }
            talks.add(new Talk(id, line, people, numbers));
            id = conversationIds.next();
        }
        return talks;
    }

    private void say(List<Talk> talks, int count, IntConsumer progress) {
        var messageIds = store.ids("message");
        var deliveryIds = store.ids("delivery");
        long id = first(messageIds, "message");
        long delivery = first(deliveryIds, "delivery");
        var none = Optional.empty();
        var lasts = new HashMap<Long, List<Object>>();
        var inbounds = new HashMap<Long, Long>();
        var begin = clock.instant().minus(Duration.ofDays(364));
        var step = Duration.ofDays(363).dividedBy(Math.max(1, count));
        for (int i = 0; i < count; i++) {
            var talk = i % 20 == 0 ? talks.getFirst() : talks.get(random.nextInt(talks.size()));
            boolean inbound = i % 5 == 4;
            Instant at = begin.plus(step.multipliedBy(i));
            var text = text(i);
            add(
                    MESSAGE,
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
                add(
                        DELIVERY,
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
            if (inbound) {
                inbounds.put(talk.id, id);
            }
            lasts.put(talk.id, List.of(talk.id, id, Optional.ofNullable(inbounds.get(talk.id)), at));
            id = messageIds.next();
            if (i % 10_000 == 9_999) {
                progress.accept(i + 1);
            }
        }
        lasts.values().forEach(last -> add(LAST, last.toArray()));
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
