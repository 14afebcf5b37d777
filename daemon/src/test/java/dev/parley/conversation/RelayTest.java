package dev.parley.conversation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.CHLOE;
import static dev.parley.conversation.World.DAN;
import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static dev.parley.conversation.World.number;
import static dev.parley.conversation.World.titled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RelayTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static InboundText inbound(World world, long lineId, String sender, String text) {
        return new InboundText(lineId, sender, text, Optional.empty(), world.clock.instant(), "modem-1");
    }

    /// A text from a participant that is known to belong to a conversation.
    static long reply(World world, long conversationId, String sender, String text) {
        return world.store.transaction(tx -> {
            var conversation = world.services
                    .conversationStore()
                    .current(tx, conversationId)
                    .orElseThrow();
            var participant = conversation.participant(sender).orElseThrow();
            var message = world.services
                    .sending()
                    .received(
                            tx,
                            conversation,
                            participant,
                            MessageKind.NORMAL,
                            inbound(world, conversation.lineId(), sender, text),
                            text,
                            new Routing("only", List.of(conversationId), Map.of()));
            if (conversation.relay() == Relay.ALL) {
                world.services.sending().relay(tx, message, conversation, participant);
            }
            return message.id();
        });
    }

    @Test
    void aReplyGoesToTheOthersWithItsAuthorsNameAndNotBack() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)));
        long cursor = world.events.latest();
        long message = reply(world, id(group), CHLOE, "On my way €");
        assertEquals(List.of("...0113: On my way €"), world.outbox.textsTo(ANN));
        assertEquals(List.of("...0113: On my way €"), world.outbox.textsTo(BOB));
        assertEquals(List.of(), world.outbox.textsTo(CHLOE));
        assertEquals(List.of("message.received"), world.eventTypesAfter(cursor));
        var shown = done(world.messages.get(world.admin, message));
        assertEquals("inbound", shown.direction());
        assertEquals(Optional.empty(), shown.author().name());
        assertEquals(Optional.of("(202) 555-0113"), shown.author().display());
        assertEquals(Map.of("queued", 2), shown.summary());
        assertEquals("only", shown.routing().orElseThrow().how());
        assertTrue(world.eventsAfter(cursor).getFirst().json().contains("\"queued\":2"));
        var last = done(world.conversations.get(world.admin, id(group)))
                .lastMessage()
                .orElseThrow();
        assertEquals("On my way €", last.text());
    }

    @Test
    void whoIsInSeveralConversationsGetsThePrefixOthersDoNot() {
        world.create(titled(world.on(world.desk, contact(world.ann), number(DAN)), "Smith move"));
        var soccer = world.create(
                titled(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)), "Soccer"));
        world.post(soccer, "Training at 6");
        assertEquals(List.of("[#2 Soccer] Training at 6"), world.outbox.textsTo(ANN));
        assertEquals(List.of("Training at 6"), world.outbox.textsTo(BOB));
        reply(world, id(soccer), BOB, "ok");
        assertEquals("[#2 Soccer] Bob: ok", world.outbox.textsTo(ANN).get(1));
        done(world.messages.postDirect(
                world.admin, new DirectMessage(Optional.of(world.desk.id()), ANN, NewMessage.now("For you"))));
        assertEquals("For you", world.outbox.textsTo(ANN).get(2), "a direct text is bare");
    }

    @Test
    void blockedOnesAreSkippedAndShown() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)));
        world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), ANN, 1, "STOP"));
        long message = reply(world, id(group), BOB, "Hi");
        var shown = done(world.messages.get(world.admin, message));
        assertEquals(Map.of("blocked", 1, "queued", 1), shown.summary());
        var blocked = shown.deliveries().getFirst();
        assertEquals("opted-out", blocked.error().orElseThrow().code());
        assertEquals(List.of(), world.outbox.textsTo(ANN));
    }

    @Test
    void anUnroutedTextShowsInEachThreadAndIsPlacedOnce() {
        var move = world.create(world.on(world.desk, contact(world.ann), number(DAN)));
        var soccer = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        var eve = world.user(
                "eve", dev.parley.account.Role.MEMBER, dev.parley.account.AccessScope.ASSIGNED, java.util.Set.of());
        done(world.contacts.change(
                world.admin,
                world.bob.id(),
                new dev.parley.contact.ContactChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Optional.of(eve.id())),
                        Optional.empty())));
        var candidates = List.of(id(move), id(soccer));
        long cursor = world.events.latest();
        long message = world.store.transaction(tx -> {
            var store = world.services.conversationStore();
            var locked = List.of(
                    store.current(tx, id(move)).orElseThrow(),
                    store.current(tx, id(soccer)).orElseThrow());
            return world.services
                    .sending()
                    .unrouted(
                            tx,
                            locked,
                            MessageKind.NORMAL,
                            inbound(world, world.desk.id(), ANN, "secret"),
                            new Routing("unrouted", candidates, Map.of("heard", 2)))
                    .id();
        });
        assertEquals(List.of(), world.outbox.textsTo(BOB));
        var forAdmin = done(world.threads.list(world.admin, id(move), World.first(10)))
                .items()
                .getFirst();
        assertEquals(Optional.of("secret"), forAdmin.text());
        assertEquals(Optional.empty(), forAdmin.conversation());
        var forEve = done(world.threads.list(eve, id(soccer), World.first(10)))
                .items()
                .getFirst();
        assertEquals(Optional.empty(), forEve.text());
        assertEquals(List.of(soccer.id()), forEve.routing().orElseThrow().candidates());
        assertEquals(Map.of(), forEve.routing().orElseThrow().evidence());
        for (var event : world.eventsAfter(cursor)) {
            assertFalse(event.json().contains("secret"), event.json());
        }
        assertEquals(1, found(world.admin, "secret").size());
        assertEquals(List.of(), found(eve, "secret"));

        world.store.transaction(tx -> {
            var conversation =
                    world.services.conversationStore().current(tx, id(soccer)).orElseThrow();
            var waiting = world.services.messageStore().unrouted(tx, world.desk.id(), ANN);
            var placed = world.services
                    .sending()
                    .place(
                            tx,
                            waiting.getFirst(),
                            conversation,
                            conversation.participant(ANN).orElseThrow(),
                            "secret",
                            new Routing("moved", candidates, Map.of()));
            world.services
                    .sending()
                    .relay(
                            tx,
                            placed,
                            conversation,
                            conversation.participant(ANN).orElseThrow());
            return Boolean.TRUE;
        });
        assertEquals(List.of("Ann: secret"), world.outbox.textsTo(BOB));
        assertEquals(
                List.of(),
                done(world.threads.list(world.admin, id(move), World.first(10))).items());
        assertEquals(
                Optional.of("secret"), done(world.messages.get(eve, message)).text());
    }

    private List<HitView> found(dev.parley.account.Account viewer, String query) {
        return done(world.services
                        .searches()
                        .search(
                                viewer,
                                new MessageSearch(
                                        Optional.of(query),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                World.first(10)))
                .items();
    }

    @Test
    void anAutomaticTextOfAKindGoesOnceAnHour() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        assertTrue(help(id(group), ANN));
        assertFalse(help(id(group), ANN));
        assertTrue(help(id(group), BOB));
        world.clock.advance(Duration.ofHours(1));
        assertTrue(help(id(group), ANN));
        assertEquals(List.of("Help text", "Help text"), world.outbox.textsTo(ANN));
        var help = world.outbox.all().getFirst();
        assertTrue(help.lane() < 0, "beside the lane");
    }

    private boolean help(long conversationId, String number) {
        return world.store.transaction(tx -> {
            var conversation = world.services
                    .conversationStore()
                    .current(tx, conversationId)
                    .orElseThrow();
            return world.services
                    .sending()
                    .automatic(
                            tx,
                            conversation,
                            conversation.participant(number).orElseThrow(),
                            MessageKind.HELP,
                            "Help text",
                            Optional.empty())
                    .isPresent();
        });
    }

    @Test
    void introducingSaysToEachWhoIsInTheGroup() {
        var wanted = world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE));
        world.create(new NewConversation(
                wanted.line(),
                wanted.participants(),
                Optional.empty(),
                true,
                Optional.of("Soccer"),
                Optional.of("Hi")));
        var texts = world.outbox.textsTo(CHLOE);
        assertEquals(
                "You are in the group \"Soccer\" with Front desk and these people: Ann, Bob, ...0113. Replies go to"
                        + " everybody. Reply LEAVE to leave the group, STOP to get no more texts from this number.",
                texts.get(0));
        assertEquals("Hi", texts.get(1));
    }
}
