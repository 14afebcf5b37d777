package dev.parley.reply;

import dev.parley.conversation.Labelled;
import dev.parley.conversation.OptOutStore;
import dev.parley.conversation.Participant;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// All SQL of senders, questions and loops. The transaction is the caller's.
final class ReplyStore {

    /// Hand-overs read at a time while looking for one that was heard.
    private static final int BITE = 100;

    private static final String BEGUN = """
            SELECT d.begun_at AS at, IF(d.parts = 1, d.delivered_at, NULL) AS reported_at
              FROM delivery d JOIN message m ON m.id = d.message_id AND m.kind = 'normal'
             WHERE d.participant_id = ? AND d.begun_at < ?
             ORDER BY d.begun_at DESC, d.id DESC LIMIT ? OFFSET ?
            """;

    /// Handed to a link, and no outcome known yet: it may have been sent.
    private static final String UNDER_WAY = """
            SELECT d.sending_at AS at
              FROM delivery d JOIN message m ON m.id = d.message_id AND m.kind = 'normal'
             WHERE d.participant_id = ? AND d.status = 'sending' AND d.begun_at IS NULL AND d.sending_at < ?
            """;

    /// What was handed over for a participant before `before`, automatic texts left out, the latest
    /// first: all after the latest that `heard` holds of, and that one.
    ///
    /// A report counts only for a text of one part. The report of a longer one comes with its last
    /// part, when the first may have been read for long.
    List<ReplyRouting.HandedOver> handedOver(
            Connection connection, long participantId, Instant before, Predicate<ReplyRouting.HandedOver> heard) {
        var found = new ArrayList<>(Sql.list(
                connection,
                UNDER_WAY,
                row -> new ReplyRouting.HandedOver(Times.instant(row, "at"), Optional.empty()),
                participantId,
                before));
        for (int offset = 0; ; offset += BITE) {
            var bite = Sql.list(
                    connection,
                    BEGUN,
                    row -> new ReplyRouting.HandedOver(Times.instant(row, "at"), Times.maybe(row, "reported_at")),
                    participantId,
                    before,
                    BITE,
                    offset);
            for (var each : bite) {
                found.add(each);
                if (heard.test(each)) {
                    return found;
                }
            }
            if (bite.size() < BITE) {
                return found;
            }
        }
    }

    private static final String DELIVERY_OF_MESSAGE = """
            SELECT COALESCE(d.begun_at, d.sending_at) AS at, IF(d.parts = 1, d.delivered_at, NULL) AS reported_at
              FROM delivery d
             WHERE d.message_id = ?
            """;

    /// When an automatic text was handed over, if it was.
    Optional<ReplyRouting.HandedOver> handOverOf(Connection connection, long messageId) {
        return Sql.list(
                        connection,
                        DELIVERY_OF_MESSAGE,
                        row -> {
                            var reported = Times.maybe(row, "reported_at");
                            return Times.maybe(row, "at").map(at -> new ReplyRouting.HandedOver(at, reported));
                        },
                        messageId)
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    enum QuestionKind implements Labelled {
        /// Where do your texts belong?
        PLACE,
        /// Which group do you leave?
        LEAVE
    }

    /// @param message the text that asks
    /// @param choices conversations by the tags that name them
    record Question(
            long id,
            long lineId,
            String number,
            QuestionKind kind,
            Optional<Long> message,
            Instant expiresAt,
            Map<Integer, Long> choices) {
        Question {
            choices = Map.copyOf(choices);
        }
    }

    private record Choice(int tag, long conversationId) {}

    private static final String CHOICES = "SELECT tag, conversation_id FROM reply_choice WHERE question_id = ?";

    private List<Question> withChoices(Connection connection, List<Question> bare) {
        var whole = new ArrayList<Question>();
        for (var each : bare) {
            var choices = Sql.list(
                            connection,
                            CHOICES,
                            row -> new Choice(row.getInt("tag"), row.getLong("conversation_id")),
                            each.id())
                    .stream()
                    .collect(Collectors.toMap(Choice::tag, Choice::conversationId));
            whole.add(new Question(
                    each.id(), each.lineId(), each.number(), each.kind(), each.message(), each.expiresAt(), choices));
        }
        return whole;
    }

    private List<Question> questions(Connection connection, String where, Object... values) {
        return withChoices(
                connection,
                Sql.list(
                        connection,
                        "SELECT id, line_id, number, kind, message_id, expires_at FROM reply_question WHERE " + where,
                        row -> new Question(
                                row.getLong("id"),
                                row.getLong("line_id"),
                                row.getString("number"),
                                Labelled.of(QuestionKind.class, row.getString("kind")),
                                Sql.maybeLong(row, "message_id"),
                                Times.instant(row, "expires_at"),
                                Map.of()),
                        values));
    }

    Optional<Question> openQuestion(Connection connection, long lineId, String number) {
        return questions(connection, "line_id = ? AND open_number = ?", lineId, number).stream()
                .findFirst();
    }

    /// Open questions whose time is over.
    List<Question> expired(Connection connection, Instant now, int limit) {
        return questions(connection, "state = 'open' AND expires_at <= ? ORDER BY expires_at LIMIT ?", now, limit);
    }

    private static final String ASK = """
            INSERT INTO reply_question (line_id, number, open_number, kind, state, message_id, asked_at, expires_at)
            VALUES (?, ?, ?, ?, 'open', ?, ?, ?)
            RETURNING id
            """;

    private static final String CHOOSE =
            "INSERT INTO reply_choice (question_id, tag, conversation_id) VALUES (?, ?, ?)";

    /// The caller has closed the question that was open.
    void ask(
            Tx tx,
            long lineId,
            String number,
            QuestionKind kind,
            Optional<Long> message,
            Instant askedAt,
            Instant expiresAt,
            Map<Integer, Long> choices) {
        long id = Sql.first(
                        tx.connection(),
                        ASK,
                        row -> row.getLong("id"),
                        lineId,
                        number,
                        number,
                        kind.label(),
                        message,
                        askedAt,
                        expiresAt)
                .orElseThrow();
        for (var choice : choices.entrySet()) {
            tx.update(CHOOSE, id, choice.getKey(), choice.getValue());
        }
    }

    private static final String ANSWERED = """
            UPDATE reply_question
               SET state = 'answered', open_number = NULL, answer_id = ?, answered_at = ?
             WHERE id = ? AND state = 'open'
            """;

    void answered(Tx tx, long questionId, long conversationId, Instant at) {
        tx.update(ANSWERED, conversationId, at, questionId);
    }

    private static final String CLOSED =
            "UPDATE reply_question SET state = ?, open_number = NULL WHERE id = ? AND state = 'open'";

    /// Closes a question.
    ///
    /// @param expired else another question or a keyword has taken its place
    /// @return false if it was closed already
    boolean closed(Tx tx, long questionId, boolean expired) {
        return tx.update(CLOSED, expired ? "expired" : "superseded", questionId) == 1;
    }

    private static final String LATEST_ANSWER = """
            SELECT answer_id, answered_at FROM reply_question
             WHERE line_id = ? AND number = ? AND kind = 'place' AND answered_at IS NOT NULL
             ORDER BY answered_at DESC, id DESC LIMIT 1
            """;

    /// What the sender last said when it was asked where its texts belong.
    Optional<ReplyRouting.Answered> latestAnswer(Connection connection, long lineId, String number) {
        return Sql.first(
                connection,
                LATEST_ANSWER,
                row -> new ReplyRouting.Answered(row.getLong("answer_id"), Times.instant(row, "answered_at")),
                lineId,
                number);
    }

    private static final String UNASKED = """
            SELECT DISTINCT m.line_id, m.sender
              FROM message_candidate mc
              JOIN message m ON m.id = mc.message_id
             WHERE m.conversation_id IS NULL AND m.kind = 'normal' AND m.created_at > ?
               AND NOT EXISTS (SELECT 1 FROM reply_question q
                                WHERE q.line_id = m.line_id AND q.number = m.sender
                                  AND (q.state = 'open' OR (q.kind = 'place' AND q.asked_at >= m.created_at)))
               AND NOT EXISTS (SELECT 1 FROM automatic_text a
                                WHERE a.line_id = m.line_id AND a.number = m.sender AND a.kind = 'question'
                                  AND a.sent_at > ?)
             LIMIT ?
            """;

    /// Who has texts, created after `since`, that wait and were not asked about, and was asked nothing
    /// after `askedBefore`.
    List<OptOutStore.OnLine> unasked(Connection connection, Instant since, Instant askedBefore, int limit) {
        return Sql.list(
                connection,
                UNASKED,
                row -> new OptOutStore.OnLine(row.getLong("line_id"), row.getString("sender")),
                since,
                askedBefore,
                limit);
    }

    private static final String RELAYED = """
            SELECT m.created_at, m.text
              FROM message m
             WHERE m.conversation_id = ? AND m.author_kind = 'participant' AND m.author_id = ? AND m.kind = 'normal'
               AND m.created_at > ? AND EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id)
             ORDER BY m.id DESC LIMIT ?
            """;

    /// The texts of a participant that were relayed after `since`, the latest first.
    List<LoopGuard.Relayed> relayed(Connection connection, Participant author, Instant since, int limit) {
        return Sql.list(
                connection,
                RELAYED,
                row -> new LoopGuard.Relayed(Times.instant(row, "created_at"), row.getString("text")),
                author.conversationId(),
                author.id(),
                since,
                limit);
    }

    private static final String SENT_TO =
            "SELECT d.text FROM delivery d WHERE d.participant_id = ? AND d.begun_at > ? ORDER BY d.begun_at DESC LIMIT ?";

    /// What a participant was sent after `since`, as it read it.
    List<String> sentTo(Connection connection, long participantId, Instant since) {
        return Sql.list(connection, SENT_TO, row -> row.getString("text"), participantId, since, BITE);
    }

    private static final String LOOP_STOP = "SELECT stopped_at FROM loop_stop WHERE participant_id = ?";

    private static final String PUT_LOOP_STOP = """
            INSERT INTO loop_stop (participant_id, stopped_at) VALUES (?, ?)
            ON DUPLICATE KEY UPDATE stopped_at = VALUE(stopped_at)
            """;

    /// Notes that a loop was stopped.
    ///
    /// @return whether it was not noted after `since` already
    boolean loopStopped(Tx tx, long participantId, Instant at, Instant since) {
        var before = Sql.first(tx.connection(), LOOP_STOP, row -> Times.instant(row, "stopped_at"), participantId);
        if (before.filter(stopped -> stopped.isAfter(since)).isPresent()) {
            return false;
        }
        tx.update(PUT_LOOP_STOP, participantId, at);
        return true;
    }
}
