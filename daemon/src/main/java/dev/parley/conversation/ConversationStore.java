package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.contact.Contact;
import dev.parley.store.Ids;
import dev.parley.store.Labelled;
import dev.parley.store.Memory;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// All SQL of conversations, participants and read marks. The transaction is the caller's.
///
/// Those that take a [Tx] answer from memory where they can: the conversations in use, and where a number takes part.
/// Whatever changes a row here says so to that memory.
public final class ConversationStore {

    /// Conversations in memory: some kB each.
    static final int CONVERSATIONS_MAX = 5_000;

    /// Numbers on a line in memory.
    static final int NUMBERS_MAX = 10_000;

    private final Ids ids;
    private final Ids participantIds;
    private final Memory<Long, Conversation> known;
    private final Memory<OptOutStore.OnLine, List<Long>> openOf;

    ConversationStore(Store store) {
        ids = store.ids("conversation");
        participantIds = store.ids("participant");
        known = new Memory<>(
                store,
                CONVERSATIONS_MAX,
                (tx, missing) -> byIds(tx.connection(), Sql.padded(missing)).stream()
                        .collect(Collectors.toMap(Conversation::id, Function.identity())));
        openOf = new Memory<>(store, NUMBERS_MAX, ConversationStore::loadOpen);
    }

    private static final String COLUMNS = """
            c.id, c.line_id, c.kind, c.title, c.tag, c.relay, c.created_at, c.closed_at, c.done_at, c.predecessor_id,
            c.successor_id, c.last_id, c.last_inbound_id, c.active_at
            """;

    private static Conversation read(ResultSet row) throws SQLException {
        return new Conversation(
                row.getLong("id"),
                row.getLong("line_id"),
                Labelled.read(Kind.class, row, "kind"),
                Sql.maybeText(row, "title"),
                Sql.maybeInt(row, "tag"),
                Labelled.read(Relay.class, row, "relay"),
                Times.instant(row, "created_at"),
                Times.maybe(row, "closed_at"),
                Times.maybe(row, "done_at"),
                Sql.maybeLong(row, "predecessor_id"),
                Sql.maybeLong(row, "successor_id"),
                Sql.maybeLong(row, "last_id"),
                Sql.maybeLong(row, "last_inbound_id"),
                Times.instant(row, "active_at"),
                List.of());
    }

    private static final String PARTICIPANT_COLUMNS = """
            p.id, p.conversation_id, p.place, p.contact_id, p.name, p.number, p.contact_name, p.contact_primary,
            p.contact_secondary, p.left_at
            """;

    private static Participant readParticipant(ResultSet row) throws SQLException {
        var contactName = Sql.maybeText(row, "contact_name");
        var primary = Sql.maybeText(row, "contact_primary");
        var secondary = Sql.maybeText(row, "contact_secondary");
        return new Participant(
                row.getLong("id"),
                row.getLong("conversation_id"),
                row.getInt("place"),
                Sql.maybeLong(row, "contact_id"),
                row.getString("name"),
                row.getString("number"),
                contactName.map(name -> new Participant.Snapshot(name, primary.orElse(""), secondary)),
                Times.maybe(row, "left_at"));
    }

    private static final String PARTICIPANTS_OF =
            "SELECT " + PARTICIPANT_COLUMNS + " FROM participant p WHERE p.conversation_id IN (??) ORDER BY p.place";

    /// The same conversations with their participants.
    private static List<Conversation> whole(Connection connection, List<Conversation> bare) {
        var ids = bare.stream().map(Conversation::id).toList();
        var participants = Sql.among(connection, ids, PARTICIPANTS_OF, ConversationStore::readParticipant).stream()
                .collect(Collectors.groupingBy(Participant::conversationId));
        return bare.stream()
                .map(each -> each.with(participants.getOrDefault(each.id(), List.of())))
                .toList();
    }

    Optional<Conversation> byId(Connection connection, long id) {
        return byIds(connection, List.of(id)).stream().findFirst();
    }

    /// The same, if `viewer` may see it.
    Optional<Conversation> visible(Connection connection, Account viewer, long id) {
        return byId(connection, id).filter(_ -> Access.of(viewer).maySeeConversation(connection, id));
    }

    private static final String BY_IDS = "SELECT " + COLUMNS + " FROM conversation c WHERE c.id IN (??) ORDER BY c.id";

    /// Those that exist, by id.
    List<Conversation> byIds(Connection connection, Collection<Long> ids) {
        return whole(connection, Sql.among(connection, ids, BY_IDS, ConversationStore::read));
    }

    /// Those that exist, by id, as `tx` sees them.
    public List<Conversation> current(Tx tx, Collection<Long> ids) {
        var found = known.get(tx, ids);
        return ids.stream()
                .distinct()
                .sorted()
                .flatMap(id -> Optional.ofNullable(found.get(id)).stream())
                .toList();
    }

    public Optional<Conversation> current(Tx tx, long id) {
        return current(tx, List.of(id)).stream().findFirst();
    }

    /// The open conversations in which a number takes part on a line, by id, the direct one included;
    /// those that it left too ([Participant#hasLeft] tells).
    public List<Conversation> openOf(Tx tx, long lineId, String number) {
        return current(
                tx,
                openIds(tx, lineId, List.of(number)).getOrDefault(new OptOutStore.OnLine(lineId, number), List.of()));
    }

    private Map<OptOutStore.OnLine, List<Long>> openIds(Tx tx, long lineId, Collection<String> numbers) {
        return openOf.get(
                tx,
                numbers.stream()
                        .map(number -> new OptOutStore.OnLine(lineId, number))
                        .toList());
    }

    private static final String OPEN_OF = """
            SELECT p.number, c.id FROM participant p JOIN conversation c ON c.id = p.conversation_id
             WHERE p.line_id = ? AND c.closed_at IS NULL AND p.number IN (??)
             ORDER BY c.id
            """;

    private static Map<OptOutStore.OnLine, List<Long>> loadOpen(Tx tx, List<OptOutStore.OnLine> missing) {
        record TakesPart(String number, long conversationId) {}
        var found = new HashMap<OptOutStore.OnLine, List<Long>>();
        for (var line : OptOutStore.OnLine.byLine(missing).entrySet()) {
            var numbers = Sql.padded(line.getValue());
            var open = Sql.among(
                            tx.connection(),
                            numbers,
                            OPEN_OF,
                            row -> new TakesPart(row.getString("number"), row.getLong("id")),
                            line.getKey(),
                            numbers)
                    .stream()
                    .collect(Collectors.groupingBy(
                            TakesPart::number, Collectors.mapping(TakesPart::conversationId, Collectors.toList())));
            for (var number : line.getValue()) {
                found.put(new OptOutStore.OnLine(line.getKey(), number), open.getOrDefault(number, List.of()));
            }
        }
        return found;
    }

    /// In how many open conversations on a line each number takes part and has not left: none for those
    /// missing.
    Map<String, Integer> openCounts(Tx tx, long lineId, Collection<String> numbers) {
        var open = openIds(tx, lineId, numbers);
        var all = known.get(tx, open.values().stream().flatMap(List::stream).toList());
        var counts = new HashMap<String, Integer>();
        open.forEach((where, ids) -> counts.put(where.number(), (int) ids.stream()
                .map(all::get)
                .filter(each -> each != null && each.includes(where.number()))
                .count()));
        return counts;
    }

    private void forgetOpen(Tx tx, Conversation conversation) {
        for (var each : conversation.participants()) {
            openOf.forget(tx, new OptOutStore.OnLine(conversation.lineId(), each.number()));
        }
    }

    private static final String OPEN_COUNTS = """
            SELECT p.number, COUNT(*) AS open
              FROM participant p JOIN conversation c ON c.id = p.conversation_id AND c.closed_at IS NULL
             WHERE p.line_id = ? AND p.left_at IS NULL AND p.number IN (??)
             GROUP BY p.number
            """;

    /// The same for who only asks.
    Map<String, Integer> openCounts(Connection connection, long lineId, Collection<String> numbers) {
        return Sql.map(
                connection,
                numbers,
                OPEN_COUNTS,
                row -> row.getString("number"),
                row -> row.getInt("open"),
                lineId,
                numbers);
    }

    Optional<Conversation> openDirect(Tx tx, long lineId, String number) {
        return openOf(tx, lineId, number).stream()
                .filter(each -> !each.isGroup())
                .findFirst();
    }

    private static final String LATEST_DIRECT = """
            SELECT c.line_id
              FROM participant p JOIN conversation c ON c.id = p.conversation_id
             WHERE p.number = ? AND c.kind = 'direct'
             ORDER BY c.active_at DESC, c.id DESC
            """;

    /// The lines of the direct conversations with a number, the one last used first.
    List<Long> linesOfDirect(Tx tx, String number) {
        return tx.list(LATEST_DIRECT, row -> row.getLong("line_id"), number);
    }

    /// The same for who only asks.
    List<Long> linesOfDirect(Connection connection, String number) {
        return Sql.list(connection, LATEST_DIRECT, row -> row.getLong("line_id"), number);
    }

    /// A participant to be.
    record Draft(String number, String name, Optional<Long> contactId, Optional<Participant.Snapshot> contact)
            implements Blocks.Person {
        static Draft bare(String number) {
            return new Draft(number, "", Optional.empty(), Optional.empty());
        }

        /// By its name, or by its number where it has none.
        String called() {
            return name.isEmpty() ? number : name;
        }
    }

    /// @param isNew false when it was there already
    public record Found(Conversation conversation, boolean isNew) {}

    private static final Rows DIRECT = Rows.inserted(
                    5, "conversation", "id, line_id, kind, relay, open_direct, created_at, created_by, active_at")
            .contended();

    /// The open direct conversation with a number on a line; made where there is none. One that is there belongs to
    /// whom it belonged to before: a contact that came to the number since gets it by [#linkDirect], which asks who
    /// may see it.
    public Found direct(Tx tx, long lineId, Draft with, Optional<Long> createdBy, Instant at) {
        var there = openDirect(tx, lineId, with.number());
        if (there.isPresent()) {
            return new Found(there.get(), false);
        }
        var begun = Conversation.begun(
                ids.next(),
                participantIds::next,
                lineId,
                Optional.empty(),
                Optional.empty(),
                Relay.NONE,
                Optional.empty(),
                List.of(with),
                at);
        tx.add(DIRECT, begun.id(), lineId, "direct", "none", with.number(), at, createdBy, at);
        return new Found(made(tx, begun), true);
    }

    private static final Rows PARTICIPANT = Rows.inserted(6, "participant", """
            id, conversation_id, line_id, place, contact_id, name, number, contact_name, contact_primary,
            contact_secondary
            """);

    private Conversation made(Tx tx, Conversation conversation) {
        for (var each : conversation.participants()) {
            tx.add(
                    PARTICIPANT,
                    each.id(),
                    conversation.id(),
                    conversation.lineId(),
                    each.place(),
                    each.contactId(),
                    each.name(),
                    each.number(),
                    each.contact().map(Participant.Snapshot::name),
                    each.contact().map(Participant.Snapshot::primaryNumber),
                    each.contact().flatMap(Participant.Snapshot::secondaryNumber));
        }
        known.put(tx, conversation.id(), conversation);
        forgetOpen(tx, conversation);
        return conversation;
    }

    private static final String LINK = """
            UPDATE participant
               SET contact_id = ?, name = IF(name = '', ?, name), contact_name = ?, contact_primary = ?,
                   contact_secondary = ?
             WHERE id = ? AND contact_id IS NULL
            """;

    /// Makes open direct conversations with a number that nobody owned this contact's: they have no
    /// relay that a frozen name would matter for.
    ///
    /// @param seen those that may be linked; names `conversation` as `c`
    void linkDirect(Tx tx, Contact contact, String number, Condition seen) {
        record Unlinked(long participantId, long conversationId) {}
        for (var each : tx.list(
                "SELECT p.id, p.conversation_id FROM participant p JOIN conversation c ON c.id = p.conversation_id"
                        + " WHERE p.number = ? AND p.contact_id IS NULL AND c.open_direct = p.number AND " + seen.sql()
                        + " ORDER BY p.id",
                row -> new Unlinked(row.getLong("id"), row.getLong("conversation_id")),
                number,
                seen.parameters())) {
            known.forget(tx, each.conversationId());
            tx.update(
                    LINK,
                    contact.id(),
                    contact.name(),
                    contact.name(),
                    contact.primaryNumber(),
                    contact.secondaryNumber(),
                    each.participantId());
        }
    }

    private static final Rows GROUP = Rows.inserted(
            5,
            "conversation",
            "id, line_id, kind, title, tag, relay, created_at, created_by, predecessor_id, active_at");

    /// The caller has locked the line and found the tag free.
    Conversation insertGroup(
            Tx tx,
            long lineId,
            Optional<String> title,
            int tag,
            Relay relay,
            List<Draft> participants,
            long createdBy,
            Optional<Long> predecessor,
            Instant at) {
        var begun = Conversation.begun(
                ids.next(),
                participantIds::next,
                lineId,
                title,
                Optional.of(tag),
                relay,
                predecessor,
                participants,
                at);
        tx.add(GROUP, begun.id(), lineId, "group", title, tag, relay.label(), at, createdBy, predecessor, at);
        return made(tx, begun);
    }

    private static final String TAGS = """
            SELECT DISTINCT c.tag FROM participant p JOIN conversation c ON c.id = p.conversation_id
             WHERE p.line_id = ? AND c.closed_at IS NULL AND c.tag IS NOT NULL AND p.number IN (??)
            """;

    /// The tags of all open groups of any of these numbers on a line.
    List<Integer> tagsInUse(Connection connection, long lineId, Collection<String> numbers) {
        return Sql.among(connection, numbers, TAGS, row -> row.getInt("tag"), lineId, numbers);
    }

    /// The open groups on these lines that include any of these numbers which has not left.
    List<Conversation> openGroupsOf(Connection connection, Collection<Long> lineIds, Collection<String> numbers) {
        return whole(
                connection,
                Sql.among(
                        connection,
                        numbers,
                        "SELECT " + COLUMNS + " FROM conversation c WHERE c.closed_at IS NULL AND c.kind = 'group'"
                                + " AND c.id IN (SELECT p.conversation_id FROM participant p WHERE p.left_at IS NULL"
                                + " AND p.number IN (??) AND p.line_id IN (" + Sql.marks(lineIds.size())
                                + ")) ORDER BY c.id",
                        ConversationStore::read,
                        numbers,
                        lineIds));
    }

    private static final String WITH_NUMBER =
            "SELECT " + PARTICIPANT_COLUMNS + " FROM participant p WHERE p.number = ? AND p.line_id = ? ORDER BY p.id";

    /// All participants with this number on this line.
    public List<Participant> withNumber(Tx tx, long lineId, String number) {
        return Sql.list(tx.connection(), WITH_NUMBER, ConversationStore::readParticipant, number, lineId);
    }

    private static final String IDS_OF_PERSON = """
            SELECT id FROM participant WHERE contact_id = ? UNION SELECT id FROM participant WHERE number IN (??)
            """;

    private static final String OF_PERSON =
            "SELECT " + PARTICIPANT_COLUMNS + " FROM participant p WHERE p.id IN (" + IDS_OF_PERSON + ") ORDER BY p.id";

    /// All participants, on any line, that came from a contact or have one of these numbers.
    List<Participant> ofPerson(Tx tx, long contactId, Collection<String> numbers) {
        return Sql.among(tx.connection(), numbers, OF_PERSON, ConversationStore::readParticipant, contactId, numbers);
    }

    private static final String OPEN_OF_PERSON =
            "SELECT DISTINCT c.id FROM conversation c JOIN participant p ON p.conversation_id = c.id"
                    + " WHERE c.closed_at IS NULL AND p.id IN (" + IDS_OF_PERSON + ") ORDER BY c.id";

    /// The ids of the open conversations among those that have a participant who came from a contact or
    /// has one of these numbers.
    List<Long> openOfPerson(Connection connection, long contactId, Collection<String> numbers) {
        return Sql.among(connection, numbers, OPEN_OF_PERSON, row -> row.getLong("id"), contactId, numbers);
    }

    private static final String SET_LEFT = "UPDATE participant SET left_at = ? WHERE id = ?";

    public void setLeft(Tx tx, Participant participant, Optional<Instant> leftAt) {
        known.forget(tx, participant.conversationId());
        tx.update(SET_LEFT, leftAt, participant.id());
    }

    private static final String CHANGE = "UPDATE conversation SET title = ?, relay = ? WHERE id = ?";

    void change(Tx tx, long id, Optional<String> title, Relay relay) {
        known.forget(tx, id);
        tx.update(CHANGE, title, relay.label(), id);
    }

    private static final String CLOSE = """
            UPDATE conversation SET closed_at = ?, open_direct = NULL WHERE id = ? AND closed_at IS NULL
            """;

    /// Closes an open one.
    ///
    /// @return false if it was closed already
    boolean close(Tx tx, long id, Instant at) {
        var before = current(tx, id);
        known.forget(tx, id);
        before.ifPresent(open -> forgetOpen(tx, open));
        return before.isPresent() && tx.update(CLOSE, at, id) == 1;
    }

    private static final String SUCCESSOR = "UPDATE conversation SET successor_id = ? WHERE id = ?";

    private static final String PREDECESSOR =
            "UPDATE conversation SET predecessor_id = ? WHERE id = ? AND predecessor_id IS NULL";

    void linkSuccessor(Tx tx, long id, long successor) {
        known.forget(tx, id);
        known.forget(tx, successor);
        tx.update(SUCCESSOR, successor, id);
        tx.update(PREDECESSOR, id, successor);
    }

    private static final Rows SPOKEN = Rows.updatedTo(44, "conversation", "id", "", "last_id, active_at");

    private static final Rows ACTIVITY =
            Rows.updated(45, "conversation", "id", "last_id, last_inbound_id, done_at, active_at");

    /// Notes the latest message.
    void spoken(Tx tx, Conversation conversation, long messageId, Instant at) {
        active(tx, conversation, now -> now.active(Optional.of(messageId), now.lastInbound(), now.doneAt(), at));
    }

    /// Notes the latest message, which somebody outside wrote: nobody is through with it any more.
    void heard(Tx tx, Conversation conversation, long messageId, Instant at) {
        active(
                tx,
                conversation,
                now -> now.active(Optional.of(messageId), Optional.of(messageId), Optional.empty(), at));
    }

    /// Notes an inbound message that waits to be placed and may belong here.
    void mayBeHere(Tx tx, Conversation conversation, long messageId, Instant at) {
        active(tx, conversation, now -> now.active(now.lastMessage(), Optional.of(messageId), Optional.empty(), at));
    }

    /// Brings it to the front of lists.
    void touch(Tx tx, Conversation conversation, Instant at) {
        active(tx, conversation, now -> now.active(now.lastMessage(), now.lastInbound(), now.doneAt(), at));
    }

    private void active(Tx tx, Conversation conversation, UnaryOperator<Conversation> change) {
        var before = current(tx, conversation.id()).orElse(conversation);
        var now = change.apply(before);
        var whole = tx.kept(ACTIVITY, HashSet<Long>::new); // a few columns after all of them would come before them
        if (now.lastInbound().equals(before.lastInbound())
                && now.doneAt().equals(before.doneAt())
                && !whole.contains(now.id())) {
            tx.add(SPOKEN, now.id(), now.lastMessage(), now.activeAt());
        } else {
            tx.add(ACTIVITY, now.id(), now.lastMessage(), now.lastInbound(), now.doneAt(), now.activeAt());
            whole.add(now.id());
        }
        known.put(tx, now.id(), now);
    }

    private static final String LOOK_FOR_LAST = """
            UPDATE conversation
               SET last_id = (SELECT MAX(id) FROM message WHERE conversation_id = conversation.id),
                   last_inbound_id = NULLIF(GREATEST(
                       COALESCE((SELECT id FROM message WHERE conversation_id = conversation.id
                                  AND direction = 'inbound' ORDER BY id DESC LIMIT 1), 0),
                       COALESCE((SELECT MAX(message_id) FROM message_candidate
                                  WHERE conversation_id = conversation.id), 0)), 0)
             WHERE id = ?
            """;

    /// Finds the latest messages anew, after one was placed or moved away.
    void lookForLast(Tx tx, long id) {
        known.forget(tx, id);
        tx.update(LOOK_FOR_LAST, id);
    }

    private static final String DONE = "UPDATE conversation SET done_at = ? WHERE id = ?";

    /// @param at since when a user is through with it; empty for not any more
    void setDone(Tx tx, long id, Optional<Instant> at) {
        known.forget(tx, id);
        tx.update(DONE, at, id);
    }

    /// Conversations in the order of their latest activity.
    ///
    /// @param where names `conversation` as `c`
    List<Conversation> page(Connection connection, Condition where, int limit) {
        return whole(
                connection,
                Sql.list(
                        connection,
                        "SELECT " + COLUMNS + " FROM conversation c WHERE " + where.sql()
                                + " ORDER BY c.active_at DESC, c.id DESC LIMIT ?",
                        ConversationStore::read,
                        where.parameters(),
                        limit));
    }

    /// The place of the last of the next conversations; empty where there are fewer.
    ///
    /// @param where names `conversation` as `c`
    /// @param count how many
    Optional<Place> last(Connection connection, Condition where, int count) {
        return Sql.first(
                connection,
                "SELECT c.active_at, c.id FROM conversation c WHERE " + where.sql()
                        + " ORDER BY c.active_at DESC, c.id DESC LIMIT 1 OFFSET ?",
                Place.reader("active_at", "id"),
                where.parameters(),
                count - 1);
    }
}
