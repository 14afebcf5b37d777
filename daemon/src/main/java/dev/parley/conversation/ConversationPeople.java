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
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import tools.jackson.databind.ObjectMapper;

/// What conversations keep of a person: a place in each, what it said, what was said to it alone, and on which lines it
/// opted out.
///
/// Its texts go with all their copies: relayed ones, parts, the index of words. What others said in a group stays; the
/// copies that went to the person lose their words. A direct conversation is closed and loses all of its texts.
record ConversationPeople(
        Store store,
        Lines lines,
        ConversationStore conversations,
        MessageStore messages,
        OptOutStore optOuts,
        Sending sending,
        Outbox outbox,
        WordIndex words,
        Clock clock,
        ObjectMapper json)
        implements Holding {

    /// Messages or deliveries of one transaction: some hundred statements.
    private static final int BITE = 100;

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

    private static final String NOBODY = """
            UPDATE participant
               SET number = ?, name = ?, contact_name = IF(contact_name IS NULL, NULL, ?),
                   contact_primary = IF(contact_primary IS NULL, NULL, ?), contact_secondary = NULL,
                   left_at = COALESCE(left_at, ?)
             WHERE number = ?
            """;

    /// Elsewhere the contact's other number takes part, with what the contact was then.
    private static final String NOT_PRIMARY =
            "UPDATE participant SET contact_primary = number WHERE contact_primary = ? AND number <> ?";

    private static final String NOT_SECONDARY =
            "UPDATE participant SET contact_secondary = NULL WHERE contact_secondary = ?";

    private static final String NO_CHOICES =
            "DELETE FROM reply_choice WHERE question_id IN (SELECT id FROM reply_question WHERE number = ?)";

    @Override
    public Subject begin(Tx tx, Subject subject) {
        var number = subject.number();
        var all = tx.list(
                "SELECT conversation_id FROM participant WHERE number = ?",
                row -> row.getLong("conversation_id"),
                number);
        var directs = new HashSet<Long>();
        var participants = new HashSet<Long>();
        var names = new HashSet<String>();
        for (var conversation : conversations.current(tx, all)) {
            var participant = conversation.participant(number).orElseThrow();
            participants.add(participant.id());
            names.add(participant.name());
            names.add(conversation.nameOf(participant));
            participant.contact().ifPresent(contact -> names.add(contact.name()));
            sending.withdraw(tx, sending.waiting(tx, List.of(participant)), DeliveryStatus.CANCELLED, Optional.empty());
            if (!conversation.isGroup()) {
                directs.add(conversation.id());
                conversations.close(tx, conversation.id(), clock.instant());
            }
        }
        names.removeIf(String::isBlank);
        tx.update(
                NOBODY, subject.pseudonym(), Subject.NAME, Subject.NAME, subject.pseudonym(), clock.instant(), number);
        tx.update(NOT_PRIMARY, number, subject.pseudonym());
        tx.update(NOT_SECONDARY, number);
        optOuts.erase(tx, number);
        tx.update(NO_CHOICES, number);
        tx.update("DELETE FROM reply_question WHERE number = ?", number);
        tx.update("DELETE FROM automatic_text WHERE number = ?", number);
        store.forget(tx);
        all.forEach(id -> sending.updated(tx, id));
        return subject.withPlaces(Set.copyOf(all), directs, participants, names)
                .withSpellings(lines.all().stream()
                        .map(line -> Numbers.display(number, line.country()))
                        .collect(Collectors.toSet()));
    }

    // ---- The rest ----

    private static final String SAID_BY = "SELECT id FROM message WHERE sender = ? AND id > ? ORDER BY id LIMIT ?";

    private static final String TO = "SELECT id FROM delivery WHERE number = ? AND id > ? ORDER BY id LIMIT ?";

    private static final String IN = "SELECT id FROM message WHERE conversation_id = ? AND id > ? AND text <> '"
            + Subject.TEXT + "' ORDER BY id LIMIT ?";

    @Override
    public boolean erase(Subject subject) {
        var scrub = new Scrub(subject, json);
        boolean all = inBites(SAID_BY, subject.number(), (tx, ids) -> eraseSaid(tx, subject, ids));
        all &= inBites(TO, subject.number(), (tx, ids) -> eraseGot(tx, subject, ids));
        for (long id : subject.conversations()) {
            all &= subject.directs().contains(id) ? inBites(IN, id, this::eraseAll) : eraseNames(id, scrub);
        }
        words.forget(touched(subject));
        return all;
    }

    /// Goes through ids a bite at a time.
    ///
    /// @param sql asks for some of `these`, from an id on, and how many
    private boolean inBites(String sql, Object these, BiPredicate<Tx, List<Long>> erase) {
        return Holding.inBites(
                0L,
                after -> store.read(
                        connection -> Sql.list(connection, sql, row -> row.getLong("id"), these, after, BITE)),
                id -> id,
                ids -> store.transaction(tx -> erase.test(tx, ids)));
    }

    /// What the person texted us, and its copies to others.
    private boolean eraseSaid(Tx tx, Subject subject, List<Long> ids) {
        sending.writeProgress(tx);
        var copies = messages.deliveriesOf(tx.connection(), ids);
        var atLink = Set.copyOf(outbox.erase(
                tx,
                copies.values().stream().flatMap(List::stream).map(Delivery::id).toList(),
                false));
        var gone = ids.stream()
                .filter(id -> copies.getOrDefault(id, List.of()).stream().noneMatch(each -> atLink.contains(each.id())))
                .toList();
        // Nobody has placed some of them; they show nowhere from now on.
        var asked = Sql.among(
                tx.connection(),
                gone,
                "SELECT DISTINCT conversation_id FROM message_candidate WHERE message_id IN (??)",
                row -> row.getLong("conversation_id"));
        tx.updateAmong(gone, "DELETE FROM message_candidate WHERE message_id IN (??)", gone);
        messages.erase(tx, gone, Optional.of(subject.pseudonym()));
        changed(
                tx,
                gone.stream()
                        .flatMap(id -> copies.getOrDefault(id, List.of()).stream())
                        .toList());
        asked.forEach(conversation -> conversations.lookForLast(tx, conversation));
        return gone.size() == ids.size();
    }

    private void changed(Tx tx, Collection<Delivery> deliveries) {
        sending.changed(
                tx,
                deliveries.stream()
                        .filter(Delivery::isWaiting)
                        .map(Delivery::id)
                        .toList());
    }

    /// What went to the person, or was to go.
    private boolean eraseGot(Tx tx, Subject subject, List<Long> ids) {
        sending.writeProgress(tx);
        var atLink = Set.copyOf(outbox.erase(tx, ids, true));
        var gone = ids.stream().filter(id -> !atLink.contains(id)).toList();
        messages.eraseDeliveries(tx, gone, subject.pseudonym());
        sending.forget(tx, gone);
        return atLink.isEmpty();
    }

    /// Texts of a direct conversation; their deliveries have been seen to.
    private boolean eraseAll(Tx tx, List<Long> ids) {
        messages.erase(tx, ids, Optional.empty());
        return true;
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
                            || store.transaction(tx -> named.stream()
                                    .map(each -> eraseNames(tx, each.id, scrub))
                                    .reduce(true, Boolean::logicalAnd));
                });
    }

    private boolean eraseNames(Tx tx, long id, Scrub scrub) {
        sending.writeProgress(tx);
        var copies = messages.deliveriesOf(tx.connection(), id);
        if (!outbox.erase(tx, copies.stream().map(Delivery::id).toList(), false).isEmpty()) {
            return false;
        }
        messages.rewrite(tx, id, scrub::withoutNames);
        changed(tx, copies);
        return true;
    }

    /// Messages whose words have changed.
    private List<Place> touched(Subject subject) {
        var place = Place.reader("created_at", "id");
        return store.read(connection -> {
            var found = new ArrayList<>(Sql.list(
                    connection, "SELECT id, created_at FROM message WHERE sender = ?", place, subject.pseudonym()));
            for (long id : subject.conversations()) {
                found.addAll(Sql.list(
                        connection,
                        "SELECT id, created_at FROM message WHERE conversation_id = ?"
                                + (subject.directs().contains(id) ? "" : " AND author_kind = 'system'"),
                        place,
                        id));
            }
            return found;
        });
    }
}
