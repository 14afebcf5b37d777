package dev.parley.conversation;

import dev.parley.contact.ContactChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.CHLOE;
import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static dev.parley.conversation.World.number;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// What happens at once must end as if it had happened one after the other.
class RaceTest {
    private static final int TEXTS = 40;

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var each : threads.invokeAll(calls)) {
                results.add(each.get());
            }
            return results;
        }
    }

    private List<Callable<MessageView>> posts(ConversationView... groups) {
        var calls = new ArrayList<Callable<MessageView>>();
        for (int i = 0; i < TEXTS; i++) {
            var group = groups[i % groups.length];
            var text = "text " + i;
            calls.add(() -> world.post(group, text));
        }
        return calls;
    }

    @Test
    void nothingSlipsOutBesideAnOptOutOrDoNotDisturb() throws Exception {
        var first = world.create(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)));
        var second = world.create(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)));
        var calls = posts(first, second);
        calls.add(TEXTS / 2, () -> {
            world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), ANN, 1, "STOP"));
            return world.post(first, "after the opt-out");
        });
        calls.add(TEXTS / 3, () -> {
            done(world.contacts.change(
                    world.admin,
                    world.bob.id(),
                    new ContactChange(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(true))));
            return world.post(second, "after Do Not Disturb");
        });
        for (var each : atOnce(calls)) {
            assertEquals("blocked", world.statusOf(each, ANN));
            assertEquals("blocked", world.statusOf(each, BOB));
            assertEquals("queued", world.statusOf(each, CHLOE));
        }
        assertEquals(List.of(), world.outbox.textsTo(ANN));
        assertEquals(List.of(), world.outbox.textsTo(BOB));
        assertEquals(TEXTS + 2, world.outbox.textsTo(CHLOE).size());
    }

    @Test
    void theFirstTextsToANumberOpenOneDirectConversation() throws Exception {
        var calls = new ArrayList<Callable<MessageView>>();
        for (int i = 0; i < TEXTS; i++) {
            calls.add(() -> done(world.messages.postDirect(
                    world.admin, new DirectMessage(Optional.of(world.desk.id()), CHLOE, NewMessage.now("Hi")))));
        }
        assertEquals(
                1,
                atOnce(calls).stream().map(MessageView::conversation).distinct().count());
    }

    @Test
    void nothingIsSaidInAConversationThatIsClosed() throws Exception {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        var calls = new ArrayList<Callable<String>>();
        for (int i = 0; i < TEXTS; i++) {
            calls.add(() -> switch (world.messages.post(world.admin, id(group), NewMessage.now("Hi"))) {
                case dev.parley.problem.Outcome.Done<MessageView> _ -> "said";
                case dev.parley.problem.Outcome.Refused<MessageView>(var problem) -> problem.code();
            });
        }
        calls.add(TEXTS / 2, () -> {
            done(world.conversations.close(world.admin, id(group)));
            return "closed";
        });
        long said = atOnce(calls).stream().filter("said"::equals).count();
        assertEquals(said, world.outbox.textsTo(ANN).size());
        assertEquals(
                said,
                done(world.threads.list(world.admin, id(group), World.first(100)))
                        .items()
                        .size());
    }
}
