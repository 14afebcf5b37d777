package dev.parley.conversation;

import dev.parley.contact.ContactPeople;
import dev.parley.person.Holding;
import dev.parley.person.People;
import dev.parley.person.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.ANN_2;
import static dev.parley.conversation.World.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// An erasure that ends in the middle, and what others keep.
class ErasureTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /// Erases nothing, perhaps with a noise.
    private record Last(boolean fails) implements Holding {
        @Override
        public List<Section> sections() {
            return List.of();
        }

        @Override
        public boolean erase(Subject subject) {
            if (fails) {
                throw new IllegalStateException("the daemon is killed here");
            }
            return true;
        }
    }

    private People people(Holding... others) {
        var holdings = new ArrayList<Holding>(List.of(others));
        holdings.add(new ContactPeople(world.contacts));
        holdings.add(world.services.people());
        return new People(world.store, world.clock, world.json, holdings);
    }

    private String export(String number) throws InterruptedException {
        var written = new StringBuilder();
        people().<RuntimeException>export(number, written::append);
        return written.toString();
    }

    @Test
    void aRestartGoesOnWithWhatWasBegun() throws Exception {
        var group = world.create(world.on(world.desk, World.contact(world.ann), World.number(BOB)));
        world.post(group, "Hello both");
        assertTrue(export(ANN).contains("Hello both"));
        var cut = people(new Last(true));
        assertThrows(IllegalStateException.class, () -> cut.erase(ANN, Optional.empty()));
        // The doors are closed already: nothing goes there any more, though copies are there still.
        assertEquals(List.of(), world.outbox.textsTo(ANN));
        world.restart();
        var again = people(new Last(false));
        again.resume();
        assertFalse(export(ANN).contains("Hello both"));
        assertTrue(again.byId(1).orElseThrow().doneAt().isPresent());
        assertEquals(List.of("Hello both"), world.outbox.textsTo(BOB));
        world.post(group, "Only Bob now");
        assertEquals(List.of("Hello both", "Only Bob now"), world.outbox.textsTo(BOB));
    }

    /// The person asks for each number.
    @Test
    void aContactKeepsItsOtherNumber() throws Exception {
        people().erase(ANN, Optional.empty());
        var ann = world.store.read(
                connection -> world.contacts.byId(connection, world.ann.id()).orElseThrow());
        assertEquals(ANN_2, ann.primaryNumber());
        assertFalse(ann.deleted());
        people().erase(ANN_2, Optional.empty());
        var gone = world.store.read(
                connection -> world.contacts.byId(connection, world.ann.id()).orElseThrow());
        assertEquals(Subject.NAME, gone.name());
        assertTrue(gone.deleted());
        assertFalse(export(ANN_2).contains("Ann"));
    }
}
