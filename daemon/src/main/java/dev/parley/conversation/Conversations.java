package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.contact.Contact;
import dev.parley.contact.ContactListener;
import dev.parley.line.Line;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The conversations. A change that is refused has written nothing.
public final class Conversations implements ContactListener {

    /// Unread messages are counted up to this.
    public static final int UNREAD_MAX = 999;

    private final Store store;
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

    /// Creates a group, or finds or creates the open direct conversation with one participant.
    public Outcome<Created> create(Account actor, NewConversation wanted) {
        return store.transaction(tx -> {
            var usable = choice.usable(actor, wanted.line());
            return Outcome.unless(fault(wanted, usable), () -> {
                var checked = roster.check(
                        tx, actor, wanted.participants(), usable.getFirst().country());
                return Outcome.unless(
                        checked.problem().or(() -> unassigned(actor, checked.assigned())),
                        () -> create(
                                tx, actor, wanted, choice.line(tx.connection(), usable, checked.people()), checked));
            });
        });
    }

    private Outcome<Created> create(Tx tx, Account actor, NewConversation wanted, Line line, Roster.Checked checked) {
        var people = checked.people();
        boolean isDirect = people.size() == 1;
        return Outcome.unless(
                Problem.of(barred(line, checked, settings))
                        .or(() -> isDirect ? Optional.empty() : blocked(checked, blocks.ofNew(tx, line.id(), people))),
                () -> isDirect
                        ? direct(tx, actor, line, people.getFirst(), wanted.text())
                        : group(tx, actor, line, people, wanted, Optional.empty()));
    }

    private Optional<Problem> fault(NewConversation wanted, List<Line> usable) {
        return unknownLine(usable, wanted.line())
                .or(() -> sizeFault(wanted.participants().size(), settings))
                .or(() -> titleFault(wanted.title()))
                .or(() -> wanted.text().flatMap(text -> posts.fault(NewMessage.now(text))));
    }

    static Optional<Problem> sizeFault(int participants, ConversationSettings settings) {
        int participantsMax = settings.maxPeople() - 1;
        return Problem.invalid(
                        "participants", "no-participants", "Name at least one participant, a contact or a number.")
                .when(participants == 0)
                .or(() -> Problem.invalid(
                                "participants",
                                "too-many-participants",
                                "A group has at most " + settings.maxPeople() + " people, you included: " + participants
                                        + " participants are too many, " + participantsMax + " are possible.")
                        .when(participants > participantsMax));
    }

    /// @param usable the lines that the user may use of those that it wants
    static Optional<Problem> unknownLine(List<Line> usable, Optional<Long> wanted) {
        return Problem.invalid(
                        "line",
                        "unknown-line",
                        wanted.filter(id -> id > 0)
                                .map(id -> "There is no line " + id + " that you may use.")
                                .orElse(
                                        wanted.isPresent()
                                                ? "There is no such line."
                                                : "There is no line that you may use."))
                .when(usable.isEmpty());
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
        return Problem.invalid(
                        "participants",
                        "not-assigned",
                        "You can write only to conversations that include a contact who is assigned to you; none of"
                                + " these people is.")
                .when(!actor.isAdmin() && actor.scope() != AccessScope.ALL && !assigned);
    }

    /// Those whom the line may not text at all, one reason each.
    static List<Problem.Reason> barred(Line line, Roster.Checked checked, ConversationSettings settings) {
        return checked.against((person, field) -> settings.refusal(line, person.number(), field));
    }

    static List<Problem.Reason> blockedReasons(Roster.Checked checked, Map<String, Block> blocked) {
        return checked.against((person, field) ->
                Optional.ofNullable(blocked.get(person.number())).map(block -> block.reason(field, person.called())));
    }

    private static Optional<Problem> blocked(Roster.Checked checked, Map<String, Block> blocked) {
        return Problem.of(blockedReasons(checked, blocked))
                .map(all -> new Problem(
                        422,
                        "participant-blocked",
                        all.detail() + " Create the group without them.",
                        all.field(),
                        all.reasons()));
    }

    private Outcome<Created> direct(
            Tx tx, Account actor, Line line, ConversationStore.Draft person, Optional<String> text) {
        return Outcome.unless(
                        text.flatMap(its -> posts.refusal(tx, line.id(), person, its)),
                        () -> posts.openDirect(tx, actor, line.id(), person))
                .map(found -> {
                    text.ifPresent(its -> posts.say(tx, found.conversation(), actor, NewMessage.now(its)));
                    return new Created(shown(tx, actor, found.conversation().id(), Optional.empty()), found.isNew());
                });
    }

    private ConversationView shown(Tx tx, Account viewer, long id, Optional<ConversationView.SharedWith> shared) {
        sending.writeProgress(tx);
        return views.conversation(tx.connection(), conversations.current(tx, id).orElseThrow(), viewer, shared);
    }

    /// The caller knows that nobody is blocked.
    private Outcome<Created> group(
            Tx tx,
            Account actor,
            Line line,
            List<ConversationStore.Draft> people,
            NewConversation wanted,
            Optional<Long> predecessor) {
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        int tag = Tags.smallestFree(conversations.tagsInUse(tx.connection(), line.id(), numbers));
        var tooLong = wanted.text().flatMap(text -> posts.tooLong(sending.split(longestPrefix(tag) + text, line.id())));
        return Outcome.unless(tooLong, () -> {
            var others = conversations.openGroupsOf(tx.connection(), List.of(line.id()), numbers);
            var created = conversations.insertGroup(
                    tx,
                    line.id(),
                    wanted.title().flatMap(Texts::title),
                    tag,
                    wanted.relay().orElse(settings.relay()),
                    people,
                    actor.id(),
                    predecessor,
                    clock.instant());
            sending.opened(tx, created.id());
            if (wanted.introduce()) {
                var words = Texts.introduction(created, line.name());
                sending.automatic(
                        tx, created, created.participants(), MessageKind.INTRODUCTION, words, words, Optional.empty());
            }
            wanted.text().ifPresent(text -> posts.say(tx, created, actor, NewMessage.now(text)));
            var shared = choice.sharedWith(tx.connection(), actor, created, others);
            return Outcome.done(new Created(shown(tx, actor, created.id(), Optional.of(shared)), true));
        });
    }

    /// What is accepted now must be sendable to everybody, whatever prefix it gets.
    static String longestPrefix(int tag) {
        return "[#" + tag + " " + "€".repeat(Texts.PREFIX_TITLE_MAX) + "] ";
    }

    /// Those with the latest activity first. Refused with `bad-cursor` only.
    public Outcome<Page<ConversationView>> list(Account viewer, ConversationFilter filter, PageRequest page) {
        return page.place()
                .map(from -> store.read(connection -> {
                    var where = where(connection, viewer, filter);
                    var walk = filter.isNarrow()
                            ? new Walk(
                                    conversations.page(connection, where.and(behind(from)), page.limit() + 1),
                                    Optional.empty())
                            : walk(connection, where, from, page.limit() + 1);
                    var characters = views.lastCharacters(connection, walk.found);
                    var shown = PageRequest.fitting(
                            walk.found,
                            page.limit(),
                            each -> each.lastMessage()
                                    .map(id -> characters.getOrDefault(id, 0))
                                    .orElse(0));
                    var end = walk.found.size() > shown.size()
                            ? Optional.of(new Place(
                                    shown.getLast().activeAt(), shown.getLast().id()))
                            : walk.end;
                    return new Page<>(
                            views.conversations(connection, shown, Optional.of(viewer)), end.map(Cursors::of));
                }));
    }

    private static Condition behind(Optional<Place> place) {
        return place.map(it -> it.before("c.active_at", "c.id")).orElse(Condition.ALWAYS);
    }

    /// Conversations that are looked at in one step.
    private static final int STEP = 2_000;

    /// After so long a page ends where it is, with a cursor behind which the list goes on.
    private static final Duration WALK_MAX = Duration.ofMillis(15);

    /// @param end where it goes on; empty where all was found that was wanted, or there is
    private record Walk(List<Conversation> found, Optional<Place> end) {}

    /// Looks along the list, some at a time: what is found may be far down, or nowhere.
    private Walk walk(Connection connection, Condition where, Optional<Place> from, int limit) {
        long begun = System.nanoTime();
        var found = new ArrayList<Conversation>();
        var place = from;
        while (true) {
            var rest = behind(place);
            var end = conversations.last(connection, rest, STEP);
            var stretch =
                    end.map(last -> rest.and(last.from("c.active_at", "c.id"))).orElse(rest);
            found.addAll(conversations.page(connection, where.and(stretch), limit - found.size()));
            if (end.isEmpty() || found.size() == limit) {
                return new Walk(found, Optional.empty());
            }
            if (System.nanoTime() - begun > WALK_MAX.toNanos()) {
                return new Walk(found, end);
            }
            place = end;
        }
    }

    private Condition where(Connection connection, Account viewer, ConversationFilter filter) {
        return Condition.all(
                Optional.of(Access.of(viewer).conversations("c")),
                filter.line().map(id -> Condition.of("(c.line_id = ?)", id)),
                filter.kind().map(kind -> Condition.of("(c.kind = ?)", kind.label())),
                filter.closed().map(is -> Condition.of(is ? "(c.closed_at IS NOT NULL)" : "(c.closed_at IS NULL)")),
                filter.done().map(is -> Condition.of(is ? "(c.done_at IS NOT NULL)" : "(c.done_at IS NULL)")),
                filter.unread() ? Optional.of(reading.unread(connection, viewer.id())) : Optional.empty(),
                filter.needs() ? Optional.of(ReadStore.needy()) : Optional.empty(),
                filter.contact()
                        .map(id -> Condition.of(
                                "(c.id IN (SELECT conversation_id FROM participant WHERE contact_id = ?))", id)),
                filter.participant()
                        .map(number -> Condition.of(
                                "(c.id IN (SELECT conversation_id FROM participant WHERE number = ?))",
                                views.read(number))),
                filter.query()
                        .filter(query -> !query.isBlank())
                        .map(query -> "%" + query.strip().replaceAll("([!%_])", "!$1") + "%")
                        .map(like -> Condition.of(
                                "(c.title COLLATE utf8mb4_unicode_520_ci LIKE ? ESCAPE '!' OR EXISTS (SELECT 1 FROM"
                                        + " participant q WHERE q.conversation_id = c.id AND (q.number LIKE ? ESCAPE"
                                        + " '!' OR q.name COLLATE utf8mb4_unicode_520_ci LIKE ? ESCAPE '!')))",
                                like,
                                like,
                                like)));
    }

    public Outcome<ConversationView> get(Account viewer, long id) {
        return store.read(connection -> Outcome.found(conversations.visible(connection, viewer, id))
                .map(found -> views.conversation(connection, found, viewer, Optional.empty())));
    }

    /// Title and relay mode can change while it is open; line and participants never.
    public Outcome<ConversationView> change(Account actor, long id, ConversationChange change) {
        return store.transaction(tx -> Outcome.found(posts.visible(tx, actor, id))
                .then(before -> Outcome.unless(refusal(before, change), () -> {
                    var title = change.title()
                            .map(wanted -> wanted.flatMap(Texts::title))
                            .orElse(before.title());
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
                    return Outcome.done(shown(tx, actor, id, Optional.empty()));
                })));
    }

    private static Optional<Problem> refusal(Conversation before, ConversationChange change) {
        return Problem.conflict(
                        "conversation-locked",
                        "The line and the participants of a conversation never change. Create a new conversation, or"
                                + " make a successor of this one (POST /api/v1/conversations/" + before.id()
                                + "/successor).")
                .when(change.locked())
                .or(() -> titleFault(change.title().flatMap(title -> title)))
                .or(() -> Messages.closed().when(!before.isOpen()))
                .or(() -> Problem.conflict(
                                "conversation-direct",
                                "A conversation with one participant has nobody to relay replies to.")
                        .when(!before.isGroup() && change.relay().isPresent()));
    }

    /// From now on it is read-only, and its tag is free. What is on its way goes on. Closing it again
    /// changes nothing.
    public Outcome<ConversationView> close(Account actor, long id) {
        return store.transaction(tx -> Outcome.found(posts.visible(tx, actor, id))
                .map(_ -> {
                    if (conversations.close(tx, id, clock.instant())) {
                        sending.updated(tx, id);
                    }
                    return shown(tx, actor, id, Optional.empty());
                }));
    }

    /// A new conversation without those who are blocked, linked both ways; the old one is closed. With
    /// one person left it is the direct conversation.
    public Outcome<Created> successor(Account actor, long id) {
        return store.transaction(tx -> Outcome.found(posts.visible(tx, actor, id))
                .then(old -> {
                    var line = choice.configured(old.lineId());
                    var blocked = blocks.of(tx, old);
                    var left = old.participants().stream()
                            .filter(each -> !blocked.containsKey(each.id()))
                            .toList();
                    return Outcome.unless(
                            Problem.conflict(
                                            "line-gone",
                                            "The line of this conversation is not configured any more; create a new one.")
                                    .when(line.isEmpty())
                                    .or(() -> successorRefusal(tx.connection(), actor, old, left)),
                            () -> successor(tx, actor, old, line.orElseThrow(), left));
                }));
    }

    private Outcome<Created> successor(Tx tx, Account actor, Conversation old, Line line, List<Participant> left) {
        return made(tx, actor, old, line, left).map(created -> {
            long successor = Long.parseLong(created.conversation().id());
            conversations.close(tx, old.id(), clock.instant());
            conversations.linkSuccessor(tx, old.id(), successor);
            sending.updated(tx, old.id());
            if (!created.isNew()) {
                sending.updated(tx, successor);
            }
            return new Created(
                    shown(tx, actor, successor, created.conversation().sharedWith()), created.isNew());
        });
    }

    /// What follows on a group for those who are left. A new group may have the tag of the old one, so
    /// that is closed first; there is nothing that could refuse it any more.
    private Outcome<Created> made(Tx tx, Account actor, Conversation old, Line line, List<Participant> left) {
        var people = left.stream()
                .map(each -> new ConversationStore.Draft(each.number(), each.name(), each.contactId(), each.contact()))
                .toList();
        if (people.size() == 1) {
            return direct(tx, actor, line, people.getFirst(), Optional.empty());
        }
        conversations.close(tx, old.id(), clock.instant());
        var wanted = new NewConversation(
                Optional.of(line.id()), List.of(), Optional.of(old.relay()), false, old.title(), Optional.empty());
        return group(tx, actor, line, people, wanted, Optional.of(old.id()));
    }

    private Optional<Problem> successorRefusal(
            Connection connection, Account actor, Conversation old, List<Participant> left) {
        return Problem.conflict("conversation-direct", "A conversation with one participant needs no successor.")
                .when(!old.isGroup())
                .or(() -> old.successor()
                        .map(id -> Problem.conflict(
                                "has-successor", "This conversation has a successor already: " + id + ".")))
                .or(() -> Problem.conflict(
                                "all-blocked",
                                "Everybody in this group is blocked: " + Messages.names(old, old.participants())
                                        + ". Nobody is left for a successor.")
                        .when(left.isEmpty()))
                .or(() -> {
                    var contactIds = left.stream()
                            .flatMap(each -> each.contactId().stream())
                            .toList();
                    var assigned = Sql.among(
                            connection,
                            contactIds,
                            "SELECT id FROM contact WHERE assigned_to = ? AND id IN (??)",
                            row -> row.getLong("id"),
                            actor.id(),
                            contactIds);
                    return unassigned(actor, !assigned.isEmpty());
                });
    }

    /// What a contact's change means here: who has come on Do Not Disturb is blocked at once; labels
    /// and access change; an open direct conversation with a number that nobody owned is this contact's
    /// from now on, if its maker may see that conversation.
    @Override
    public void changed(Tx tx, Optional<Account> actor, Optional<Contact> before, Contact after) {
        var numbers = new LinkedHashSet<>(after.numbers());
        if (!after.deleted() && actor.isPresent()) {
            var seen = Access.of(actor.get()).conversations("c");
            for (var number : numbers) {
                conversations.linkDirect(tx, after, number, seen);
            }
        }
        before.ifPresent(contact -> numbers.addAll(contact.numbers()));
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
