package dev.parley.conversation;

import dev.parley.account.Condition;
import dev.parley.person.Subject;
import dev.parley.store.Ids;
import dev.parley.store.Labelled;
import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.ObjectMapper;

/// All SQL of messages and deliveries. The transaction is the caller's.
public final class MessageStore {
    private static final int REASON_MAX = 500;

    private final ObjectMapper json;
    private final Ids ids;
    private final Ids deliveryIds;

    /// @param json writes and reads the routing
    MessageStore(Store store, ObjectMapper json) {
        this.json = json;
        this.ids = store.ids("message");
        this.deliveryIds = store.ids("delivery");
    }

    private static final String COLUMNS = """
            m.id, m.conversation_id, m.line_id, m.direction, m.kind, m.author_kind, m.author_id, m.author_name, m.text,
            m.created_at, m.send_at, m.expires_at, m.routing, m.sender, m.scts, m.arrived_at, m.link, m.cause_id
            """;

    private Message read(ResultSet row) throws SQLException {
        var sender = Sql.maybeText(row, "sender");
        var scts = Times.maybe(row, "scts");
        var link = Sql.maybeText(row, "link");
        var arrivedAt = Times.maybe(row, "arrived_at");
        return new Message(
                row.getLong("id"),
                Sql.maybeLong(row, "conversation_id"),
                row.getLong("line_id"),
                Labelled.read(Direction.class, row, "direction"),
                Labelled.read(MessageKind.class, row, "kind"),
                new Author(
                        Labelled.read(AuthorKind.class, row, "author_kind"),
                        Sql.maybeLong(row, "author_id"),
                        row.getString("author_name")),
                row.getString("text"),
                Times.instant(row, "created_at"),
                Times.maybe(row, "send_at"),
                Times.maybe(row, "expires_at"),
                Sql.maybeText(row, "routing").map(text -> json.readValue(text, Routing.class)),
                arrivedAt.map(at -> new Arrival(sender.orElse(""), scts, at, link.orElse(""))),
                Sql.maybeLong(row, "cause_id"));
    }

    private static final Rows MESSAGE = Rows.inserted(10, "message", """
            id, conversation_id, line_id, direction, kind, author_kind, author_id, author_name, text, created_at,
            send_at, expires_at, routing, sender, scts, arrived_at, link, cause_id
            """);

    /// The id of a message that is to be stored.
    long nextId() {
        return ids.next();
    }

    void insert(Tx tx, Message message) {
        tx.add(
                MESSAGE,
                message.id(),
                message.conversationId(),
                message.lineId(),
                message.direction().label(),
                message.kind().label(),
                message.author().kind().label(),
                message.author().id(),
                message.author().name(),
                message.text(),
                message.createdAt(),
                message.sendAt(),
                message.expiresAt(),
                message.routing().map(json::writeValueAsString),
                message.arrival().map(Arrival::sender),
                message.arrival().flatMap(Arrival::scts),
                message.arrival().map(Arrival::arrivedAt),
                message.arrival().map(Arrival::link),
                message.cause());
    }

    public Optional<Message> byId(Connection connection, long id) {
        return byIds(connection, List.of(id)).stream().findFirst();
    }

    private static final String BY_IDS = "SELECT " + COLUMNS + " FROM message m WHERE m.id IN (??) ORDER BY m.id DESC";

    /// Those that exist, newest first.
    public List<Message> byIds(Connection connection, Collection<Long> ids) {
        return Sql.among(connection, ids, BY_IDS, this::read);
    }

    /// Which message there is, and how long its text: what is to be known before it is read.
    record Sketch(Place place, int characters) {
        long id() {
            return place.id();
        }
    }

    private static Sketch readSketch(ResultSet row) throws SQLException {
        return new Sketch(Place.reader("created_at", "id").read(row), row.getInt("characters"));
    }

    private static final String SKETCHES =
            "SELECT id, created_at, CHAR_LENGTH(text) AS characters FROM message WHERE id IN (??)";

    /// Of those that exist, in no order.
    List<Sketch> sketches(Connection connection, Collection<Long> ids) {
        return Sql.among(connection, ids, SKETCHES, MessageStore::readSketch);
    }

    private static final String PLACE = """
            UPDATE message
               SET conversation_id = ?, kind = ?, author_id = ?, author_name = ?, text = ?, routing = ?
             WHERE id = ?
            """;

    private static final String FORGET_CANDIDATES = "DELETE FROM message_candidate WHERE message_id = ?";

    /// Writes what placing or moving changes of an inbound message.
    void place(Tx tx, Message placed) {
        tx.update(
                PLACE,
                placed.conversationId(),
                placed.kind().label(),
                placed.author().id(),
                placed.author().name(),
                placed.text(),
                placed.routing().map(json::writeValueAsString),
                placed.id());
        tx.update(FORGET_CANDIDATES, placed.id());
    }

    private static final Rows CANDIDATE = Rows.inserted(11, "message_candidate", "message_id, conversation_id");

    void insertCandidates(Tx tx, long messageId, Collection<Long> conversationIds) {
        conversationIds.forEach(id -> tx.add(CANDIDATE, messageId, id));
    }

    private static final String UNROUTED_OF = "SELECT " + COLUMNS + " FROM message m WHERE m.sender = ?"
            + " AND m.line_id = ? AND m.conversation_id IS NULL ORDER BY m.id";

    /// The texts of a number on a line that wait to be placed, oldest first.
    public List<Message> unrouted(Tx tx, long lineId, String sender) {
        return Sql.list(tx.connection(), UNROUTED_OF, this::read, sender, lineId);
    }

    static final String NEWEST_FIRST = "m.created_at DESC, m.id DESC";

    static final String LATEST_ID_FIRST = "m.id DESC";

    /// Messages that meet a condition.
    ///
    /// @param where names `message` as `m` and its `conversation`, if any, as `c`
    List<Sketch> search(Connection connection, Condition where, String order, int limit) {
        return Sql.list(
                connection,
                "SELECT m.id, m.created_at, CHAR_LENGTH(m.text) AS characters FROM message m"
                        + " LEFT JOIN conversation c ON c.id = m.conversation_id WHERE " + where.sql() + " ORDER BY "
                        + order + " LIMIT ?",
                MessageStore::readSketch,
                where.parameters(),
                limit);
    }

    private static final String DELIVERY_COLUMNS = """
            d.id, d.message_id, d.conversation_id, d.participant_id, d.number, d.status, d.held, d.queued_at,
            d.sending_at, d.begun_at, d.sent_at, d.delivered_at, d.failed_at, d.link, d.attempts, d.parts, d.encoding,
            d.error_code, d.error_network, d.error_reason, d.text
            """;

    private static Delivery readDelivery(ResultSet row) throws SQLException {
        var network = Sql.maybeInt(row, "error_network");
        var reason = Sql.maybeText(row, "error_reason");
        return new Delivery(
                row.getLong("id"),
                row.getLong("message_id"),
                row.getLong("conversation_id"),
                row.getLong("participant_id"),
                row.getString("number"),
                Labelled.read(DeliveryStatus.class, row, "status"),
                row.getBoolean("held"),
                Times.instant(row, "queued_at"),
                Times.maybe(row, "sending_at"),
                Times.maybe(row, "begun_at"),
                Times.maybe(row, "sent_at"),
                Times.maybe(row, "delivered_at"),
                Times.maybe(row, "failed_at"),
                Sql.maybeText(row, "link"),
                row.getInt("attempts"),
                row.getInt("parts"),
                row.getString("encoding"),
                Sql.maybeText(row, "error_code").map(code -> new DeliveryError(code, network, reason.orElse(""))),
                row.getString("text"));
    }

    /// The id of a delivery that is to be stored.
    long nextDeliveryId() {
        return deliveryIds.next();
    }

    private static final Rows DELIVERY = Rows.inserted(20, "delivery", """
            id, message_id, conversation_id, participant_id, number, status, held, queued_at, sending_at,
            begun_at, sent_at, delivered_at, failed_at, link, attempts, parts, encoding, error_code,
            error_network, error_reason, text
            """);

    void insertDelivery(Tx tx, Delivery made) {
        tx.add(
                DELIVERY,
                made.id(),
                made.messageId(),
                made.conversationId(),
                made.participantId(),
                made.number(),
                made.status().label(),
                made.held(),
                made.queuedAt(),
                made.sendingAt(),
                made.begunAt(),
                made.sentAt(),
                made.deliveredAt(),
                made.failedAt(),
                made.link(),
                made.attempts(),
                made.parts(),
                made.encoding(),
                made.error().map(DeliveryError::code),
                made.error().flatMap(DeliveryError::network),
                made.error().map(error -> cut(error.reason())),
                made.text());
    }

    private static final Rows SENT = Rows.updatedTo(40, "delivery", "id", "status = 'sent'", "begun_at, sent_at");

    private static final Rows DELIVERED = Rows.updatedTo(41, "delivery", "id", "status = 'delivered'", "delivered_at");

    private static final Rows PROGRESS = Rows.updated(42, "delivery", "id", """
            status, sending_at, begun_at, sent_at, delivered_at, failed_at, link, attempts, error_code,
            error_network, error_reason
            """);

    /// Writes how far a delivery is.
    ///
    /// @param before as its row is
    /// @param isWhole whether its row is written whole in this transaction already, after which a few
    /// of its columns would not be the latest
    /// @return whether its row is written whole
    boolean progressed(Tx tx, Delivery before, Delivery now, boolean isWhole) {
        if (!isWhole && now.isJustSent(before)) {
            tx.add(SENT, now.id(), now.begunAt(), now.sentAt());
            return false;
        }
        if (!isWhole && now.isJustDelivered(before)) {
            tx.add(DELIVERED, now.id(), now.deliveredAt());
            return false;
        }
        tx.add(
                PROGRESS,
                now.id(),
                now.status().label(),
                now.sendingAt(),
                now.begunAt(),
                now.sentAt(),
                now.deliveredAt(),
                now.failedAt(),
                now.link(),
                now.attempts(),
                now.error().map(DeliveryError::code),
                now.error().flatMap(DeliveryError::network),
                now.error().map(error -> cut(error.reason())));
        return true;
    }

    private static final String DELIVERIES_OF =
            "SELECT " + DELIVERY_COLUMNS + " FROM delivery d WHERE d.message_id IN (??) ORDER BY d.id";

    /// The deliveries of each message in their order; none for those missing.
    Map<Long, List<Delivery>> deliveriesOf(Connection connection, Collection<Long> messageIds) {
        return Sql.among(connection, messageIds, DELIVERIES_OF, MessageStore::readDelivery).stream()
                .collect(Collectors.groupingBy(Delivery::messageId));
    }

    List<Delivery> deliveriesOf(Connection connection, long messageId) {
        return Sql.among(connection, List.of(messageId), DELIVERIES_OF, MessageStore::readDelivery);
    }

    /// A delivery with the line of its message.
    record Placed(Delivery delivery, long lineId) {}

    private static final String PLACED = "SELECT " + DELIVERY_COLUMNS + ", m.line_id FROM delivery d"
            + " JOIN message m ON m.id = d.message_id WHERE d.id IN (??) ORDER BY d.id";

    List<Placed> placed(Connection connection, Collection<Long> deliveryIds) {
        return Sql.among(connection, deliveryIds, PLACED, row -> new Placed(readDelivery(row), row.getLong("line_id")));
    }

    private static final String WAITING = "SELECT " + DELIVERY_COLUMNS + " FROM delivery d"
            + " WHERE d.participant_id IN (??) AND d.status IN ('queued', 'sending') ORDER BY d.id";

    /// The deliveries to these participants that are not handed over whole: queued or being sent.
    List<Delivery> waiting(Connection connection, Collection<Long> participantIds) {
        return Sql.among(connection, participantIds, WAITING, MessageStore::readDelivery);
    }

    void setHeld(Tx tx, Collection<Long> deliveryIds, boolean held) {
        tx.updateAmong(deliveryIds, "UPDATE delivery SET held = ? WHERE id IN (??)", held, deliveryIds);
    }

    private static final String WITHDRAWN = """
            UPDATE delivery
               SET status = ?, held = FALSE, error_code = ?, error_network = NULL, error_reason = ?
             WHERE id = ? AND status IN ('queued', 'sending')
            """;

    /// What the queue took back is `blocked` or `cancelled`.
    void withdrawn(Tx tx, long deliveryId, DeliveryStatus status, Optional<DeliveryError> error) {
        tx.update(
                WITHDRAWN,
                status.label(),
                error.map(DeliveryError::code),
                error.map(DeliveryError::reason),
                deliveryId);
    }

    private static final String ERASE = """
            UPDATE message
               SET text = ?, sender = IF(sender IS NULL, NULL, COALESCE(?, sender)),
                   author_name = IF(author_kind = 'participant', ?, author_name)
             WHERE id IN (??)
            """;

    /// What a delivery becomes whose words change: the queue has given it up.
    private static final String GIVEN_UP =
            "UPDATE delivery SET held = FALSE, status = IF(status IN ('queued', 'sending'), 'cancelled', status)";

    /// Takes the words out of messages and of their deliveries, which the queue has given up.
    ///
    /// @param sender in place of whom they came from
    void erase(Tx tx, Collection<Long> ids, Optional<String> sender) {
        tx.updateAmong(ids, ERASE, Subject.TEXT, sender, Subject.NAME, ids);
        tx.updateAmong(ids, GIVEN_UP + ", text = ? WHERE message_id IN (??)", Subject.TEXT, ids);
    }

    /// Takes the words out of deliveries, and whom they are to. The queue has given them up.
    void eraseDeliveries(Tx tx, Collection<Long> ids, String number) {
        tx.updateAmong(
                ids,
                GIVEN_UP + ", number = ?, text = ?, error_reason = NULL WHERE id IN (??)",
                number,
                Subject.TEXT,
                ids);
    }

    /// Says something a little otherwise, in its copies too, which the queue has given up.
    void rewrite(Tx tx, long id, UnaryOperator<String> otherwise) {
        var text = tx.first("SELECT text FROM message WHERE id = ?", row -> row.getString("text"), id);
        if (text.isPresent()) {
            tx.update("UPDATE message SET text = ? WHERE id = ?", otherwise.apply(text.get()), id);
            for (var each : deliveriesOf(tx.connection(), id)) {
                tx.update(GIVEN_UP + ", text = ? WHERE id = ?", otherwise.apply(each.text()), each.id());
            }
        }
    }

    private static final String RETRIED = """
            UPDATE delivery
               SET status = 'queued', queued_at = ?, sending_at = NULL, sent_at = NULL, failed_at = NULL,
                   error_code = NULL, error_network = NULL, error_reason = NULL
             WHERE id = ? AND status = 'failed'
            """;

    boolean retried(Tx tx, long deliveryId, Instant at) {
        return tx.update(RETRIED, at, deliveryId) == 1;
    }

    private static String cut(String reason) {
        return reason.codePointCount(0, reason.length()) <= REASON_MAX
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, REASON_MAX));
    }

    private static final String FIRST_AUTOMATIC =
            "INSERT IGNORE INTO automatic_text (line_id, number, kind, sent_at) VALUES (?, ?, ?, ?)";

    private static final String NEXT_AUTOMATIC = """
            UPDATE automatic_text SET sent_at = ? WHERE line_id = ? AND number = ? AND kind = ? AND sent_at <= ?
            """;

    /// Claims the right to send an automatic text of this kind to a number.
    ///
    /// @param lastBefore the one before must not have been sent later
    boolean claimAutomatic(Tx tx, long lineId, String number, MessageKind kind, Instant at, Instant lastBefore) {
        // Two statements, because the driver counts rows found and not rows changed.
        return tx.update(FIRST_AUTOMATIC, lineId, number, kind.label(), at) == 1
                || tx.update(NEXT_AUTOMATIC, at, lineId, number, kind.label(), lastBefore) == 1;
    }

    private static final String OLD = """
            SELECT m.id FROM message m
             WHERE m.created_at < ?
               AND NOT EXISTS (SELECT 1 FROM delivery d
                                WHERE d.message_id = m.id AND d.status IN ('queued', 'sending'))
             ORDER BY m.created_at, m.id LIMIT ?
            """;

    /// Deletes some old messages that nothing is on its way of, with all that hangs on them.
    ///
    /// @return how many
    int deleteOld(Tx tx, Instant before, int limit) {
        var ids = Sql.list(tx.connection(), OLD, row -> row.getLong("id"), before, limit);
        tx.updateAmong(ids, "DELETE FROM message_candidate WHERE message_id IN (??)", ids);
        tx.updateAmong(ids, "DELETE FROM delivery WHERE message_id IN (??)", ids);
        tx.updateAmong(ids, "DELETE FROM message WHERE id IN (??)", ids);
        return ids.size();
    }

    /// Which of these conversations meet a condition that names `conversation` as `c`.
    Set<Long> meeting(Connection connection, Collection<Long> conversationIds, Condition condition) {
        return Set.copyOf(Sql.among(
                connection,
                conversationIds,
                "SELECT c.id FROM conversation c WHERE c.id IN (??) AND " + condition.sql(),
                row -> row.getLong("id"),
                conversationIds,
                condition.parameters()));
    }
}
