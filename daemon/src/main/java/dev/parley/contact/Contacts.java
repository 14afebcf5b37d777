package dev.parley.contact;

import dev.parley.account.Access;
import dev.parley.account.AccessNews;
import dev.parley.account.Account;
import dev.parley.account.AccountListener;
import dev.parley.account.Accounts;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The contacts.
public final class Contacts implements AccountListener {
    static final int NAME_CHARACTERS_MAX = 100;

    /// Words of a search that count; each is one more condition.
    private static final int SEARCH_WORDS_MAX = 8;

    private final Store store;
    private final EventLog events;
    private final Accounts accounts;
    private final AccessNews access;
    private final Clock clock;
    private final String country;
    private final List<ContactListener> listeners = new CopyOnWriteArrayList<>();

    /// @param country how numbers without `+` are read: the first line's, ISO 3166-1 alpha-2, upper case
    public Contacts(Store store, EventLog events, Accounts accounts, Clock clock, String country) {
        this.store = store;
        this.events = events;
        this.accounts = accounts;
        this.clock = clock;
        this.country = country;
        this.access = new AccessNews(events);
        accounts.listen(this);
        accounts.listen(access);
    }

    /// To be called before the first change.
    public void listen(ContactListener listener) {
        listeners.add(listener);
    }

    public ContactView view(Contact contact) {
        return views(List.of(contact)).getFirst();
    }

    public List<ContactView> views(List<Contact> shown) {
        return store.read(connection -> views(connection, shown));
    }

    private List<ContactView> views(Connection connection, List<Contact> shown) {
        var users = accounts.names(
                connection,
                shown.stream()
                        .flatMap(contact -> contact.assignedTo().stream())
                        .distinct()
                        .toList());
        return shown.stream()
                .map(contact -> ContactView.of(contact, country, users))
                .toList();
    }

    /// How numbers without `+` are read.
    public String country() {
        return country;
    }

    private static final String COLUMNS = """
            contact.id, contact.name, contact.primary_number, contact.secondary_number, contact.assigned_to,
            contact.dnd, contact.deleted_at IS NOT NULL AS deleted
            """;

    private static Contact read(ResultSet row) throws SQLException {
        return new Contact(
                row.getLong("id"),
                row.getString("name"),
                row.getString("primary_number"),
                Sql.maybeText(row, "secondary_number"),
                Sql.maybeLong(row, "assigned_to"),
                row.getBoolean("dnd"),
                row.getBoolean("deleted"));
    }

    private static final String BY_ID = "SELECT " + COLUMNS + " FROM contact WHERE contact.id = ?";

    /// The contact with this id, deleted or not, whoever may see it.
    public Optional<Contact> byId(Connection connection, long id) {
        return Sql.first(connection, BY_ID, Contacts::read, id);
    }

    /// The contact with this id, deleted or not, if `viewer` may see it.
    public Optional<Contact> visible(Connection connection, Account viewer, long id) {
        return byId(connection, id).filter(contact -> Access.of(viewer).maySeeContact(contact.assignedTo()));
    }

    public Optional<Contact> visible(Account viewer, long id) {
        return store.read(connection -> visible(connection, viewer, id));
    }

    /// The contacts, not deleted, that own this number, whoever may see them: those whose primary number it is
    /// first, then the older one.
    ///
    /// @param e164 with `+`
    public List<Contact> byNumber(Connection connection, String e164) {
        return byNumbers(connection, List.of(e164)).getOrDefault(e164, List.of());
    }

    /// The same for each of these numbers; nothing for one that nobody owns.
    public Map<String, List<Contact>> byNumbers(Connection connection, Collection<String> numbers) {
        var padded = Sql.padded(ownable(numbers));
        if (padded.isEmpty()) {
            return Map.of();
        }
        record Owned(String number, Contact contact) {}
        var in = " IN (" + Sql.marks(padded.size()) + ") AND contact.deleted_at IS NULL";
        return Sql.list(
                        connection,
                        "SELECT " + COLUMNS + ", 0 AS place, contact.primary_number AS owned FROM contact"
                                + " WHERE contact.primary_number" + in + " UNION ALL SELECT " + COLUMNS
                                + ", 1 AS place, contact.secondary_number AS owned FROM contact"
                                + " WHERE contact.secondary_number" + in + " ORDER BY place, id",
                        row -> new Owned(row.getString("owned"), read(row)),
                        padded,
                        padded)
                .stream()
                .collect(Collectors.groupingBy(Owned::number, Collectors.mapping(Owned::contact, Collectors.toList())));
    }

    /// Without short codes and names, in whatever letters: no contact has one.
    private static List<String> ownable(Collection<String> senders) {
        return senders.stream().filter(each -> each.startsWith("+")).toList();
    }

    /// Those of these numbers that are on Do Not Disturb, because a contact that owns them is, be it deleted.
    ///
    /// @param senders E.164 with `+`; short codes and names among them belong to nobody
    public Set<String> onDoNotDisturb(Connection connection, Collection<String> senders) {
        var numbers = ownable(senders);
        if (numbers.isEmpty()) {
            return Set.of();
        }
        var marks = Sql.marks(numbers.size());
        var sql = "SELECT primary_number AS number FROM contact WHERE dnd AND primary_number IN (" + marks + ")"
                + " UNION SELECT secondary_number FROM contact WHERE dnd AND secondary_number IN (" + marks + ")";
        return Set.copyOf(Sql.list(connection, sql, row -> row.getString("number"), numbers, numbers));
    }

    /// A place in a list of contacts.
    ///
    /// @param rank how well it matches a search: 0 is best
    /// @param fold the name as names are compared
    public record Place(int rank, String fold, long id) {
        private List<Object> values(Order order, boolean all) {
            var values = new ArrayList<Object>(all ? List.of() : List.of(rank, rank));
            values.addAll(order == Order.NAME ? List.of(fold, fold, id) : List.of(id));
            return values;
        }
    }

    /// A contact with its place in the list.
    public record Found(Contact contact, Place place) {}

    /// In which order contacts are listed that match a search alike.
    public enum Order {
        NEWEST,
        NAME
    }

    /// Names that a word of the search is, or begins, come before those that just have it somewhere.
    private static final String RANK = """
            CASE WHEN name_fold = ? THEN 0 WHEN name_fold LIKE ? ESCAPE '!' THEN 1
                 WHEN name_fold LIKE ? ESCAPE '!' THEN 2 ELSE 3 END
            """;

    /// The contacts, not deleted, that `viewer` may see: the best matches first.
    ///
    /// @param search words that all occur in the name, in any case and without accents, or any spelling of a
    /// number or of at least three digits of one; blank for all
    /// @param after the place of the last one seen
    public List<Found> find(Account viewer, String search, Order order, Optional<Place> after, int limit) {
        var access = Access.of(viewer).contacts("contact");
        var folded = Names.fold(search);
        var words = Arrays.stream(folded.split(" "))
                .filter(word -> !word.isEmpty())
                .limit(SEARCH_WORDS_MAX)
                .map(word -> "%" + escaped(word) + "%")
                .toList();
        var digits = Numbers.searchDigits(search, country).stream()
                .flatMap(each -> Stream.of("%" + each + "%", "%" + each + "%"))
                .toList();
        boolean all = words.isEmpty();
        var whole = escaped(folded);
        var matching =
                " AND ((" + String.join(" AND ", Collections.nCopies(words.size(), "name_fold LIKE ? ESCAPE '!'")) + ")"
                        + " OR primary_number LIKE ? OR secondary_number LIKE ?".repeat(digits.size() / 2) + ")";
        var sql = "SELECT " + COLUMNS + ", contact.name_fold, " + (all ? "0" : RANK)
                + " AS place FROM contact WHERE contact.deleted_at IS NULL AND " + access.sql()
                + (all ? "" : matching)
                + (after.isPresent() ? behind(order, all) : "")
                + " ORDER BY " + (all ? "" : "place, ")
                + (order == Order.NAME ? "contact.name_fold, contact.id" : "contact.id DESC") + " LIMIT ?";
        return store.read(connection -> Sql.list(
                connection,
                sql,
                row -> new Found(
                        read(row), new Place(row.getInt("place"), row.getString("name_fold"), row.getLong("id"))),
                all ? List.of() : List.of(folded, whole + "%", "% " + whole + "%"),
                access.parameters(),
                words,
                digits,
                after.map(place -> place.values(order, all)).orElse(List.of()),
                limit));
    }

    private static String escaped(String text) {
        return text.replaceAll("([!%_])", "!$1");
    }

    /// `HAVING`, because a place is worked out and no column.
    private static String behind(Order order, boolean all) {
        var behind = order == Order.NAME ? "(name_fold > ? OR (name_fold = ? AND contact.id > ?))" : "contact.id < ?";
        return all
                ? " AND " + behind
                : " HAVING (place > ? OR (place = ? AND " + behind.replace("contact.id", "id") + "))";
    }

    public Outcome<Contact> create(Account actor, NewContact wanted) {
        return store.transaction(tx -> creatable(tx, actor, wanted).map(fields -> insert(tx, actor, fields)));
    }

    /// What [#create] would write; writes nothing. The id of the result means nothing.
    Outcome<Contact> creatable(Tx tx, Account actor, NewContact wanted) {
        return fields(0, wanted, false)
                .map(fields -> actor.seesAssignedOnly() && fields.assignedTo().isEmpty()
                        ? fields.assigned(Optional.of(actor.id()))
                        : fields)
                .then(fields -> Outcome.unless(fault(tx, actor, Optional.empty(), fields), () -> Outcome.done(fields)));
    }

    /// Changes what is given. A deleted contact can still be taken off Do Not Disturb or be put on it, nothing else.
    public Outcome<Contact> change(Account actor, long id, ContactChange change) {
        return store.transaction(
                tx -> changeable(tx, actor, id, change).map(changed -> update(tx, Optional.of(actor), changed)));
    }

    /// A contact that is to be changed.
    record Changed(Contact before, Contact after) {}

    /// What [#change] would write; locks the contact and writes nothing.
    Outcome<Changed> changeable(Tx tx, Account actor, long id, ContactChange change) {
        return lock(tx, actor, id).then(before -> {
            if (before.deleted() && !change.onlyDnd()) {
                return Outcome.refused(Problem.conflict(
                        "contact-deleted",
                        "This contact is deleted; only its Do Not Disturb can be changed. Create a new contact."));
            }
            return fields(id, change.of(before), before.deleted())
                    .then(after -> Outcome.unless(
                            fault(tx, actor, Optional.of(before), after),
                            () -> Outcome.done(new Changed(before, after))));
        });
    }

    /// Deleting what is deleted changes nothing and is no mistake.
    public Outcome<Contact> delete(Account actor, long id) {
        return store.transaction(tx ->
                lock(tx, actor, id).map(before -> update(tx, Optional.of(actor), new Changed(before, before.gone()))));
    }

    private static final String ASSIGNED =
            "SELECT " + COLUMNS + " FROM contact WHERE contact.assigned_to = ? FOR UPDATE";

    /// Contacts of a deleted user are nobody's: admins and members with scope `all` see them and can assign them
    /// anew.
    @Override
    public void deleted(Tx tx, Account account) {
        for (var contact : tx.list(ASSIGNED, Contacts::read, account.id())) {
            update(tx, Optional.empty(), new Changed(contact, contact.assigned(Optional.empty())));
        }
    }

    /// Checks and normalises.
    private Outcome<Contact> fields(long id, NewContact wanted, boolean deleted) {
        var name = wanted.name().strip();
        int characters = name.codePointCount(0, name.length());
        if (characters < 1
                || characters > NAME_CHARACTERS_MAX
                || name.codePoints().anyMatch(Contacts::isUnprintable)) {
            return Outcome.refused(Problem.invalid(
                    "name",
                    "bad-name",
                    "A contact's name has 1 to " + NAME_CHARACTERS_MAX + " characters, in one line."));
        }
        return textable("primaryNumber", wanted.primaryNumber())
                .then(primary -> secondary(wanted, primary)
                        .map(second ->
                                new Contact(id, name, primary, second, wanted.assignedTo(), wanted.dnd(), deleted)));
    }

    private Outcome<Optional<String>> secondary(NewContact wanted, String primary) {
        var given = wanted.secondaryNumber().filter(number -> !number.isBlank());
        if (given.isEmpty()) {
            return Outcome.done(given);
        }
        return textable("secondaryNumber", given.get())
                .then(number -> number.equals(primary)
                        ? Outcome.refused(Problem.invalid(
                                "secondaryNumber",
                                "same-number",
                                "The secondary number is the same as the primary one: " + number + "."))
                        : Outcome.done(Optional.of(number)));
    }

    /// Line ends and other controls would spoil a relayed `Name: text`; a lone surrogate is no text at all.
    private static boolean isUnprintable(int character) {
        return Character.isISOControl(character)
                || Character.getType(character) == Character.SURROGATE
                || Character.getType(character) == Character.LINE_SEPARATOR
                || Character.getType(character) == Character.PARAGRAPH_SEPARATOR;
    }

    private Outcome<String> textable(String field, String text) {
        return switch (Numbers.parse(text, country)) {
            case Numbers.Parsed.E164(var e164) -> Outcome.done(e164);
            case Numbers.Parsed.ShortCode(var digits) ->
                badNumber(
                        field,
                        digits + " is a short code, or a number without its area code; expected a whole number such as"
                                + " +12025550111.");
            case Numbers.Parsed.Alphanumeric(var name) ->
                badNumber(field, name + " is a name, not a number; expected one such as +12025550111.");
            case Numbers.Parsed.Bad bad -> badNumber(field, bad.sentence());
        };
    }

    private static Outcome<String> badNumber(String field, String sentence) {
        return Outcome.refused(Problem.invalid(field, "bad-number", sentence));
    }

    /// Why `actor` may not write this in place of what was before.
    private Optional<Problem> fault(Tx tx, Account actor, Optional<Contact> before, Contact after) {
        return assignmentFault(tx, actor, before.flatMap(Contact::assignedTo), after.assignedTo())
                .or(() -> reachFault(tx, actor, before, after));
    }

    /// A member that sees only its own contacts can give none away and take none: it could see neither before nor
    /// after.
    private Optional<Problem> assignmentFault(Tx tx, Account actor, Optional<Long> before, Optional<Long> after) {
        boolean own = after.filter(id -> id == actor.id()).isPresent();
        if (before.equals(after) || (after.isEmpty() && !actor.seesAssignedOnly())) {
            return Optional.empty();
        }
        if (actor.seesAssignedOnly() && !own) {
            return Optional.of(new Problem(
                    403,
                    "forbidden",
                    "You see only contacts that are assigned to you, and cannot assign them to somebody else.",
                    Optional.of("assignedTo")));
        }
        return accounts.byId(tx.connection(), after.orElseThrow()).isPresent()
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "assignedTo", "unknown-user", "There is no user with the id " + after.get() + "."));
    }

    /// A contact reaches into every conversation of its numbers: who it is assigned to sees them, and its Do Not
    /// Disturb
    /// holds there. So a change that would reach into one that its maker may not see is somebody else's to make;
    /// otherwise a member could write down a stranger's number and read, or silence, what is none of its business.
    private Optional<Problem> reachFault(Tx tx, Account actor, Optional<Contact> before, Contact after) {
        var access = Access.of(actor);
        var added = new ArrayList<>(after.numbers());
        before.ifPresent(contact -> added.removeAll(contact.numbers()));
        for (var number : added) {
            boolean somebodys = byNumber(tx.connection(), number).stream()
                    .anyMatch(owner -> !access.maySeeContact(owner.assignedTo()));
            if (somebodys || !access.seesAllOf(tx.connection(), 0, List.of(number))) {
                return Optional.of(new Problem(
                        403,
                        "number-elsewhere",
                        "The number " + number + " is somebody's, or in a conversation, that you may not see."
                                + " Ask an admin to write it down and to assign it to you.",
                        Optional.of(number.equals(after.primaryNumber()) ? "primaryNumber" : "secondaryNumber")));
            }
        }
        boolean given = after.assignedTo().isPresent()
                && !before.flatMap(Contact::assignedTo).equals(after.assignedTo());
        boolean silenced = before.map(Contact::dnd).orElse(false) != after.dnd();
        if ((given || silenced) && !access.seesAllOf(tx.connection(), after.id(), after.numbers())) {
            return Optional.of(new Problem(
                    403,
                    "conversations-elsewhere",
                    after.name() + " is in conversations that you may not see, so that "
                            + (silenced ? "Do Not Disturb" : "the assignment")
                            + " is not yours to change. Ask an admin.",
                    Optional.of(silenced ? "dnd" : "assignedTo")));
        }
        return Optional.empty();
    }

    private static Outcome<Contact> lock(Tx tx, Account actor, long id) {
        return Outcome.found(tx.first(BY_ID + " FOR UPDATE", Contacts::read, id)
                .filter(contact -> Access.of(actor).maySeeContact(contact.assignedTo())));
    }

    private static final String INSERT = """
            INSERT INTO contact (name, name_fold, primary_number, secondary_number, assigned_to, dnd, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    /// Writes what is [#creatable].
    Contact insert(Tx tx, Account actor, Contact fields) {
        var after = fields.withId(tx.insert(INSERT, values(fields), clock.instant()));
        tell(tx, Optional.of(actor), Optional.empty(), after);
        return after;
    }

    /// Of the columns that [#INSERT] and [#UPDATE] begin with.
    private static List<Object> values(Contact contact) {
        return List.of(
                contact.name(),
                Names.fold(contact.name()),
                contact.primaryNumber(),
                contact.secondaryNumber(),
                contact.assignedTo(),
                contact.dnd());
    }

    private static final String UPDATE = """
            UPDATE contact
               SET name = ?, name_fold = ?, primary_number = ?, secondary_number = ?, assigned_to = ?, dnd = ?,
                   deleted_at = IF(?, COALESCE(deleted_at, ?), NULL)
             WHERE id = ?
            """;

    /// Writes a change, be it [#changeable] or one to what nobody may wish for.
    Contact update(Tx tx, Optional<Account> actor, Changed changed) {
        var after = changed.after();
        if (!after.equals(changed.before())) {
            tx.update(UPDATE, values(after), after.deleted(), clock.instant(), after.id());
            tell(tx, actor, Optional.of(changed.before()), after);
        }
        return after;
    }

    private static final String OWNING = "SELECT " + COLUMNS + " FROM contact"
            + " WHERE contact.primary_number = ? OR contact.secondary_number = ? ORDER BY contact.id FOR UPDATE";

    /// All that have a number, the deleted ones too.
    List<Contact> owning(Tx tx, String number) {
        return tx.list(OWNING, Contacts::read, number, number);
    }

    private void tell(Tx tx, Optional<Account> actor, Optional<Contact> before, Contact after) {
        var assignedBefore = before.flatMap(Contact::assignedTo);
        // Who is assigned a new contact learns of it as of any other change.
        if (before.isPresent() && !assignedBefore.equals(after.assignedTo())) {
            for (var user : List.of(assignedBefore, after.assignedTo())) {
                user.flatMap(id -> accounts.byId(tx.connection(), id))
                        .filter(Account::seesAssignedOnly)
                        .ifPresent(member -> access.tell(tx, member));
            }
        }
        for (var listener : listeners) {
            listener.changed(tx, actor, before, after);
        }
        events.append(
                tx,
                EventType.CONTACT_UPDATED,
                Scope.ofContact(after.id()),
                views(tx.connection(), List.of(after)).getFirst());
    }
}
