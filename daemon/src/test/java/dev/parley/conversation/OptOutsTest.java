package dev.parley.conversation;

import dev.parley.reply.OptOutView;
import dev.parley.reply.OptOuts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static dev.parley.conversation.World.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OptOutsTest {
    private final World world = new World();
    private final ConversationView group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));

    @AfterEach
    void close() {
        world.close();
    }

    private OptOutView only() {
        var items = done(world.optOuts.list(world.admin, World.first(10))).items();
        assertEquals(1, items.size());
        return items.getFirst();
    }

    private static List<String> history(OptOutView view) {
        return view.history().stream().map(OptOutView.Change::what).toList();
    }

    @Test
    void anOptOutBlocksWhatWaitsOnItsLineAndOnlyThere() {
        var waiting = world.post(group, "Hi");
        boolean first = world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), ANN, 7, "STOP"));
        boolean again = world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), ANN, 8, "Stop."));
        assertTrue(first);
        assertFalse(again);
        assertEquals("blocked", world.statusOf(waiting, ANN));
        assertEquals(List.of(), world.outbox.textsTo(ANN));
        assertEquals(List.of("opted-out", "opted-out"), history(only()));
        done(world.messages.postDirect(
                world.admin, new DirectMessage(Optional.of(world.sales.id()), ANN, NewMessage.now("Other line"))));
        assertEquals(List.of("Other line"), world.outbox.textsTo(ANN));
        boolean back = world.store.transaction(tx -> world.optOuts.optIn(tx, world.desk.id(), ANN, 9, "START"));
        assertTrue(back);
        boolean twice = world.store.transaction(tx -> world.optOuts.optIn(tx, world.desk.id(), ANN, 9, "START"));
        assertFalse(twice);
        world.post(group, "Welcome back");
        assertEquals(List.of("Other line", "Welcome back"), world.outbox.textsTo(ANN));
    }

    @Test
    void onlyTheConfirmationGoesToWhoHasOptedOut() {
        world.store.transaction(tx -> {
            var conversation =
                    world.services.conversationStore().current(tx, id(group)).orElseThrow();
            var ann = conversation.participant(ANN).orElseThrow();
            world.optOuts.optOut(tx, world.desk.id(), ANN, 7, "STOP");
            var sending = world.services.sending();
            assertTrue(sending.automatic(tx, conversation, ann, MessageKind.OPTED_OUT, "Bye", Optional.empty())
                    .isPresent());
            assertTrue(sending.automatic(tx, conversation, ann, MessageKind.HELP, "Help", Optional.empty())
                    .isEmpty());
            return Boolean.TRUE;
        });
        assertEquals(List.of("Bye"), world.outbox.textsTo(ANN));
    }

    @Test
    void aSuspectedOptOutHoldsWhatWaitsAndWhatComesUntilSomebodyDecides() {
        world.post(group, "one");
        suspect();
        world.post(group, "two");
        assertEquals(List.of(), world.outbox.textsTo(ANN));
        assertEquals(List.of("one", "two"), world.outbox.textsTo(BOB));
        var suspected = only();
        assertEquals("suspected", suspected.state());
        assertEquals(Optional.of(world.clock.instant().plus(OptOuts.DECISION)), suspected.decideBy());
        done(world.optOuts.dismiss(world.admin, Long.parseLong(suspected.id())));
        assertEquals(List.of("one", "two"), world.outbox.textsTo(ANN));
        assertEquals(List.of("suspected", "dismissed"), history(only()));
        assertEquals(Optional.of("admin"), only().history().get(1).by());
        assertEquals("already-decided", refusal(world.optOuts.confirm(world.admin, Long.parseLong(suspected.id()))));
    }

    private void suspect() {
        world.store.transaction(tx -> {
            world.optOuts.suspect(tx, world.desk.id(), ANN, 7, "please stop texting me");
            return Boolean.TRUE;
        });
    }

    @Test
    void aConfirmedOneIsBlocked() {
        var waiting = world.post(group, "one");
        suspect();
        var confirmed = done(world.optOuts.confirm(world.admin, Long.parseLong(only().id())));
        assertEquals("opted-out", confirmed.state());
        assertEquals("blocked", world.statusOf(waiting, ANN));
    }

    @Test
    void anUndecidedOneCountsAsOptedOutAfterADay() {
        suspect();
        assertEquals(0, world.optOuts.expire(10));
        world.clock.advance(OptOuts.DECISION);
        assertEquals(1, world.optOuts.expire(10));
        assertEquals("opted-out", only().state());
        assertEquals(List.of("suspected", "expired"), history(only()));
        assertEquals("blocked", world.statusOf(world.post(group, "late"), ANN));
    }

    @Test
    void aWordThatComesTwiceDoesNotPutTheDecisionOff() {
        suspect();
        var due = only().decideBy();
        world.clock.advance(OptOuts.DECISION.dividedBy(2));
        suspect();
        assertEquals(due, only().decideBy());
    }
}
