package dev.parley.conversation;

import dev.parley.contact.Contacts;
import dev.parley.event.Event;
import dev.parley.event.EventLog;
import dev.parley.reply.Keywords;
import dev.parley.reply.ReplyServices;
import dev.parley.world.PlainSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.CHLOE;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a text costs the database once its conversation is in use, counted by the server on the writer's connection.
/// The queue's own statements are not among them: the outbox here writes nothing.
class WarmPathTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private record Cost(long statements, long selects, long commits) {
        Cost since(Cost before) {
            return new Cost(statements - before.statements, selects - before.selects, commits - before.commits);
        }
    }

    /// Costs a statement itself; a transaction that only asks is not committed.
    private Cost sofar() {
        return world.store.transaction(tx -> {
            var counted = tx.list(
                    "SHOW SESSION STATUS WHERE Variable_name IN ('Com_commit', 'Com_select', 'Questions')",
                    row -> row.getLong("Value"));
            return new Cost(counted.get(2), counted.get(1), counted.get(0));
        });
    }

    private Cost costOf(Runnable what) {
        var before = sofar();
        what.run();
        var cost = sofar().since(before);
        return new Cost(cost.statements - 1, cost.selects, cost.commits);
    }

    @Test
    void aTextToOneNumberAsksNothingAndIsOneCommit() {
        Runnable text = () -> done(world.messages.postDirect(
                world.admin, new DirectMessage(Optional.of(world.desk.id()), CHLOE, NewMessage.now("Hi"))));
        text.run(); // opens the conversation
        text.run(); // learns where the number takes part
        var cost = costOf(text);
        assertEquals(0, cost.selects, cost.toString());
        assertEquals(1, cost.commits, cost.toString());
        // A message, a delivery, the conversation, an event; the commit.
        assertTrue(cost.statements <= 6, cost.toString());
    }

    /// What is told of a conversation that begins with a text is known by who begins it.
    @Test
    void aTextToANewNumberAsksOnlyWhatIsKnownOfTheNumber() {
        var numbers = Stream.of("+12025550160", "+12025550161").iterator();
        Runnable text = () -> done(world.messages.postDirect(
                world.admin, new DirectMessage(Optional.of(world.desk.id()), numbers.next(), NewMessage.now("Hi"))));
        text.run();
        var cost = costOf(text);
        assertEquals(1, cost.commits, cost.toString());
        // Whose it is, where it takes part, what it said of texts (two), what is held, who is not to be disturbed.
        assertTrue(cost.selects <= 6, cost.toString());
        assertTrue(cost.statements <= 14, cost.toString());
    }

    @Test
    void aTextToAGroupOfNineCostsNoMoreStatements() {
        var group = world.create(world.on(world.desk, nine()));
        world.post(group, "first");
        var cost = costOf(() -> world.post(group, "second"));
        assertEquals(0, cost.selects, cost.toString());
        assertEquals(1, cost.commits, cost.toString());
        assertTrue(cost.statements <= 6, cost.toString());
    }

    @Test
    void aReplyRelayedToEightIsOneCommitAndFewStatements() {
        var group = world.create(world.on(world.desk, nine()));
        world.post(group, "first");
        reply("me first");
        var cost = costOf(() -> reply("on my way"));
        assertEquals(1, cost.commits, cost.toString());
        assertTrue(cost.statements <= 20, cost.toString());
        assertEquals(
                2,
                world.outbox.textsTo("+12025550151").stream()
                        .filter(text -> !text.equals("first"))
                        .count());
    }

    private void reply(String text) {
        world.store.transaction(tx -> {
            world.replies
                    .replies()
                    .received(
                            tx,
                            new InboundText(
                                    world.desk.id(),
                                    "+12025550150",
                                    text,
                                    Optional.empty(),
                                    world.clock.instant(),
                                    "modem-1"));
            return text;
        });
    }

    private static NewParticipant[] nine() {
        return IntStream.range(0, 9)
                .mapToObj(i -> number("+1202555015" + i, "P" + i))
                .toArray(NewParticipant[]::new);
    }

    /// What is decided from memory is as new as what was committed before it.
    @Test
    void whatChangesBetweenTwoTextsCountsForTheSecond() {
        var group = world.create(world.on(world.desk, number(ANN), number(CHLOE)));
        assertEquals("queued", world.statusOf(world.post(group, "first"), ANN));
        world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), ANN, 1, "STOP"));
        assertEquals("blocked", world.statusOf(world.post(group, "second"), ANN));
        world.store.transaction(tx -> world.optOuts.optIn(tx, world.desk.id(), ANN, 1, "START"));
        assertEquals("queued", world.statusOf(world.post(group, "third"), ANN));
    }

    @Test
    void whatIsRolledBackIsForgotten() {
        var group = world.create(world.on(world.desk, number(ANN), number(CHLOE)));
        world.post(group, "first");
        var failed = assertThrows(
                IllegalArgumentException.class,
                () -> world.store.transaction(tx -> {
                    world.optOuts.optOut(tx, world.desk.id(), ANN, 1, "STOP");
                    done(world.messages.post(world.admin, World.id(group), NewMessage.now("never said")));
                    throw new IllegalArgumentException("no");
                }));
        assertEquals("no", failed.getMessage());
        assertEquals("queued", world.statusOf(world.post(group, "second"), ANN));
    }

    /// Another node has a log and services of its own over the same database.
    @Test
    void whatAnotherNodeCommitsIsNotOverlooked() {
        var group = world.create(world.on(world.desk, number(ANN), number(CHLOE)));
        world.post(group, "first");
        var log = new EventLog(world.store, world.clock, world.json);
        var other = new ConversationServices(
                world.store,
                log,
                world.lines,
                new Contacts(world.store, log, world.accounts, world.clock, "US"),
                world.outbox,
                PlainSettings.CONVERSATIONS,
                (_, parts) -> Duration.ofSeconds(parts),
                world.clock,
                world.json);
        var others = new ReplyServices(
                world.store, world.lines, other, PlainSettings.CONVERSATIONS, new Keywords(), world.clock);
        world.store.transaction(tx -> others.optOuts().optOut(tx, world.desk.id(), ANN, 1, "STOP"));
        assertEquals("blocked", world.statusOf(world.post(group, "second"), ANN));
        var ids = world.eventsAfter(0).stream().map(Event::id).toList();
        assertEquals(LongStream.rangeClosed(1, ids.size()).boxed().toList(), ids);
    }
}
