package dev.parley.conversation;

import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.person.Holding;
import dev.parley.person.Scrub;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.ObjectMapper;

/// What conversations keep of a person: a place in each, what it said, what was said to it alone, and on which lines it
/// opted out.
///
/// Its texts go with all their copies: relayed ones, parts, the index of words. What others said in a group stays; the
/// copies that went to the person lose their words. A direct conversation is closed and loses all of its texts.
final class ConversationPeople implements Holding {

    /// Messages or deliveries of one transaction: some hundred statements.
    private static final int BITE = 100;

    private final Store store;
    private final Lines lines;
    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final Sending sending;
    private final Outbox outbox;
    private final WordIndex words;
    private final Clock clock;
    private final ObjectMapper json;

    ConversationPeople(
            Store store,
            Lines lines,
            ConversationStore conversations,
            MessageStore messages,
            OptOutStore optOuts,
            Sending sending,
            Outbox outbox,
            WordIndex words,
            Clock clock,
            ObjectMapper json) {
        this.store = store;
        this.lines = lines;
        this.conversations = conversations;
        this.messages = messages;
        this.optOuts = optOuts;
        this.sending = sending;
        this.outbox = outbox;
        this.words = words;
        this.clock = clock;
        this.json = json;
    }

    // ---- What there is ----

    @Override
    public List<Section> sections() {
        return List.of(
                paged("conversations", PLACES, ConversationPeople::place),
                paged("messages", SAID, ConversationPeople::said),
                paged("deliveries", GOT, ConversationPeople::got),
                new Section("optOuts", (connection, number, _) -> Page.all(optOuts(connection, number))),
                whole(
                        "holds",
                        "SELECT h.reason, h.since, l.number FROM hold h JOIN line l ON l.id = h.line_id WHERE h.number = ?",
                        row -> Holding.item(
                                "line", row.getString("number"),
                                "reason", row.getString("reason"),
                                "since", Times.instant(row, "since"))),
                whole(
                        "questions",
                        "SELECT q.kind, q.state, q.asked_at, q.answered_at, q.message_id, l.number FROM reply_question q"
                                + " JOIN line l ON l.id = q.line_id WHERE q.number = ? ORDER BY q.id",
                        row -> Holding.item(
                                "line", row.getString("number"),
                                "kind", row.getString("kind"),
                                "state", row.getString("state"),
                                "askedAt", Times.instant(row, "asked_at"),
                                "answeredAt", Times.maybe(row, "answered_at"),
                                "message", Sql.maybeLong(row, "message_id").map(id -> Long.toString(id)))),
                whole(
                        "automaticTexts",
                        "SELECT a.kind, a.sent_at, l.number FROM automatic_text a JOIN line l ON l.id = a.line_id"
                                + " WHERE a.number = ?",
                        row -> Holding.item(
                                "line", row.getString("number"),
                                "kind", row.getString("kind"),
                                "sentAt", Times.instant(row, "sent_at"))));
    }

    /// @param sql asks for a number, the id to begin behind, and how many
    private static Section paged(String name, String sql, Sql.Reader<Map<String, Object>> item) {
        return new Section(
                name, (connection, number, after) -> Page.of(Sql.list(connection, sql, item, number, after, PAGE)));
    }

    /// @param sql asks for a number, which has few of these
    private static Section whole(String name, String sql, Sql.Reader<Map<String, Object>> item) {
        return new Section(name, (connection, number, _) -> Page.all(Sql.list(connection, sql, item, number)));
    }

    private static final String PLACES = """
            SELECT p.id, p.conversation_id, c.kind, c.title, c.tag, l.number AS line, p.name, p.number, p.left_at,
                   c.created_at, c.closed_at
              FROM participant p JOIN conversation c ON c.id = p.conversation_id JOIN line l ON l.id = c.line_id
             WHERE p.number = ? AND p.id > ?
             ORDER BY p.id LIMIT ?
            """;

    private static Map<String, Object> place(ResultSet row) throws SQLException {
        return Holding.item(
                "id", Long.toString(row.getLong("id")),
                "conversation", Long.toString(row.getLong("conversation_id")),
                "kind", row.getString("kind"),
                "line", row.getString("line"),
                "title", Sql.maybeText(row, "title"),
                "tag", Sql.maybeInt(row, "tag").map(tag -> "#" + tag),
                "name", row.getString("name"),
                "number", row.getString("number"),
                "createdAt", Times.instant(row, "created_at"),
                "closedAt", Times.maybe(row, "closed_at"),
                "leftAt", Times.maybe(row, "left_at"));
    }

    private static final String SAID = """
            SELECT id, conversation_id, kind, author_name, text, created_at, scts, arrived_at, link
              FROM message WHERE sender = ? AND id > ? ORDER BY id LIMIT ?
            """;

    private static Map<String, Object> said(ResultSet row) throws SQLException {
        return Holding.item(
                "id", Long.toString(row.getLong("id")),
                "conversation", Sql.maybeLong(row, "conversation_id").map(id -> Long.toString(id)),
                "kind", row.getString("kind"),
                "author", row.getString("author_name"),
                "text", row.getString("text"),
                "createdAt", Times.instant(row, "created_at"),
                "sentAt", Times.maybe(row, "scts"),
                "arrivedAt", Times.maybe(row, "arrived_at"),
                "link", Sql.maybeText(row, "link"));
    }

    private static final String GOT = """
            SELECT d.id, d.message_id, d.conversation_id, d.text, d.status, d.queued_at, d.sent_at, d.delivered_at,
                   d.failed_at, d.link, d.parts, d.error_code
              FROM delivery d WHERE d.number = ? AND d.id > ? ORDER BY d.id LIMIT ?
            """;

    private static Map<String, Object> got(ResultSet row) throws SQLException {
        return Holding.item(
                "id", Long.toString(row.getLong("id")),
                "message", Long.toString(row.getLong("message_id")),
                "conversation", Long.toString(row.getLong("conversation_id")),
                "text", row.getString("text"),
                "status", row.getString("status"),
                "queuedAt", Times.instant(row, "queued_at"),
                "sentAt", Times.maybe(row, "sent_at"),
                "deliveredAt", Times.maybe(row, "delivered_at"),
                "failedAt", Times.maybe(row, "failed_at"),
                "link", Sql.maybeText(row, "link"),
                "parts", row.getInt("parts"),
                "error", Sql.maybeText(row, "error_code"));
    }

    private List<Map<String, Object>> optOuts(Connection connection, String number) {
        var found = optOuts.ofNumber(connection, number);
        var history = optOuts.history(
                connection, found.stream().map(OptOutStore.OptOut::id).toList());
        return found.stream()
                .map(each -> Holding.item(
                        "id", Long.toString(each.id()),
                        "line", lines.byId(each.lineId()).map(Line::number),
                        "state", each.state().label(),
                        "since", each.since(),
                        "history",
                                history.getOrDefault(each.id(), List.of()).stream()
                                        .map(change -> Holding.item(
                                                "at", change.at(),
                                                "what", change.what(),
                                                "by", change.accountName(),
                                                "text", change.text()))
                                        .toList()))
                .toList();
    }

    // ---- The doors ----

    private static final String PLACES_OF = """
            SELECT p.id, p.conversation_id, c.kind FROM participant p JOIN conversation c ON c.id = p.conversation_id
             WHERE p.number = ? ORDER BY p.id
            """;

    private static final String NOBODY = """
            UPDATE participant
               SET number = ?, name = ?, contact_name = IF(contact_name IS NULL, NULL, ?),
                   contact_primary = IF(contact_primary IS NULL, NULL, ?), contact_secondary = NULL,
                   left_at = COALESCE(left_at, ?)
             WHERE id = ?
            """;

    /// Elsewhere the contact's other number takes part, with what the contact was then.
    private static final String NOT_PRIMARY =
            "UPDATE participant SET contact_primary = number WHERE contact_primary = ? AND number <> ?";

    private static final String NOT_SECONDARY =
            "UPDATE participant SET contact_secondary = NULL WHERE contact_secondary = ?";

    private static final String NO_CHOICES =
            "DELETE FROM reply_choice WHERE question_id IN (SELECT id FROM reply_question WHERE number = ?)";

    private record Place(long id, long conversationId, boolean direct) {}

    @Override
    public Subject begin(Tx tx, Subject subject) {
        var number = subject.number();
        var places = tx.list(
                PLACES_OF,
                row -> new Place(
                        row.getLong("id"),
                        row.getLong("conversation_id"),
                        Labelled.of(Kind.class, row.getString("kind")) == Kind.DIRECT),
                number);
        var all = places.stream().map(Place::conversationId).collect(Collectors.toSet());
        var names = new HashSet<String>();
        for (var conversation : conversations.current(tx, all)) {
            var participant = conversation.participant(number).orElseThrow();
            names.add(participant.name());
            names.add(conversation.nameOf(participant));
            participant.contact().ifPresent(contact -> names.add(contact.name()));
            sending.withdraw(tx, sending.waiting(tx, List.of(participant)), DeliveryStatus.CANCELLED, Optional.empty());
            if (!conversation.isGroup()) {
                conversations.close(tx, conversation.id(), clock.instant());
            }
        }
        names.removeIf(String::isBlank);
        for (var place : places) {
            tx.update(
                    NOBODY,
                    subject.pseudonym(),
                    Subject.NAME,
                    Subject.NAME,
                    subject.pseudonym(),
                    clock.instant(),
                    place.id);
        }
        tx.update(NOT_PRIMARY, number, subject.pseudonym());
        tx.update(NOT_SECONDARY, number);
        optOuts.erase(tx, number);
        tx.update(NO_CHOICES, number);
        tx.update("DELETE FROM reply_question WHERE number = ?", number);
        tx.update("DELETE FROM automatic_text WHERE number = ?", number);
        store.forget(tx);
        all.forEach(id -> sending.updated(tx, id));
        return subject.withPlaces(
                        all,
                        places.stream()
                                .filter(Place::direct)
                                .map(Place::conversationId)
                                .collect(Collectors.toSet()),
                        places.stream().map(Place::id).collect(Collectors.toSet()),
                        names)
                .withSpellings(lines.all().stream()
                        .map(line -> Numbers.display(number, line.country()))
                        .collect(Collectors.toSet()));
    }

    // ---- The rest ----

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, json);
        boolean said = eraseSaid(subject);
        boolean got = eraseGot(subject);
        boolean all = said && got;
        for (long id : subject.conversations()) {
            all &= subject.directs().contains(id) ? eraseAll(id) : eraseNames(id, scrub);
        }
        words.forget(touched(subject));
        return all;
    }

    private static final String SAID_BY = "SELECT id FROM message WHERE sender = ? AND id > ? ORDER BY id LIMIT ?";

    /// What the person texted us, and its copies to others.
    private boolean eraseSaid(Subject subject) {
        return Holding.inBites(
                0L,
                after -> ids(SAID_BY, subject.number(), after, BITE),
                id -> id,
                ids -> store.transaction(tx -> eraseSaid(tx, subject, ids)));
    }

    private List<Long> ids(String sql, Object... values) {
        return store.read(connection -> Sql.list(connection, sql, row -> row.getLong("id"), values));
    }

    private boolean eraseSaid(Tx tx, Subject subject, List<Long> ids) {
        sending.writeProgress(tx);
        var copies = messages.deliveriesOf(tx.connection(), ids);
        var atLink = new HashSet<>(outbox.erase(
                tx,
                copies.values().stream().flatMap(List::stream).map(Delivery::id).toList(),
                false));
        var waiting = new HashSet<Long>();
        for (long id : ids) {
            if (copies.getOrDefault(id, List.of()).stream().anyMatch(each -> atLink.contains(each.id()))) {
                waiting.add(id);
            }
        }
        var gone = ids.stream().filter(id -> !waiting.contains(id)).toList();
        if (!gone.isEmpty()) {
            var asked = waitingPlaces(tx, gone);
            messages.erase(tx, gone, Optional.of(subject.pseudonym()));
            changed(
                    tx,
                    gone.stream()
                            .flatMap(id -> copies.getOrDefault(id, List.of()).stream())
                            .toList());
            for (long conversation : asked) {
                conversations.lookForLast(tx, conversation);
            }
        }
        return waiting.isEmpty();
    }

    /// Where texts show that nobody has placed; they show nowhere from now on.
    private static Set<Long> waitingPlaces(Tx tx, Collection<Long> ids) {
        var asked = new HashSet<>(tx.list(
                "SELECT conversation_id FROM message_candidate WHERE message_id IN (" + Sql.marks(ids.size()) + ")",
                row -> row.getLong("conversation_id"),
                ids));
        tx.update("DELETE FROM message_candidate WHERE message_id IN (" + Sql.marks(ids.size()) + ")", ids);
        return asked;
    }

    private void changed(Tx tx, Collection<Delivery> deliveries) {
        sending.changed(
                tx,
                deliveries.stream()
                        .filter(Delivery::isWaiting)
                        .map(Delivery::id)
                        .toList());
    }

    private static final String TO = "SELECT id FROM delivery WHERE number = ? AND id > ? ORDER BY id LIMIT ?";

    /// What went to the person, or was to go.
    private boolean eraseGot(Subject subject) {
        return Holding.inBites(
                0L,
                after -> ids(TO, subject.number(), after, BITE),
                id -> id,
                ids -> store.transaction(tx -> {
                    sending.writeProgress(tx);
                    var atLink = new HashSet<>(outbox.erase(tx, ids, true));
                    var gone = ids.stream().filter(id -> !atLink.contains(id)).toList();
                    messages.eraseDeliveries(tx, gone, subject.pseudonym());
                    sending.forget(tx, gone);
                    return atLink.isEmpty();
                }));
    }

    private static final String IN =
            "SELECT id FROM message WHERE conversation_id = ? AND id > ? AND text <> ? ORDER BY id LIMIT ?";

    /// All texts of a direct conversation; their deliveries have been seen to.
    private boolean eraseAll(long conversation) {
        return Holding.inBites(
                0L,
                after -> ids(IN, conversation, after, Subject.TEXT, BITE),
                id -> id,
                ids -> store.transaction(tx -> {
                    messages.erase(tx, ids, Optional.empty());
                    return true;
                }));
    }

    private record Written(long id, String text) {}

    private static final String BY_US = """
            SELECT id, text FROM message
             WHERE conversation_id = ? AND id > ? AND author_kind = 'system' ORDER BY id LIMIT ?
            """;

    /// The names in what we wrote to a group ourselves: who is in it, who left it. What of it waits is not sent.
    private boolean eraseNames(long conversation, Scrub scrub) {
        return Holding.inBites(
                0L,
                after -> store.read(connection -> Sql.list(
                        connection,
                        BY_US,
                        row -> new Written(row.getLong("id"), row.getString("text")),
                        conversation,
                        after,
                        BITE)),
                Written::id,
                found -> {
                    var named = found.stream()
                            .filter(each -> !scrub.withoutNames(each.text).equals(each.text))
                            .toList();
                    return named.isEmpty()
                            || store.transaction(tx -> {
                                boolean gone = true;
                                sending.writeProgress(tx);
                                for (var each : named) {
                                    gone &= eraseNames(tx, each.id, scrub);
                                }
                                return gone;
                            });
                });
    }

    private boolean eraseNames(Tx tx, long id, Scrub scrub) {
        var copies = messages.deliveriesOf(tx.connection(), List.of(id)).getOrDefault(id, List.of());
        if (!outbox.erase(tx, copies.stream().map(Delivery::id).toList(), false).isEmpty()) {
            return false;
        }
        messages.rewrite(tx, id, scrub::withoutNames);
        changed(tx, copies);
        return true;
    }

    private static final String SAID_BY_NOBODY = "SELECT id, created_at FROM message WHERE sender = ?";

    /// Messages whose words have changed.
    private List<WordIndex.Place> touched(Subject subject) {
        return store.read(connection -> {
            var found = new ArrayList<WordIndex.Place>(Sql.list(
                    connection,
                    SAID_BY_NOBODY,
                    row -> new WordIndex.Place(Times.instant(row, "created_at"), row.getLong("id")),
                    subject.pseudonym()));
            for (long id : subject.conversations()) {
                found.addAll(Sql.list(
                        connection,
                        "SELECT id, created_at FROM message WHERE conversation_id = ?"
                                + (subject.directs().contains(id) ? "" : " AND author_kind = 'system'"),
                        row -> new WordIndex.Place(Times.instant(row, "created_at"), row.getLong("id")),
                        id));
            }
            return found;
        });
    }
}
