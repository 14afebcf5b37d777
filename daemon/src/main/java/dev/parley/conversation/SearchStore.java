package dev.parley.conversation;

import dev.parley.account.Condition;
import dev.parley.store.Sql;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The SQL of searches: each statement reads a bounded stretch of an index, newest first. Conditions name `message` as
/// `m` and its `conversation`, if any, as `c`.
record SearchStore(MessageStore messages) {

    /// Messages among these ids that meet a condition, newest first.
    List<MessageStore.Sketch> among(Connection connection, Collection<Long> ids, Condition where) {
        return ids.isEmpty()
                ? List.of()
                : messages.search(
                        connection,
                        Condition.in("m.id", List.copyOf(ids)).and(where),
                        MessageStore.NEWEST_FIRST,
                        ids.size());
    }

    /// A stretch of what was said, from a place back.
    ///
    /// @param end where the next one begins; empty where there is none
    record Stretch(List<MessageStore.Sketch> found, Optional<Place> end) {}

    private static final String END_OF_ALL = """
            SELECT created_at, id FROM message WHERE created_at <= ? AND (created_at < ? OR id < ?)
             ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?
            """;

    /// Looks through the next messages of all.
    ///
    /// @param reach how many are looked at
    Stretch ofAll(Connection connection, Place before, int reach, Condition where, int limit) {
        var end = Sql.first(
                connection,
                END_OF_ALL,
                Place.reader("created_at", "id"),
                before.at(),
                before.at(),
                before.id(),
                reach - 1);
        var stretch = before.before("m.created_at", "m.id")
                .and(end.map(last -> last.from("m.created_at", "m.id")).orElse(Condition.ALWAYS));
        return new Stretch(messages.search(connection, stretch.and(where), MessageStore.NEWEST_FIRST, limit), end);
    }

    private static final String END_OF_ONE = """
            SELECT id FROM message WHERE conversation_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?
            """;

    /// Looks through the next messages of one conversation. The times of places count for nothing here.
    Stretch ofConversation(Connection connection, long id, Place before, int reach, Condition where, int limit) {
        var end = Sql.first(connection, END_OF_ONE, row -> row.getLong("id"), id, before.id(), reach - 1);
        var stretch = Condition.of("(m.conversation_id = ? AND m.id < ?)", id, before.id())
                .and(end.map(last -> Condition.of("(m.id >= ?)", last)).orElse(Condition.ALWAYS));
        return new Stretch(
                messages.search(connection, stretch.and(where), MessageStore.LATEST_ID_FIRST, limit),
                end.map(last -> new Place(before.at(), last)));
    }

    private static final String OF_NUMBER = """
            (SELECT id FROM message WHERE sender = ? AND id < ? ORDER BY id DESC LIMIT ?)
             UNION
            (SELECT DISTINCT message_id FROM delivery WHERE number = ? AND message_id < ?
              ORDER BY message_id DESC LIMIT ?)
             ORDER BY id DESC LIMIT ?
            """;

    /// The next messages from or to a number.
    List<Long> ofNumber(Connection connection, String number, long before, int limit) {
        return Sql.list(
                connection, OF_NUMBER, row -> row.getLong("id"), number, before, limit, number, before, limit, limit);
    }

    private static final String IN_TROUBLE = """
            SELECT DISTINCT trouble AS id FROM delivery WHERE trouble < ? ORDER BY trouble DESC LIMIT ?
            """;

    /// The next messages with a delivery that came to nothing.
    List<Long> inTrouble(Connection connection, long before, int limit) {
        return Sql.list(connection, IN_TROUBLE, row -> row.getLong("id"), before, limit);
    }
}
