package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Role;
import dev.parley.contact.Contact;
import dev.parley.contact.ContactChange;
import dev.parley.contact.ContactFiles;
import dev.parley.contact.Contacts;
import dev.parley.contact.NewContact;
import dev.parley.problem.Outcome;
import dev.parley.store.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Three members of whom none sees everything do what members can do, at random, on a real database, while an admin and
/// the people outside do as they please. Whatever a member does, nobody comes to see a conversation or a text that this
/// member could not see before, and nothing changes in a conversation that it cannot see.
///
/// What each may see is asked of the tables here, in words of its own, not of the code that is judged.
@Timeout(300)
class AccessPropertyTest {
    private static final int STEPS = 1_000;

    private static final List<String> NUMBERS =
            IntStream.range(0, 50).mapToObj(i -> "+120255501" + (i + 50)).toList();

    private final World world = new World();
    private final Phones phones = new Phones(world);
    private final ContactFiles files = new ContactFiles(world.store, world.contacts, world.accounts);
    private final Random random = new Random(20_260_815);
    private final Account eve = world.user("eve", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
    private final Account gus = world.user("gus", Role.MEMBER, AccessScope.ASSIGNED, Set.of(world.desk.id()));
    private final Account fay = world.user("fay", Role.MEMBER, AccessScope.ALL, Set.of(world.sales.id()));
    private final List<Account> members = List.of(eve, gus, fay);
    private final Map<String, Integer> done = new TreeMap<>();
    private final Map<String, Integer> refused = new TreeMap<>();

    /// What there is, and who sees what of it.
    ///
    /// @param visible ids of conversations by the member's id
    /// @param messages the conversation of each message
    /// @param states all of a conversation that a member could change from outside of it
    private record Sight(Map<Long, Set<Long>> visible, Map<Long, Long> messages, Map<Long, String> states) {
        boolean sees(Account member, long conversation) {
            return visible.getOrDefault(member.id(), Set.of()).contains(conversation);
        }
    }

    @Test
    void nobodysViewGrowsByItsOwnDoing() {
        try (world) {
            for (int step = 0; step < STEPS; step++) {
                world.clock.advance(Duration.ofSeconds(20 + random.nextInt(300)));
                if (random.nextInt(3) == 0) {
                    outside();
                    continue;
                }
                var actor = any(members);
                var before = world.store.read(this::look);
                var what = act(actor);
                judge(step + ": " + actor.name() + " " + what, actor, before, world.store.read(this::look));
            }
            for (var each : members) {
                assertEquals(
                        world.store.read(this::look).visible.get(each.id()),
                        new HashSet<>(listed(each)),
                        each.name() + "'s list");
            }
            // A walk that is always refused, or never, proves nothing.
            for (var kind : List.of("creates a contact", "changes a contact", "opens a conversation", "imports")) {
                assertTrue(done.getOrDefault(kind, 0) > 5, () -> kind + ": done " + done);
                assertTrue(refused.getOrDefault(kind, 0) > 5, () -> kind + ": refused " + refused);
            }
        }
    }

    private static void judge(String what, Account actor, Sight before, Sight after) {
        after.visible.forEach((member, visible) -> {
            for (long conversation : visible) {
                boolean grown = before.states.containsKey(conversation)
                        && !before.visible.getOrDefault(member, Set.of()).contains(conversation);
                assertTrue(
                        !grown || before.sees(actor, conversation),
                        () -> what + ": conversation " + conversation + " is visible to " + member + " since");
            }
        });
        after.messages.forEach((message, conversation) -> {
            var was = before.messages.get(message);
            if (was != null && !was.equals(conversation)) {
                assertTrue(
                        before.sees(actor, was) && before.sees(actor, conversation),
                        () -> what + ": message " + message + " went from " + was + " to " + conversation);
            }
        });
        before.states.forEach((conversation, state) -> {
            if (!before.sees(actor, conversation)) {
                assertEquals(state, after.states.get(conversation), () -> what + ": conversation " + conversation);
            }
        });
    }

    // ---- what is there ----

    private Sight look(Connection connection) throws SQLException {
        var visible = new HashMap<Long, Set<Long>>();
        for (var member : members) {
            visible.put(member.id(), new HashSet<>());
        }
        Sql.list(
                connection,
                """
                SELECT DISTINCT a.id AS account, c.id AS conversation
                  FROM account a
                  JOIN conversation c
                 WHERE a.deleted_at IS NULL AND a.role = 'member'
                   AND (NOT EXISTS (SELECT 1 FROM account_line l WHERE l.account_id = a.id)
                        OR c.line_id IN (SELECT l.line_id FROM account_line l WHERE l.account_id = a.id))
                   AND (a.scope = 'all'
                        OR c.id IN (SELECT p.conversation_id FROM participant p JOIN contact k ON k.id = p.contact_id
                                     WHERE k.assigned_to = a.id))
                """,
                row -> visible.computeIfAbsent(row.getLong("account"), _ -> new HashSet<>())
                        .add(row.getLong("conversation")));
        var messages = new HashMap<Long, Long>();
        Sql.list(
                connection,
                "SELECT id, conversation_id FROM message WHERE conversation_id IS NOT NULL",
                row -> messages.put(row.getLong("id"), row.getLong("conversation_id")));
        var states = new HashMap<Long, String>();
        Sql.list(
                connection,
                """
                SELECT c.id, c.title, c.relay, c.closed_at, c.successor_id, p.number, p.contact_id, p.left_at,
                       EXISTS (SELECT 1 FROM contact k WHERE k.dnd AND (k.id = p.contact_id
                               OR k.primary_number = p.number OR k.secondary_number = p.number)) AS silent,
                       (SELECT o.state FROM opt_out o
                         WHERE o.line_id = c.line_id AND o.number = p.number) AS opted
                  FROM conversation c
                  JOIN participant p ON p.conversation_id = c.id
                 ORDER BY c.id, p.id
                """,
                row -> states.merge(
                        row.getLong("id"),
                        row.getString("title") + row.getString("relay") + row.getString("successor_id")
                                + row.getString("closed_at") + " " + row.getString("number") + " contact="
                                + row.getString("contact_id") + " left=" + row.getString("left_at") + " opted="
                                + row.getString("opted")
                                // What is closed gets no texts, whoever is on Do Not Disturb.
                                + (row.getString("closed_at") == null ? " silent=" + row.getBoolean("silent") : ""),
                        (one, other) -> one + "\n" + other));
        return new Sight(visible, messages, states);
    }

    private List<Long> listed(Account viewer) {
        var ids = new ArrayList<Long>();
        var page = World.first(200);
        while (true) {
            var found = World.done(world.conversations.list(viewer, World.ALL, page));
            found.items().forEach(each -> ids.add(World.id(each)));
            if (found.next().isEmpty()) {
                return ids;
            }
            page = new PageRequest(200, found.next());
        }
    }

    // ---- what happens ----

    private <T> T any(List<T> several) {
        return several.get(random.nextInt(several.size()));
    }

    private Optional<Long> anyOf(String table) {
        return world.store.read(connection -> {
            var ids = Sql.list(
                    connection, "SELECT id FROM " + table + " ORDER BY id DESC LIMIT 25", row -> row.getLong("id"));
            return ids.isEmpty() ? Optional.empty() : Optional.of(any(ids));
        });
    }

    /// A member knows its own contacts best.
    private Optional<Contact> anyContact(Account actor) {
        var own = newest(actor, 10);
        return own.isEmpty() || random.nextInt(4) == 0 ? anyContact() : Optional.of(any(own));
    }

    private List<Contact> newest(Account actor, int limit) {
        return world.contacts.find(actor, "", Contacts.Order.NEWEST, Optional.empty(), limit).stream()
                .map(Contacts.Found::contact)
                .toList();
    }

    private Optional<Contact> anyContact() {
        return anyOf("contact").flatMap(id -> world.store.read(connection -> world.contacts.byId(connection, id)));
    }

    private NewContact anybody(Optional<Long> assignedTo) {
        return new NewContact(
                "Somebody " + random.nextInt(1_000),
                any(NUMBERS),
                random.nextInt(3) == 0 ? Optional.of(any(NUMBERS)) : Optional.empty(),
                assignedTo,
                random.nextInt(4) == 0);
    }

    private void outside() {
        switch (random.nextInt(8)) {
            case 0 -> {
                var _ = world.contacts.create(
                        world.admin,
                        anybody(random.nextInt(3) > 0 ? Optional.of(any(members).id()) : Optional.empty()));
            }
            case 1 ->
                anyContact().ifPresent(each -> {
                    var _ = world.contacts.change(
                            world.admin,
                            each.id(),
                            new ContactChange(
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(
                                            random.nextInt(3) == 0
                                                    ? Optional.empty()
                                                    : Optional.of(any(members).id())),
                                    Optional.of(random.nextInt(4) == 0)));
                });
            case 2 -> {
                var _ = world.conversations.create(
                        world.admin,
                        world.on(
                                any(world.lines.all()),
                                number(any(NUMBERS)),
                                number(any(NUMBERS)),
                                number(any(NUMBERS))));
            }
            case 3 ->
                anyOf("conversation").ifPresent(id -> {
                    var _ = world.conversations.close(world.admin, id);
                });
            default ->
                phones.says(
                        any(NUMBERS),
                        any(world.lines.all()),
                        any(List.of(
                                "on my way", "see you", "please stop texting me", "#1 yes", "LEAVE", "START", "STOP")));
        }
        if (random.nextInt(4) == 0) {
            phones.getAll();
        }
    }

    private String act(Account actor) {
        return switch (random.nextInt(12)) {
            case 0, 1 ->
                noted(
                        "creates a contact",
                        world.contacts.create(
                                actor,
                                anybody(
                                        random.nextInt(3) == 0
                                                ? Optional.of(any(members).id())
                                                : Optional.empty())));
            case 2, 3 ->
                anyContact(actor)
                        .map(each -> noted("changes a contact", world.contacts.change(actor, each.id(), change(each))))
                        .orElse("finds nobody");
            case 4 ->
                random.nextInt(3) > 0
                        ? "waits"
                        : anyContact(actor)
                                .map(each -> noted("deletes a contact", world.contacts.delete(actor, each.id())))
                                .orElse("finds nobody");
            case 5 ->
                noted(
                        "imports",
                        files.loading(actor, csv(actor).getBytes(StandardCharsets.UTF_8), false)
                                .get());
            case 6 -> noted("opens a conversation", world.conversations.create(actor, wanted(actor)));
            case 7 ->
                noted(
                        "texts",
                        world.messages.postDirect(
                                actor,
                                new DirectMessage(
                                        Optional.of(any(world.lines.all()).id()),
                                        any(NUMBERS),
                                        NewMessage.now("hello " + random.nextInt(100)))));
            case 8 ->
                anyOf("conversation")
                        .map(id -> noted("makes a successor", world.conversations.successor(actor, id)))
                        .orElse("finds no conversation");
            case 9 ->
                anyOf("message")
                        .map(id -> noted(
                                "moves a text",
                                moved(actor, id, anyOf("conversation").orElseThrow())))
                        .orElse("finds no text");
            case 10 ->
                anyOf("opt_out")
                        .map(id -> noted(
                                "decides an opt-out",
                                random.nextBoolean()
                                        ? world.optOuts.confirm(actor, id)
                                        : world.optOuts.dismiss(actor, id)))
                        .orElse("finds no opt-out");
            default ->
                anyOf("conversation")
                        .map(id -> random.nextInt(4) == 0
                                ? noted("closes", world.conversations.close(actor, id))
                                : noted("posts", world.messages.post(actor, id, NewMessage.now("all of you"))))
                        .orElse("finds no conversation");
        };
    }

    private Outcome<MessageView> moved(Account actor, long message, long conversation) {
        return world.store.transaction(tx -> world.replies.moves().move(tx, actor, message, conversation, true));
    }

    private NewConversation wanted(Account actor) {
        var people = new ArrayList<NewParticipant>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            people.add(
                    random.nextBoolean()
                            ? anyContact(actor).map(each -> contact(each)).orElse(number(any(NUMBERS)))
                            : number(any(NUMBERS)));
        }
        var own = newest(actor, 5);
        if (!own.isEmpty()) {
            people.add(contact(any(own)));
        }
        return world.on(any(world.lines.all()), people.toArray(new NewParticipant[0]));
    }

    private ContactChange change(Contact contact) {
        return switch (random.nextInt(5)) {
            case 0 ->
                new ContactChange(
                        Optional.empty(),
                        Optional.of(any(NUMBERS)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            case 1 ->
                new ContactChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Optional.of(any(NUMBERS))),
                        Optional.empty(),
                        Optional.empty());
            case 2 ->
                new ContactChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Optional.of(any(members).id())),
                        Optional.empty());
            case 3 ->
                new ContactChange(
                        Optional.of("Renamed " + random.nextInt(100)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            default ->
                new ContactChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(!contact.dnd()));
        };
    }

    private String csv(Account actor) {
        var csv = new StringBuilder("id,name,primaryNumber,secondaryNumber,dnd\n");
        if (random.nextBoolean()) {
            anyContact(actor)
                    .ifPresent(each -> csv.append(each.id())
                            .append(",Imported,")
                            .append(random.nextBoolean() ? each.primaryNumber() : any(NUMBERS))
                            .append(",,")
                            .append(random.nextInt(4) == 0)
                            .append('\n'));
        } else {
            csv.append(",Imported,")
                    .append(any(NUMBERS))
                    .append(",,")
                    .append(random.nextInt(4) == 0)
                    .append('\n');
        }
        return csv.toString();
    }

    private String noted(String kind, Outcome<?> outcome) {
        var counts = outcome instanceof Outcome.Done<?> ? done : refused;
        counts.merge(kind, 1, Integer::sum);
        return kind + (outcome instanceof Outcome.Refused<?>(var problem) ? " (" + problem.code() + ")" : "");
    }
}
