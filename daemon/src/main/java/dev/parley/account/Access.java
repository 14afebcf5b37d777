package dev.parley.account;

import dev.parley.event.Event;
import dev.parley.event.Scope;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// The access rule, whole, for one user as it is now:
///
/// * an admin sees everything;
/// * a member with scope `all` sees every conversation on the lines it was given (none given: all lines) and every
///   contact;
/// * a member with scope `assigned` sees only those of them that include a contact now assigned to it, deleted or not,
///   and only those contacts.
///
/// What a user may not see does not exist for it. The conditions name columns of `conversation` (`id`, `line_id`),
/// `participant` (`conversation_id`, `contact_id`) and `contact` (`id`, `assigned_to`).
public record Access(Account account) {

    public static Access of(Account account) {
        return new Access(account);
    }

    private boolean everyLine() {
        return account.isAdmin() || account.lines().isEmpty();
    }

    /// Whether this user sees every conversation of the lines that it may see, whoever takes part.
    public boolean seesWholeLines() {
        return !account.seesAssignedOnly();
    }

    /// Whether this user sees everything.
    public boolean seesAll() {
        return everyLine() && !account.seesAssignedOnly();
    }

    public boolean maySeeLine(long lineId) {
        return everyLine() || account.lines().contains(lineId);
    }

    /// Whether this user may see a contact.
    ///
    /// @param assignedTo the id of the user whom the contact is assigned to
    public boolean maySeeContact(Optional<Long> assignedTo) {
        return !account.seesAssignedOnly()
                || assignedTo.filter(id -> id == account.id()).isPresent();
    }

    /// The conversations this user may see.
    ///
    /// @param alias of the table `conversation` in the query
    public Condition conversations(String alias) {
        var lines = everyLine()
                ? Condition.ALWAYS
                : Condition.in(
                        alias + ".line_id", account.lines().stream().sorted().toList());
        if (!account.seesAssignedOnly()) {
            return lines;
        }
        return lines.and(new Condition(
                "(" + alias + ".id IN (SELECT seen_participant.conversation_id FROM contact AS seen_contact"
                        + " JOIN participant AS seen_participant ON seen_participant.contact_id = seen_contact.id"
                        + " WHERE seen_contact.assigned_to = ?))",
                List.of(account.id())));
    }

    /// The contacts this user may see.
    ///
    /// @param alias of the table `contact` in the query
    public Condition contacts(String alias) {
        return account.seesAssignedOnly()
                ? new Condition("(" + alias + ".assigned_to = ?)", List.of(account.id()))
                : Condition.ALWAYS;
    }

    /// Whether there is this conversation, and this user may see it.
    public boolean maySeeConversation(Connection connection, long conversationId) {
        return !found(connection, "conversation", conversations("conversation"), List.of(conversationId))
                .isEmpty();
    }

    /// Whether this user may see all that something is about.
    public boolean maySee(Connection connection, Scope scope) {
        return visible(connection, List.of(scope)).test(scope);
    }

    /// Whether this user sees every conversation that a contact takes part in, and every open one in which one of these
    /// numbers does. Who owns a number, whom a contact is assigned to and who is on Do Not Disturb decide in all of
    /// them who sees and who gets what: so only who sees all of them may change it.
    ///
    /// @param contactId 0 for a contact that is not there yet
    /// @param numbers one at least
    public boolean seesAllOf(Connection connection, long contactId, Collection<String> numbers) {
        if (seesAll()) {
            return true;
        }
        var rule = conversations("c");
        var places = "SELECT 1 FROM participant p JOIN conversation c ON c.id = p.conversation_id WHERE ";
        var unseen = " AND NOT " + rule.sql();
        var sql = places + "p.contact_id = ?" + unseen + " UNION ALL " + places + "p.number IN ("
                + Sql.marks(numbers.size()) + ") AND c.closed_at IS NULL" + unseen + " LIMIT 1";
        return Sql.first(
                        connection, sql, row -> row.getInt(1), contactId, rule.parameters(), numbers, rule.parameters())
                .isEmpty();
    }

    /// Those events that this user may read, in their order. Asks the database at most twice, and not at all for
    /// who sees everything.
    public List<Event> readable(Store store, List<Event> all) {
        var events = all.stream()
                .filter(event -> event.scope().accountId() == 0 || event.scope().accountId() == account.id())
                .toList();
        if (seesAll() || events.isEmpty()) {
            return events;
        }
        var scopes = events.stream().map(Event::scope).toList();
        var visible = store.read(connection -> visible(connection, scopes));
        return events.stream().filter(event -> visible.test(event.scope())).toList();
    }

    /// Tells of each of these whether this user may see all that it is about.
    private Predicate<Scope> visible(Connection connection, List<Scope> scopes) {
        var conversations =
                visible(connection, "conversation", conversations("conversation"), ids(scopes, Scope::conversationId));
        var contacts = visible(connection, "contact", contacts("contact"), ids(scopes, Scope::contactId));
        return scope -> (scope.lineId() == 0 || maySeeLine(scope.lineId()))
                && (scope.conversationId() == 0 || conversations.contains(scope.conversationId()))
                && (scope.contactId() == 0 || contacts.contains(scope.contactId()));
    }

    private static List<Long> ids(List<Scope> scopes, ToLongFunction<Scope> id) {
        return scopes.stream()
                .mapToLong(id)
                .filter(each -> each != 0)
                .distinct()
                .boxed()
                .toList();
    }

    private static Set<Long> visible(Connection connection, String table, Condition rule, List<Long> ids) {
        return ids.isEmpty() || rule.equals(Condition.ALWAYS) ? Set.copyOf(ids) : found(connection, table, rule, ids);
    }

    private static Set<Long> found(Connection connection, String table, Condition rule, List<Long> ids) {
        var condition = Condition.in(table + ".id", ids).and(rule);
        return Set.copyOf(Sql.list(
                connection,
                "SELECT id FROM " + table + " WHERE " + condition.sql(),
                row -> row.getLong("id"),
                condition.parameters()));
    }
}
