package dev.parley.conversation;

import dev.parley.account.Condition;
import dev.parley.conversation.WordIndex.Place;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The SQL of searches: each statement reads a bounded stretch of an index, newest first.
final class SearchStore {
    private final MessageStore messages;

    SearchStore(MessageStore messages) {
        this.messages = messages;
    }

    /// Messages among these ids that meet all conditions, newest first.
    ///
    /// @param conditions each names `message` as `m` and its `conversation`, if any, as `c`
    List<MessageStore.Sketch> among(Connection connection, Collection<Long> ids, List<Condition> conditions) {
        return ids.isEmpty()
                ? List.of()
                : messages.search(connection, with(conditions, Condition.in("m.id", List.copyOf(ids))), ids.size());
    }

    private static List<Condition> with(List<Condition> conditions, Condition... more) {
        var all = new ArrayList<>(List.of(more));
        all.addAll(conditions);
        return all;
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
    Stretch ofAll(Connection connection, Place before, int reach, List<Condition> conditions, int limit) {
        var end = Sql.first(
                connection,
                END_OF_ALL,
                row -> new Place(Times.instant(row, "created_at"), row.getLong("id")),
                before.at(),
                before.at(),
                before.id(),
                reach - 1);
        var stretch = new ArrayList<Condition>();
        stretch.add(new Condition(
                "(m.created_at <= ? AND (m.created_at < ? OR m.id < ?))",
                List.of(before.at(), before.at(), before.id())));
        end.ifPresent(at -> stretch.add(new Condition(
                "(m.created_at >= ? AND (m.created_at > ? OR m.id >= ?))", List.of(at.at(), at.at(), at.id()))));
        stretch.addAll(conditions);
        return new Stretch(messages.search(connection, stretch, limit), end);
    }

    private static final String END_OF_ONE = """
            SELECT id FROM message WHERE conversation_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?
            """;

    /// Looks through the next messages of one conversation. The times of places count for nothing here.
    Stretch ofConversation(
            Connection connection, long id, Place before, int reach, List<Condition> conditions, int limit) {
        var end = Sql.first(connection, END_OF_ONE, row -> row.getLong("id"), id, before.id(), reach - 1);
        var stretch = new ArrayList<Condition>();
        stretch.add(new Condition("(m.conversation_id = ? AND m.id < ?)", List.of(id, before.id())));
        end.ifPresent(last -> stretch.add(new Condition("(m.id >= ?)", List.of(last))));
        stretch.addAll(conditions);
        return new Stretch(
                messages.searchById(connection, stretch, limit), end.map(last -> new Place(before.at(), last)));
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
