package dev.parley.line;

import dev.parley.store.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LinesTest {
    private static final LineSettings FRONT =
            new LineSettings("+12025550100", "Front desk", "US", List.of("modem-1", "modem-2"));
    private static final LineSettings SALES = new LineSettings("+12025550101", "Sales", "US", List.of("aggregator"));

    @Test
    void aLineKeepsItsIdOverRestartsAndRenaming() {
        try (var store = TestDatabase.open()) {
            var first = Lines.register(store, List.of(FRONT, SALES));
            var again = Lines.register(
                    store, List.of(SALES, new LineSettings(FRONT.number(), "Réception", "FR", FRONT.links())));
            var front = again.byNumber("+12025550100").orElseThrow();
            assertEquals(first.byNumber("+12025550100").orElseThrow().id(), front.id());
            assertEquals("Réception", front.name());
            assertEquals(List.of("modem-1", "modem-2"), front.links());
            assertEquals(front, again.byLink("modem-2").orElseThrow());
        }
    }

    @Test
    void aLineThatIsNotConfiguredAnyMoreIsKnownByIdAndHasNoLinks() {
        try (var store = TestDatabase.open()) {
            long id = Lines.register(store, List.of(FRONT, SALES))
                    .byNumber("+12025550101")
                    .orElseThrow()
                    .id();
            var lines = Lines.register(store, List.of(FRONT));
            assertEquals(1, lines.all().size());
            assertEquals("Sales", lines.byId(id).orElseThrow().name());
            assertTrue(lines.byId(id).orElseThrow().links().isEmpty());
            assertTrue(lines.byNumber("+12025550101").isEmpty());
        }
    }
}
