package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.contact.ContactChange;
import dev.parley.event.EventType;
import dev.parley.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.ANN_2;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.CHLOE;
import static dev.parley.conversation.World.DAN;
import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static dev.parley.conversation.World.number;
import static dev.parley.conversation.World.problem;
import static dev.parley.conversation.World.refusal;
import static dev.parley.conversation.World.saying;
import static dev.parley.conversation.World.titled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConversationsTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static ContactChange named(String name) {
        return new ContactChange(
                Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static ContactChange doNotDisturb() {
        return new ContactChange(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));
    }

    @Test
    void aGroupIsCreatedFromContactsAndNumbersAndSaysItsFirstText() {
        long cursor = world.events.latest();
        var created = done(world.conversations.create(
                world.admin,
                saying(
                        titled(
                                world.on(
                                        world.desk,
                                        new NewParticipant.OfContact(world.ann.id(), true),
                                        number("(202) 555-0112"),
                                        number(CHLOE, "Chloe"),
                                        number(DAN)),
                                "Smith move"),
                        "Hello all")));
        assertTrue(created.isNew());
        var view = created.conversation();
        assertEquals("group", view.kind());
        assertEquals("Smith move", view.title());
        assertEquals(Optional.of("#1"), view.tag());
        assertEquals("all", view.relay());
        assertEquals(
                List.of("Ann", "Bob", "Chloe", "(202) 555-0114"),
                view.participants().stream()
                        .map(each -> each.name().orElse(each.display()))
                        .toList());
        assertEquals(
                List.of(ANN_2, BOB, CHLOE, DAN),
                view.participants().stream().map(ParticipantView::number).toList());
        assertEquals(
                Optional.of(Long.toString(world.bob.id())),
                view.participants().get(1).contact());
        assertEquals(Optional.empty(), view.participants().get(3).contact());
        assertEquals("Hello all", view.lastMessage().orElseThrow().text());
        assertEquals(0, view.sharedWith().orElseThrow().count());
        for (var each : List.of(ANN_2, BOB, CHLOE, DAN)) {
            assertEquals(List.of("Hello all"), world.outbox.textsTo(each));
        }
        assertEquals(List.of("conversation.created", "message.created"), world.eventTypesAfter(cursor));
        var shown = ((ObjectNode) world.json.valueToTree(view)).putNull("sharedWith");
        assertEquals(shown, world.json.valueToTree(done(world.conversations.get(world.admin, id(view)))));
    }

    /// Whatever is known of who is written to: the event is the conversation as it is shown when it is asked for.
    @Test
    void whatIsToldOfAConversationThatBeginsIsWhatIsShownOfIt() {
        var suspected = "+12025550134";
        done(world.conversations.create(
                world.admin, saying(world.on(world.desk, number(suspected), number(DAN)), "Dinner on Friday?")));
        world.store.transaction(tx -> {
            var text = new InboundText(
                    world.desk.id(),
                    suspected,
                    "please stop texting me",
                    Optional.empty(),
                    world.clock.instant(),
                    "modem-1");
            world.replies.replies().received(tx, text);
            return text;
        });
        for (var to : List.of(CHLOE, suspected, ANN, BOB)) {
            begins(() -> done(world.messages.postDirect(
                    world.admin, new DirectMessage(Optional.of(world.desk.id()), to, NewMessage.now("Hello")))));
        }
        begins(() -> done(world.conversations.create(
                world.admin, saying(world.on(world.desk, number(CHLOE), number(DAN)), "Hello all"))));
        begins(() -> done(world.conversations.create(
                world.admin, saying(world.on(world.desk, contact(world.ann), number(suspected)), "Hello all"))));
        begins(() ->
                done(world.conversations.create(world.admin, world.on(world.desk, number(CHLOE), number(suspected)))));
    }

    private void begins(Runnable how) {
        long cursor = world.events.latest();
        how.run();
        var told = world.eventsAfter(cursor).stream()
                .filter(each -> each.type() == EventType.CONVERSATION_CREATED)
                .map(each -> (ObjectNode) world.json.readTree(each.json()))
                .toList();
        assertEquals(1, told.size());
        var event = told.getFirst();
        var shown = (ObjectNode) world.json.valueToTree(done(world.conversations.get(
                world.admin, Long.parseLong(event.get("id").asString()))));
        event.remove("unread"); // each viewer has its own
        shown.remove("unread");
        assertEquals(shown, event);
    }

    @Test
    void whatIsWrongWithParticipantsIsSaidOfEach() {
        var problem = problem(world.conversations.create(
                world.admin,
                world.on(
                        world.desk,
                        contact(world.ann),
                        number("202-555-0111"),
                        number("+1 202 555 0100"),
                        number("12345"),
                        number("ACME"),
                        number("+1202"),
                        new NewParticipant.OfContact(999, false),
                        new NewParticipant.OfContact(world.bob.id(), true))));
        assertEquals(422, problem.status());
        assertEquals("duplicate-number", problem.code());
        assertEquals(
                List.of(
                        "participants[1].number duplicate-number",
                        "participants[2].number own-number",
                        "participants[3].number short-code",
                        "participants[4].number alphanumeric",
                        "participants[5].number bad-number",
                        "participants[6].contact unknown-contact",
                        "participants[7].use no-secondary-number"),
                problem.reasons().stream()
                        .map(each -> each.field() + " " + each.code())
                        .toList());
        assertEquals(
                List.of(),
                done(world.conversations.list(world.admin, World.ALL, World.first(10)))
                        .items());
    }

    @Test
    void anEleventhPersonIsTooMany() {
        var ten =
                IntStream.range(0, 10).mapToObj(i -> number("+1202555013" + i)).toArray(NewParticipant[]::new);
        assertEquals(
                "too-many-participants", refusal(world.conversations.create(world.admin, world.on(world.desk, ten))));
        var nine = List.of(ten).subList(0, 9).toArray(NewParticipant[]::new);
        assertEquals(9, world.create(world.on(world.desk, nine)).participants().size());
        assertEquals("no-participants", refusal(world.conversations.create(world.admin, world.on(world.desk))));
    }

    @Test
    void tagsAreTheSmallestThatNoneOfTheParticipantsHas() {
        var first = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        var second = world.create(world.on(world.desk, contact(world.ann), number(CHLOE)));
        var apart = world.create(world.on(world.desk, number(CHLOE, "C"), number(DAN)));
        var elsewhere = world.create(world.on(world.sales, contact(world.ann), contact(world.bob)));
        assertEquals(
                List.of("#1", "#2", "#1", "#1"),
                List.of(first, second, apart, elsewhere).stream()
                        .map(each -> each.tag().orElseThrow())
                        .toList());
        assertEquals(1, second.sharedWith().orElseThrow().count());
        assertEquals(
                first.id(),
                second.sharedWith().orElseThrow().groups().getFirst().conversation());
        done(world.conversations.close(world.admin, id(first)));
        assertEquals(
                Optional.of("#1"),
                world.create(world.on(world.desk, contact(world.ann), contact(world.bob)))
                        .tag());
    }

    @Test
    void groupsCreatedAtOnceGetDifferentTags() throws Exception {
        var creations = IntStream.range(0, 12)
                .<Callable<String>>mapToObj(i ->
                        () -> world.create(world.on(world.desk, contact(world.ann), number("+1202555013" + (i % 10))))
                                .tag()
                                .orElseThrow())
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tags = new HashSet<String>();
            for (var each : threads.invokeAll(creations)) {
                tags.add(each.get());
            }
            assertEquals(12, tags.size());
        }
    }

    @Test
    void autoTakesALineOnWhichNobodyHasAnOpenGroup() {
        var auto = new NewConversation(
                Optional.empty(),
                List.of(contact(world.ann), contact(world.bob)),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
        assertEquals("Front desk", world.create(auto).line().name());
        assertEquals("Sales", world.create(auto).line().name());
        var third = world.create(auto);
        assertEquals("Front desk", third.line().name());
        assertEquals(2, third.sharedWith().orElseThrow().count());
    }

    @Test
    void oneParticipantMakesADirectConversationOnce() {
        var first = done(world.conversations.create(world.admin, world.on(world.desk, contact(world.ann))));
        var again = done(world.conversations.create(
                world.admin, saying(world.on(world.desk, number("202 555 0111")), "Hi Ann")));
        assertTrue(first.isNew());
        assertFalse(again.isNew());
        assertEquals(first.conversation().id(), again.conversation().id());
        assertEquals("direct", again.conversation().kind());
        assertEquals(Optional.empty(), again.conversation().tag());
        assertEquals(List.of("Hi Ann"), world.outbox.textsTo(ANN));
    }

    @Test
    void lineAndParticipantsAreLockedTitleAndRelayAreNot() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        assertEquals("Ann, Bob", group.title());
        var locked = problem(world.conversations.change(
                world.admin,
                id(group),
                new ConversationChange(Optional.empty(), Optional.empty(), Optional.empty(), true)));
        assertEquals("conversation-locked", locked.code());
        assertEquals(409, locked.status());
        var changed = done(world.conversations.change(
                world.admin,
                id(group),
                new ConversationChange(
                        Optional.of(Optional.of(" Soccer ")), Optional.of(Relay.NONE), Optional.empty(), false)));
        assertEquals("Soccer", changed.title());
        assertEquals("none", changed.relay());
        assertEquals(
                "Ann, Bob",
                done(world.conversations.change(
                                world.admin,
                                id(group),
                                new ConversationChange(
                                        Optional.of(Optional.empty()), Optional.empty(), Optional.empty(), false)))
                        .title());
    }

    @Test
    void aContactThatChangesOrIsDeletedLabelsItsParticipantsAndTextsGoOn() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        long cursor = world.events.latest();
        done(world.contacts.change(world.admin, world.ann.id(), named("Anne")));
        assertEquals(Set.of("conversation.updated", "contact.updated"), Set.copyOf(world.eventTypesAfter(cursor)));
        var shown = done(world.conversations.get(world.admin, id(group)))
                .participants()
                .getFirst();
        assertEquals(Optional.of("Ann"), shown.name());
        assertEquals(List.of("updated"), shown.labels());
        done(world.contacts.delete(world.admin, world.ann.id()));
        assertEquals(
                List.of("updated", "deleted"),
                done(world.conversations.get(world.admin, id(group)))
                        .participants()
                        .getFirst()
                        .labels());
        world.post(group, "Still there?");
        assertEquals(List.of("Still there?"), world.outbox.textsTo(ANN));
    }

    @Test
    void doNotDisturbBlocksOneAndWhatWaitsForIt() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        var waiting = world.post(group, "Before");
        done(world.contacts.change(world.admin, world.ann.id(), doNotDisturb()));
        assertEquals("blocked", world.statusOf(waiting, ANN));
        assertEquals("queued", world.statusOf(waiting, BOB));
        var after = world.post(group, "After");
        assertEquals("blocked", world.statusOf(after, ANN));
        assertEquals(List.of(), world.outbox.textsTo(ANN));
        assertEquals(List.of("Before", "After"), world.outbox.textsTo(BOB));
        var ann = done(world.conversations.get(world.admin, id(group)))
                .participants()
                .getFirst();
        assertFalse(ann.sendable());
        assertEquals(Optional.of("dnd"), ann.blockedBy());
        var refused =
                problem(world.conversations.create(world.admin, world.on(world.desk, contact(world.bob), number(ANN))));
        assertEquals("participant-blocked", refused.code());
        assertTrue(refused.detail().contains("Ann"), refused.detail());
        assertEquals(
                List.of("participants[1]"),
                refused.reasons().stream().map(Problem.Reason::field).toList());
        done(world.contacts.delete(world.admin, world.ann.id()));
        assertEquals("blocked", world.statusOf(world.post(group, "Deleted is not undisturbed"), ANN));
    }

    @Test
    void aSuccessorLeavesOutWhoIsBlockedAndClosesTheOldOne() {
        var old = world.create(
                titled(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)), "Move"));
        done(world.contacts.change(world.admin, world.ann.id(), doNotDisturb()));
        var successor =
                done(world.conversations.successor(world.admin, id(old))).conversation();
        assertEquals(
                List.of(BOB, CHLOE),
                successor.participants().stream().map(ParticipantView::number).toList());
        assertEquals("Move", successor.title());
        assertEquals(Optional.of("#1"), successor.tag());
        assertEquals(Optional.of(old.id()), successor.predecessor());
        var closed = done(world.conversations.get(world.admin, id(old)));
        assertTrue(closed.closed());
        assertEquals(Optional.of(successor.id()), closed.successor());
        assertEquals("conversation-closed", refusal(world.messages.post(world.admin, id(old), NewMessage.now("late"))));
        assertEquals(
                "conversation-closed",
                refusal(world.conversations.change(
                        world.admin,
                        id(old),
                        new ConversationChange(
                                Optional.of(Optional.of("Late")), Optional.empty(), Optional.empty(), false))));
        done(world.contacts.change(world.admin, world.bob.id(), doNotDisturb()));
        var direct =
                done(world.conversations.successor(world.admin, id(successor))).conversation();
        assertEquals("direct", direct.kind());
        assertEquals(Optional.of(successor.id()), direct.predecessor());
        var silent = world.create(world.on(world.desk, number(DAN), number("+12025550115")));
        for (var each : List.of(DAN, "+12025550115")) {
            world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), each, 1, "STOP"));
        }
        assertEquals("all-blocked", refusal(world.conversations.successor(world.admin, id(silent))));
        assertFalse(done(world.conversations.get(world.admin, id(silent))).closed());
    }

    @Test
    void aMemberSeesOnlyWhatItsScopeAllows() {
        var eve = world.user("eve", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        var fay = world.user("fay", Role.MEMBER, AccessScope.ALL, Set.of(world.sales.id()));
        var zed = world.contact("Zed", DAN, Optional.empty(), Optional.of(eve.id()));
        var hers = world.create(world.on(world.desk, contact(zed), contact(world.bob)));
        var others = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        var onSales = world.create(world.on(world.sales, contact(world.ann), contact(world.bob)));
        assertEquals(List.of(hers.id()), visibleTo(eve));
        assertEquals(List.of(onSales.id()), visibleTo(fay));
        assertEquals("not-found", refusal(world.conversations.get(eve, id(others))));
        assertEquals("not-found", refusal(world.messages.post(eve, id(others), NewMessage.now("psst"))));
        assertEquals("not-found", refusal(world.threads.list(eve, id(others), World.first(10))));
        assertEquals(
                "not-assigned",
                refusal(world.conversations.create(eve, world.on(world.desk, number(BOB), number(CHLOE)))));
        assertEquals(
                "unknown-line",
                refusal(world.conversations.create(fay, world.on(world.desk, number(BOB), number(CHLOE)))));
        var made = done(world.conversations.create(eve, world.on(world.desk, contact(zed), number(BOB))))
                .conversation();
        assertEquals(Optional.empty(), made.participants().get(1).name(), "the name of a contact that she may not see");
        assertEquals(2, made.sharedWith().orElseThrow().count());
        assertEquals(
                List.of(hers.id()),
                made.sharedWith().orElseThrow().groups().stream()
                        .map(ConversationView.SharedGroup::conversation)
                        .toList());
    }

    private List<String> visibleTo(dev.parley.account.Account viewer) {
        return done(world.conversations.list(viewer, World.ALL, World.first(10))).items().stream()
                .map(ConversationView::id)
                .toList();
    }

    @Test
    void listsGoByActivityPageByPage() {
        var made = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            made.add(world.create(world.on(world.desk, number("+1202555013" + i)))
                    .id());
            world.clock.advance(java.time.Duration.ofSeconds(1));
        }
        done(world.messages.post(world.admin, Long.parseLong(made.getFirst()), NewMessage.now("up")));
        var expected = new ArrayList<>(made.subList(1, 7).reversed());
        expected.addFirst(made.getFirst());
        assertEquals(expected, everything(World.ALL, 3));
        assertEquals(
                "bad-cursor",
                refusal(world.conversations.list(world.admin, World.ALL, new PageRequest(3, Optional.of("x")))));
        var found = done(world.conversations.list(
                world.admin,
                new ConversationFilter(
                        Optional.of(world.desk.id()),
                        Optional.of(Kind.DIRECT),
                        Optional.of(false),
                        Optional.empty(),
                        false,
                        false,
                        Optional.empty(),
                        Optional.of("(202) 555-0133"),
                        Optional.of("0133")),
                World.first(5)));
        assertEquals(
                List.of(made.get(3)),
                found.items().stream().map(ConversationView::id).collect(Collectors.toList()));
    }

    /// What is looked for may be far down: an answer may end before it is reached, and goes on behind its cursor.
    @Test
    void whatIsFarDownTheListIsFoundOnce() {
        var wanted = new ArrayList<String>();
        for (var number : List.of("+12025550131", "+12025550132")) {
            wanted.add(world.create(world.on(world.desk, number(number))).id());
            world.clock.advance(java.time.Duration.ofSeconds(1));
            world.store.transaction(tx -> tx.update(
                    "INSERT INTO conversation (id, line_id, kind, relay, created_at, active_at)"
                            + " SELECT ? + seq, ?, 'direct', 'none', ?, ? FROM seq_1_to_4500",
                    1_000_000 * wanted.size(), // behind those that are made here
                    world.desk.id(),
                    world.clock.instant(),
                    world.clock.instant()));
        }
        var last = world.create(world.on(world.desk, number("+12025550133"))).id();
        for (int limit : List.of(1, 2, 50)) {
            assertEquals(wanted.reversed(), all(limit, "555013", last));
            assertEquals(List.of(), all(limit, "nobody", last));
        }
        var everything = everything(World.ALL, 200);
        assertEquals(9_003, everything.stream().distinct().count());
        assertEquals(9_003, everything.size());
    }

    /// Without one that is known to be there.
    private List<String> all(int limit, String query, String known) {
        var filter = World.only(Optional.of(world.desk.id()), false, false, Optional.of(query));
        return everything(filter, limit).stream()
                .filter(each -> !each.equals(known))
                .toList();
    }

    private List<String> everything(ConversationFilter filter, int limit) {
        var found = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = done(world.conversations.list(world.admin, filter, new PageRequest(limit, cursor)));
            page.items().forEach(each -> found.add(each.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        return found;
    }

    @Test
    void everyUserHasItsOwnUnreadCount() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        var zoe = world.user("zoe", Role.ADMIN, AccessScope.ALL, Set.of());
        RelayTest.reply(world, id(group), ANN, "one");
        RelayTest.reply(world, id(group), BOB, "two");
        assertEquals(
                Optional.of(2), done(world.conversations.get(zoe, id(group))).unread());
        assertEquals(
                Optional.of(0),
                done(world.services.reading().mark(zoe, id(group), new Reading.Until.Latest()))
                        .unread());
        assertEquals(
                Optional.of(2),
                done(world.conversations.get(world.admin, id(group))).unread());
        RelayTest.reply(world, id(group), BOB, "three");
        assertEquals(
                Optional.of(1), done(world.conversations.get(zoe, id(group))).unread());
    }
}
