package dev.parley.conversation;

import dev.parley.account.Condition;
import dev.parley.store.Labelled;
import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// All SQL of what users have read, and of what waits for somebody to look at it. The transaction is the
/// caller's.
final class ReadStore {

    /// How many of a thread's latest messages are looked at to count its unread ones. Nobody reads a count
    /// beyond a hundred, and a thread may hold a million.
    static final int UNREAD_DEPTH = 1_000;

    /// How many of each kind of need are looked at, the latest first: what nobody did for a thousand
    /// conversations is no list that a person works through.
    static final int NEEDS_MAX = 1_000;

    private static final String MARKS =
            "SELECT conversation_id, message_id FROM read_mark WHERE account_id = ? AND conversation_id IN (??)";

    /// How far a user has read in these conversations; none for those it never opened.
    Map<Long, Long> marks(Connection connection, long accountId, Collection<Long> ids) {
        return Sql.map(
                connection,
                ids,
                MARKS,
                row -> row.getLong("conversation_id"),
                row -> row.getLong("message_id"),
                accountId,
                ids);
    }

    private static final String UNREAD_OF_ONE = "SELECT ? AS id, (SELECT COUNT(*) FROM (SELECT direction FROM message"
            + " WHERE conversation_id = ? AND id > ? ORDER BY id DESC LIMIT " + UNREAD_DEPTH + ") AS latest"
            + " WHERE direction = 'inbound') + (SELECT COUNT(*) FROM message_candidate WHERE conversation_id = ?"
            + " AND message_id > ?) AS unread";

    /// Inbound messages above a mark for each of these conversations, those that wait to be placed
    /// included. To be asked of conversations that have any.
    Map<Long, Integer> unread(Connection connection, Map<Long, Long> marks) {
        var values = new ArrayList<Object>();
        marks.forEach((id, mark) -> values.addAll(List.of(id, id, mark, id, mark)));
        return Sql.map(
                connection,
                values,
                String.join(" UNION ALL ", Collections.nCopies(marks.size(), UNREAD_OF_ONE)),
                row -> row.getLong("id"),
                row -> row.getInt("unread"),
                values);
    }

    /// Unread messages of a user in each of these conversations; none for those that are read.
    Map<Long, Integer> unread(Connection connection, long accountId, Collection<Conversation> conversations) {
        var heard = conversations.stream()
                .filter(each -> each.lastInbound().isPresent())
                .collect(Collectors.toMap(
                        Conversation::id, each -> each.lastInbound().orElseThrow(), Math::max));
        var read = marks(connection, accountId, heard.keySet());
        var marks = new HashMap<Long, Long>();
        heard.forEach((id, last) -> {
            long mark = read.getOrDefault(id, 0L);
            if (mark < last) {
                marks.put(id, mark);
            }
        });
        var counts = unread(connection, marks);
        // Above the mark is one at least, though it may lie deeper than is looked at.
        counts.replaceAll((_, count) -> Math.clamp(count, 1, Conversations.UNREAD_MAX));
        return counts;
    }

    private static final String LATEST = """
            SELECT GREATEST(COALESCE((SELECT MAX(id) FROM message WHERE conversation_id = ?), 0),
                            COALESCE((SELECT MAX(message_id) FROM message_candidate WHERE conversation_id = ?), 0))
                   AS id
            """;

    /// The latest message that shows in a conversation; 0 for none.
    long latest(Connection connection, long id) {
        return Sql.first(connection, LATEST, row -> row.getLong("id"), id, id).orElseThrow();
    }

    private static final String SHOWN = """
            (SELECT id, CHAR_LENGTH(text) AS characters
               FROM message WHERE conversation_id = ? AND id %1$s ? ORDER BY id %2$s LIMIT ?)
             UNION
            (SELECT m.id, CHAR_LENGTH(m.text) FROM message_candidate mc JOIN message m ON m.id = mc.message_id
              WHERE mc.conversation_id = ? AND mc.message_id %1$s ?
              ORDER BY mc.message_id %2$s LIMIT ?)
             ORDER BY id %2$s LIMIT ?
            """;

    private static final String OLDER = SHOWN.formatted("<", "DESC");

    private static final String NEWER = SHOWN.formatted(">", "ASC");

    /// What shows in a conversation before a message, newest first.
    ///
    /// @param before an id; `Long.MAX_VALUE` for the latest
    List<Shown> older(Connection connection, long id, long before, int limit) {
        return Sql.list(connection, OLDER, Shown::read, id, before, limit, id, before, limit, limit);
    }

    /// A message that shows in a conversation, and how long its text is.
    record Shown(long id, int characters) {
        private static Shown read(ResultSet row) throws SQLException {
            return new Shown(row.getLong("id"), row.getInt("characters"));
        }
    }

    /// What shows in a conversation after a message, oldest first.
    List<Shown> newer(Connection connection, long id, long after, int limit) {
        return Sql.list(connection, NEWER, Shown::read, id, after, limit, id, after, limit, limit);
    }

    private static final String SHOWS = """
            SELECT id FROM message WHERE id = ? AND conversation_id = ?
             UNION ALL
            SELECT message_id FROM message_candidate WHERE message_id = ? AND conversation_id = ?
            """;

    /// Whether a message shows in a conversation.
    boolean shows(Connection connection, long id, long messageId) {
        return Sql.first(connection, SHOWS, row -> row.getLong("id"), messageId, id, messageId, id)
                .isPresent();
    }

    private static final String MARK = """
            INSERT INTO read_mark (account_id, conversation_id, message_id) VALUES (?, ?, ?)
            ON DUPLICATE KEY UPDATE message_id = VALUE(message_id)
            """;

    void mark(Tx tx, long accountId, long id, long messageId) {
        tx.update(MARK, accountId, id, messageId);
    }

    private static final String NEEDS_OF = """
            SELECT DISTINCT conversation_id, 'route' AS need FROM message_candidate WHERE conversation_id IN (??)
             UNION ALL
            SELECT p.conversation_id, 'decide'
              FROM participant p JOIN opt_out o ON o.line_id = p.line_id AND o.number = p.number
                                               AND o.state = 'suspected'
             WHERE p.conversation_id IN (??) AND p.left_at IS NULL
             UNION ALL
            SELECT conversation_id, 'failed' FROM unseen_failure WHERE conversation_id IN (??)
            """;

    /// What these conversations need of a person; none for those missing.
    Map<Long, Set<Need>> needs(Connection connection, Collection<Long> ids) {
        var needs = new HashMap<Long, Set<Need>>();
        Sql.among(
                connection,
                ids,
                NEEDS_OF,
                row -> needs.computeIfAbsent(row.getLong("conversation_id"), _ -> EnumSet.noneOf(Need.class))
                        .add(Labelled.read(Need.class, row, "need")),
                ids,
                ids,
                ids);
        return needs;
    }

    /// What waits to be placed, to be decided, to be seen, each by itself: an unrouted text counts once,
    /// in however many threads it shows.
    private static final String WAITING = "SELECT 'route' AS need, message_id AS id, conversation_id FROM"
            + " (SELECT message_id, conversation_id FROM message_candidate ORDER BY message_id DESC LIMIT " + NEEDS_MAX
            + ") AS r UNION ALL SELECT 'decide', o.id, p.conversation_id FROM"
            + " (SELECT id, line_id, number FROM opt_out WHERE state = 'suspected' ORDER BY decide_by LIMIT "
            + NEEDS_MAX + ") AS o JOIN participant p ON p.number = o.number AND p.line_id = o.line_id"
            + " AND p.left_at IS NULL UNION ALL SELECT 'failed', conversation_id, conversation_id FROM"
            + " (SELECT conversation_id FROM unseen_failure ORDER BY failed_at DESC LIMIT " + NEEDS_MAX + ") AS f";

    /// The open conversations that need a person.
    static Condition needy() {
        return Condition.of(
                "(c.closed_at IS NULL AND c.id IN (SELECT conversation_id FROM (" + WAITING + ") AS waiting))");
    }

    /// How many things wait for a person in the open conversations that it may see, each once.
    ///
    /// @param visible names `conversation` as `c`
    int waiting(Connection connection, Condition visible) {
        return Sql.first(
                        connection,
                        "SELECT COUNT(DISTINCT waiting.need, waiting.id) AS things FROM (" + WAITING
                                + ") AS waiting JOIN conversation c ON c.id = waiting.conversation_id"
                                + " AND c.closed_at IS NULL WHERE " + visible.sql(),
                        row -> row.getInt("things"),
                        visible.parameters())
                .orElseThrow();
    }

    private static final Rows FAILURE = Rows.inserted(
            46,
            "INSERT INTO unseen_failure (conversation_id, message_id, failed_at)",
            3,
            "ON DUPLICATE KEY UPDATE message_id = GREATEST(message_id, VALUE(message_id)),"
                    + " failed_at = VALUE(failed_at)");

    /// Notes that a delivery has failed.
    void noteFailure(Tx tx, long id, long messageId, Instant at) {
        tx.add(FAILURE, id, messageId, at);
    }

    private static final String SEE_FAILURES =
            "DELETE FROM unseen_failure WHERE conversation_id = ? AND message_id <= ?";

    /// Somebody has seen what failed up to a message, or tries it again.
    ///
    /// @return whether anything was unseen
    boolean seeFailures(Tx tx, long id, long messageId) {
        return tx.update(SEE_FAILURES, id, messageId) > 0;
    }
}
