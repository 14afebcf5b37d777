package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.contact.Contact;
import dev.parley.contact.ContactListener;
import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The conversations. Those with a `tx` join the caller's transaction; refused, they have written
/// nothing.
public final class Conversations implements ContactListener {

    /// Unread messages are counted up to this.
    public static final int UNREAD_MAX = 999;

    private final Store store;
    private final Lines lines;
    private final ConversationStore conversations;
    private final LineChoice choice;
    private final Roster roster;
    private final Blocks blocks;
    private final Views views;
    private final Sending sending;
    private final Messages posts;
    private final Reading reading;
    private final ConversationSettings settings;
    private final Clock clock;

    Conversations(
            Store store,
            Lines lines,
            ConversationStore conversations,
            LineChoice choice,
            Roster roster,
            Blocks blocks,
            Views views,
            Sending sending,
            Messages posts,
            Reading reading,
            ConversationSettings settings,
            Clock clock) {
        this.store = store;
        this.lines = lines;
        this.conversations = conversations;
        this.choice = choice;
        this.roster = roster;
        this.blocks = blocks;
        this.views = views;
        this.sending = sending;
        this.posts = posts;
        this.reading = reading;
        this.settings = settings;
        this.clock = clock;
    }

    public Outcome<Created> create(Account actor, NewConversation wanted) {
        return store.transaction(tx -> create(tx, actor, wanted));
    }

    /// Creates a group, or finds or creates the open direct conversation with one participant.
    public Outcome<Created> create(Tx tx, Account actor, NewConversation wanted) {
        var usable = choice.usable(actor, wanted.line());
        var fault = fault(wanted, usable);
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        var checked =
                roster.check(tx, actor, wanted.participants(), usable.getFirst().country());
        var refusal = checked.problem().or(() -> unassigned(actor, checked.assigned()));
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        var people = checked.people();
        if (people.size() == 1) {
            var line =
                    choice.forDirect(tx.connection(), usable, people.getFirst().number());
            var barred = barred(line, people);
            if (barred.isPresent()) {
                return Outcome.refused(barred.get());
            }
            return direct(tx, actor, line, people.getFirst(), wanted.text());
        }
        var line = choice.forGroup(
                tx.connection(),
                usable,
                people.stream().map(ConversationStore.Draft::number).toList());
        var barred = barred(line, people);
        if (barred.isPresent()) {
            return Outcome.refused(barred.get());
        }
        var blocked = blocks.ofNew(tx, line.id(), people);
        if (!blocked.isEmpty()) {
            return Outcome.refused(blockedProblem(people, blocked));
        }
        return group(
                tx,
                actor,
                line,
                people,
                wanted.title().flatMap(Texts::title),
                wanted.relay().orElse(settings.relay()),
                wanted.introduce(),
                wanted.text(),
                Optional.empty());
    }

    private Optional<Problem> fault(NewConversation wanted, List<Line> usable) {
        if (usable.isEmpty()) {
            return Optional.of(unknownLine(wanted.line()));
        }
        return sizeFault(wanted.participants().size(), settings)
                .or(() -> titleFault(wanted.title()))
                .or(() -> wanted.text().flatMap(text -> posts.fault(NewMessage.now(text))));
    }

    static Optional<Problem> sizeFault(int participants, ConversationSettings settings) {
        if (participants == 0) {
            return Optional.of(Problem.invalid(
                    "participants", "no-participants", "Name at least one participant, a contact or a number."));
        }
        int participantsMax = settings.maxPeople() - 1;
        return participants <= participantsMax
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "participants",
                        "too-many-participants",
                        "A group has at most " + settings.maxPeople() + " people, you included: " + participants
                                + " participants are too many, " + participantsMax + " are possible."));
    }

    static Problem unknownLine(Optional<Long> wanted) {
        return Problem.invalid(
                "line",
                "unknown-line",
                wanted.filter(id -> id > 0)
                        .map(id -> "There is no line " + id + " that you may use.")
                        .orElse(wanted.isPresent() ? "There is no such line." : "There is no line that you may use."));
    }

    static Optional<Problem> titleFault(Optional<String> title) {
        return title.filter(each -> Texts.isBroken(each)
                        || each.strip().codePointCount(0, each.strip().length()) > Texts.TITLE_MAX)
                .map(_ -> Problem.invalid(
                        "title",
                        "bad-title",
                        "A title has at most " + Texts.TITLE_MAX + " characters, none of them broken."));
    }

    static Optional<Problem> unassigned(Account actor, boolean assigned) {
        return actor.isAdmin() || actor.scope() == AccessScope.ALL || assigned
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "participants",
                        "not-assigned",
                        "You can write only to conversations that include a contact who is assigned to you; none of"
                                + " these people is."));
    }

    /// Those whom the line may not text at all, one reason each.
    private Optional<Problem> barred(Line line, List<ConversationStore.Draft> people) {
        var reasons = new ArrayList<Problem.Reason>();
        for (int i = 0; i < people.size(); i++) {
            settings.refusal(line, people.get(i).number(), "participants[" + i + "]")
                    .ifPresent(reasons::add);
        }
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        422,
                        reasons.getFirst().code(),
                        reasons.stream().map(Problem.Reason::detail).collect(Collectors.joining(" ")),
                        Optional.of(reasons.getFirst().field()),
                        reasons));
    }

    /// @param place where in the request somebody stands
    static Problem.Reason blockedReason(ConversationStore.Draft person, Block block, int place) {
        return new Problem.Reason(
                "participants[" + place + "]",
                block.label(),
                (person.name().isEmpty() ? person.number() : person.name()) + " " + block.phrase() + ".");
    }

    private static Problem blockedProblem(List<ConversationStore.Draft> people, Map<String, Block> blocked) {
        var reasons = new ArrayList<Problem.Reason>();
        for (int i = 0; i < people.size(); i++) {
            var person = people.get(i);
            var block = blocked.get(person.number());
            if (block != null) {
                reasons.add(blockedReason(person, block, i));
            }
        }
        return new Problem(
                422,
                "participant-blocked",
                String.join(" ", reasons.stream().map(Problem.Reason::detail).toList())
                        + " Create the group without them.",
                Optional.of(reasons.getFirst().field()),
                reasons);
    }

    private Outcome<Created> direct(
            Tx tx, Account actor, Line line, ConversationStore.Draft person, Optional<String> text) {
        if (text.isPresent()) {
            var refusal = posts.refusal(tx, line.id(), person, text.get());
            if (refusal.isPresent()) {
                return Outcome.refused(refusal.get());
            }
        }
        return switch (posts.openDirect(tx, actor, line.id(), person)) {
            case Outcome.Refused<ConversationStore.Found>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<ConversationStore.Found>(var found) -> {
                if (text.isPresent()) {
                    posts.say(tx, found.conversation(), actor, NewMessage.now(text.get()));
                }
                yield Outcome.done(
                        new Created(shown(tx, actor, found.conversation().id()), found.isNew()));
            }
        };
    }

    private ConversationView shown(Tx tx, Account viewer, long id) {
        sending.writeProgress(tx);
        return views.conversation(tx.connection(), conversations.current(tx, id).orElseThrow(), Optional.of(viewer));
    }

    /// The caller knows that nobody is blocked.
    private Outcome<Created> group(
            Tx tx,
            Account actor,
            Line line,
            List<ConversationStore.Draft> people,
            Optional<String> title,
            Relay relay,
            boolean introduce,
            Optional<String> text,
            Optional<Conversation> predecessor) {
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        int tag = Tags.smallestFree(conversations.tagsInUse(tx.connection(), line.id(), numbers));
        if (text.isPresent()) {
            var tooLong = posts.tooLong(sending.split(longestPrefix(tag) + text.get(), line.id()));
            if (tooLong.isPresent()) {
                return Outcome.refused(tooLong.get());
            }
        }
        var others = conversations.openGroupsOf(tx.connection(), List.of(line.id()), numbers);
        var created = conversations.insertGroup(
                tx,
                line.id(),
                title,
                tag,
                relay,
                people,
                Optional.of(actor.id()),
                predecessor.map(Conversation::id),
                clock.instant());
        sending.opened(tx, created.id());
        // Nobody sends in it yet, but somebody may be opting out: see the package's word on locks.
        var locked = conversations.current(tx, created.id()).orElseThrow();
        if (introduce) {
            sending.automatic(
                    tx,
                    locked,
                    locked.participants(),
                    MessageKind.INTRODUCTION,
                    Texts.introduction(locked, line.name()),
                    Optional.empty());
        }
        if (text.isPresent()) {
            posts.say(tx, locked, actor, NewMessage.now(text.get()));
        }
        return Outcome.done(new Created(
                shown(tx, actor, created.id())
                        .withShared(Optional.of(sharedWith(tx.connection(), actor, locked, others))),
                true));
    }

    /// What is accepted now must be sendable to everybody, whatever prefix it gets.
    static String longestPrefix(int tag) {
        return "[#" + tag + " " + "€".repeat(Texts.PREFIX_TITLE_MAX) + "] ";
    }

    private ConversationView.SharedWith sharedWith(
            Connection connection, Account viewer, Conversation created, List<Conversation> others) {
        var names = new LinkedHashMap<String, String>();
        var ids = new HashMap<String, Long>();
        for (var each : created.participants()) {
            names.put(
                    each.number(),
                    each.name().isEmpty() ? views.display(each.number(), created.lineId()) : each.name());
            ids.put(each.number(), each.id());
        }
        return choice.sharedWith(connection, viewer, names, ids, others);
    }

    /// Those with the latest activity first. Refused with `bad-cursor` only.
    public Outcome<Page<ConversationView>> list(Account viewer, ConversationFilter filter, PageRequest page) {
        var after = page.cursor().flatMap(Cursors::timed);
        if (page.cursor().isPresent() && after.isEmpty()) {
            return Outcome.refused(Cursors.bad());
        }
        return store.read(connection -> {
            var conditions = conditions(connection, viewer, filter);
            var from = after.map(at -> new ConversationStore.Cursor(at.at(), at.id()));
            var walk = filter.isNarrow()
                    ? new Walk(conversations.page(connection, conditions, from, page.limit() + 1), Optional.empty())
                    : walk(connection, conditions, from, page.limit() + 1);
            var found = walk.found;
            var characters = views.lastCharacters(connection, found);
            var shown = PageRequest.fitting(
                    found,
                    page.limit(),
                    each -> each.lastMessage()
                            .map(id -> characters.getOrDefault(id, 0))
                            .orElse(0));
            boolean more = found.size() > shown.size();
            return Outcome.done(new Page<>(
                    views.conversations(connection, shown, Optional.of(viewer)),
                    more
                            ? Optional.of(Cursors.of(
                                    shown.getLast().activeAt(), shown.getLast().id()))
                            : walk.end.map(end -> Cursors.of(end.activeAt(), end.id()))));
        });
    }

    /// Conversations that are looked at in one step.
    private static final int STEP = 2_000;

    /// After so long a page ends where it is, with a cursor behind which the list goes on.
    private static final Duration WALK_MAX = Duration.ofMillis(15);

    /// @param end where it goes on; empty where all was found that was wanted, or there is
    private record Walk(List<Conversation> found, Optional<ConversationStore.Cursor> end) {}

    /// Looks along the list, some at a time: what is found may be far down, or nowhere.
    private Walk walk(
            Connection connection, List<Condition> conditions, Optional<ConversationStore.Cursor> from, int limit) {
        long begun = System.nanoTime();
        var found = new ArrayList<Conversation>();
        var place = from;
        while (true) {
            var end = conversations.behind(connection, place, STEP);
            found.addAll(conversations.stretch(connection, conditions, place, end, limit - found.size()));
            if (end.isEmpty() || found.size() == limit) {
                return new Walk(found, Optional.empty());
            }
            if (System.nanoTime() - begun > WALK_MAX.toNanos()) {
                return new Walk(found, end);
            }
            place = end;
        }
    }

    private List<Condition> conditions(Connection connection, Account viewer, ConversationFilter filter) {
        var conditions = new ArrayList<Condition>();
        conditions.add(Access.of(viewer).conversations("c"));
        filter.line().ifPresent(id -> conditions.add(new Condition("(c.line_id = ?)", List.of(id))));
        filter.kind().ifPresent(kind -> conditions.add(new Condition("(c.kind = ?)", List.of(kind.label()))));
        filter.closed()
                .ifPresent(closed -> conditions.add(
                        new Condition(closed ? "(c.closed_at IS NOT NULL)" : "(c.closed_at IS NULL)", List.of())));
        filter.done()
                .ifPresent(done -> conditions.add(
                        new Condition(done ? "(c.done_at IS NOT NULL)" : "(c.done_at IS NULL)", List.of())));
        if (filter.unread()) {
            conditions.add(reading.unread(connection, viewer.id()));
        }
        if (filter.needs()) {
            conditions.add(ReadStore.needy());
        }
        filter.contact()
                .ifPresent(id -> conditions.add(new Condition(
                        "(c.id IN (SELECT conversation_id FROM participant WHERE contact_id = ?))", List.of(id))));
        filter.participant()
                .ifPresent(number -> conditions.add(new Condition(
                        "(c.id IN (SELECT conversation_id FROM participant WHERE number = ?))",
                        List.of(readNumber(number)))));
        filter.query().filter(query -> !query.isBlank()).ifPresent(query -> {
            var like = "%" + query.strip().replaceAll("([!%_])", "!$1") + "%";
            conditions.add(new Condition(
                    "(c.title COLLATE utf8mb4_unicode_520_ci LIKE ? ESCAPE '!' OR EXISTS (SELECT 1 FROM participant q"
                            + " WHERE q.conversation_id = c.id AND (q.number LIKE ? ESCAPE '!'"
                            + " OR q.name COLLATE utf8mb4_unicode_520_ci LIKE ? ESCAPE '!')))",
                    List.of(like, like, like)));
        });
        return conditions;
    }

    private String readNumber(String typed) {
        return readNumber(typed, lines);
    }

    /// A number as it is stored, where it is one.
    static String readNumber(String typed, Lines lines) {
        var country = lines.all().isEmpty() ? "US" : lines.all().getFirst().country();
        return switch (Numbers.parse(typed, country)) {
            case Numbers.Parsed.E164(var number) -> number;
            case Numbers.Parsed.ShortCode(var digits) -> digits;
            case Numbers.Parsed.Alphanumeric(var name) -> name;
            case Numbers.Parsed.Bad _ -> typed.strip();
        };
    }

    public Outcome<ConversationView> get(Account viewer, long id) {
        return store.read(connection -> {
            var found = visible(connection, viewer, id);
            return found.isPresent()
                    ? Outcome.done(views.conversation(connection, found.get(), Optional.of(viewer)))
                    : Outcome.refused(Problem.notFound());
        });
    }

    private Optional<Conversation> visible(Connection connection, Account viewer, long id) {
        var found = conversations.byId(connection, id);
        return found.isPresent() && Access.of(viewer).maySeeConversation(connection, id) ? found : Optional.empty();
    }

    public Outcome<ConversationView> change(Account actor, long id, ConversationChange change) {
        return store.transaction(tx -> change(tx, actor, id, change));
    }

    /// Title and relay mode can change while it is open; line and participants never.
    public Outcome<ConversationView> change(Tx tx, Account actor, long id, ConversationChange change) {
        if (visible(tx.connection(), actor, id).isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        if (change.locked()) {
            return Outcome.refused(Problem.conflict(
                    "conversation-locked",
                    "The line and the participants of a conversation never change. Create a new conversation, or make"
                            + " a successor of this one (POST /api/v1/conversations/" + id + "/successor)."));
        }
        var fault = titleFault(change.title().flatMap(title -> title));
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        var before = conversations.current(tx, id).orElseThrow();
        if (!before.isOpen()) {
            return Outcome.refused(Messages.closed());
        }
        if (!before.isGroup() && change.relay().isPresent()) {
            return Outcome.refused(Problem.conflict(
                    "conversation-direct", "A conversation with one participant has nobody to relay replies to."));
        }
        var title = change.title().isPresent() ? change.title().get().flatMap(Texts::title) : before.title();
        var relay = change.relay().orElse(before.relay());
        boolean done = change.done().orElse(before.doneAt().isPresent());
        if (done != before.doneAt().isPresent()) {
            conversations.setDone(tx, id, done ? Optional.of(clock.instant()) : Optional.empty());
            sending.updated(tx, id);
        }
        if (!title.equals(before.title()) || relay != before.relay()) {
            conversations.change(tx, id, title, relay);
            sending.updated(tx, id);
        }
        return Outcome.done(shown(tx, actor, id));
    }

    public Outcome<ConversationView> close(Account actor, long id) {
        return store.transaction(tx -> close(tx, actor, id));
    }

    /// From now on it is read-only, and its tag is free. What is on its way goes on. Closing it again
    /// changes nothing.
    public Outcome<ConversationView> close(Tx tx, Account actor, long id) {
        if (visible(tx.connection(), actor, id).isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        if (conversations.close(tx, id, clock.instant())) {
            sending.updated(tx, id);
        }
        return Outcome.done(shown(tx, actor, id));
    }

    public Outcome<Created> successor(Account actor, long id) {
        return store.transaction(tx -> successor(tx, actor, id));
    }

    /// A new conversation without those who are blocked, linked both ways; the old one is closed. With
    /// one person left it is the direct conversation.
    public Outcome<Created> successor(Tx tx, Account actor, long id) {
        var found = visible(tx.connection(), actor, id);
        if (found.isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        var line = lines.all().stream()
                .filter(each -> each.id() == found.get().lineId())
                .findFirst();
        if (line.isEmpty()) {
            return Outcome.refused(Problem.conflict(
                    "line-gone", "The line of this conversation is not configured any more; create a new one."));
        }
        var old = conversations.current(tx, id).orElseThrow();
        var blocked = blocks.of(tx, old);
        var left = old.participants().stream()
                .filter(each -> !blocked.containsKey(each.id()))
                .toList();
        var refusal = successorRefusal(tx.connection(), actor, old, left);
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        var people = left.stream()
                .map(each -> new ConversationStore.Draft(each.number(), each.name(), each.contactId(), each.contact()))
                .toList();
        return switch (made(tx, actor, line.get(), people, old)) {
            case Outcome.Refused<Created>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<Created>(var created) -> {
                long successor = Long.parseLong(created.conversation().id());
                conversations.close(tx, id, clock.instant());
                conversations.linkSuccessor(tx, id, successor);
                sending.updated(tx, id);
                if (!created.isNew()) {
                    sending.updated(tx, successor);
                }
                var shared = created.conversation().sharedWith();
                var view = shown(tx, actor, successor);
                yield Outcome.done(new Created(view.withShared(shared), created.isNew()));
            }
        };
    }

    /// What follows on a group for those who are left. A new group may have the tag of the old one, so
    /// that is closed first; there is nothing that could refuse it any more.
    private Outcome<Created> made(
            Tx tx, Account actor, Line line, List<ConversationStore.Draft> people, Conversation old) {
        if (people.size() == 1) {
            return direct(tx, actor, line, people.getFirst(), Optional.empty());
        }
        conversations.close(tx, old.id(), clock.instant());
        return group(tx, actor, line, people, old.title(), old.relay(), false, Optional.empty(), Optional.of(old));
    }

    private Optional<Problem> successorRefusal(
            Connection connection, Account actor, Conversation old, List<Participant> left) {
        if (!old.isGroup()) {
            return Optional.of(
                    Problem.conflict("conversation-direct", "A conversation with one participant needs no successor."));
        }
        if (old.successor().isPresent()) {
            return Optional.of(Problem.conflict(
                    "has-successor",
                    "This conversation has a successor already: "
                            + old.successor().get() + "."));
        }
        if (left.isEmpty()) {
            return Optional.of(Problem.conflict(
                    "all-blocked",
                    "Everybody in this group is blocked: " + Messages.names(old, old.participants())
                            + ". Nobody is left for a successor."));
        }
        var contactIds =
                left.stream().flatMap(each -> each.contactId().stream()).toList();
        boolean assigned = !contactIds.isEmpty()
                && !Sql.list(
                                connection,
                                "SELECT id FROM contact WHERE assigned_to = ? AND id IN ("
                                        + Sql.marks(contactIds.size()) + ")",
                                row -> row.getLong("id"),
                                actor.id(),
                                contactIds)
                        .isEmpty();
        return unassigned(actor, assigned);
    }

    /// What a contact's change means here: who has come on Do Not Disturb is blocked at once; labels
    /// and access change; an open direct conversation with a number that nobody owned is this contact's
    /// from now on, if its maker may see that conversation.
    @Override
    public void changed(Tx tx, Optional<Account> actor, Optional<Contact> before, Contact after) {
        var numbers = new LinkedHashSet<String>();
        numbers.add(after.primaryNumber());
        after.secondaryNumber().ifPresent(numbers::add);
        if (!after.deleted() && actor.isPresent()) {
            var seen = Access.of(actor.get()).conversations("c");
            for (var number : numbers) {
                conversations.linkDirect(tx, after, number, seen);
            }
        }
        before.ifPresent(contact -> {
            numbers.add(contact.primaryNumber());
            contact.secondaryNumber().ifPresent(numbers::add);
        });
        blocks.changed(tx, after.id(), numbers);
        roster.changed(tx, numbers);
        if (after.dnd()) {
            sending.recheck(tx, conversations.ofPerson(tx, after.id(), numbers));
        }
        for (long id : conversations.openOfPerson(tx.connection(), after.id(), numbers)) {
            sending.updated(tx, id);
        }
    }
}
