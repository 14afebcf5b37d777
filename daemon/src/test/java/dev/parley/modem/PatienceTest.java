package dev.parley.modem;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// How long things wait that a modem does not do at once.
class PatienceTest {
    private static final String PDU = "0791";
    private static final Notes.Slot SLOT = new Notes.Slot("SM", 1);

    private static long at(Duration time) {
        return time.toNanos();
    }

    @Test
    void theRadioIsSwitchedEverMoreSeldomWhileNoNetworkIsFound() {
        var search = new Search();
        search.lost(0);
        var steps = new ArrayList<String>();
        for (var minute = 0; minute <= 60; minute++) {
            search.lost(at(Duration.ofMinutes(minute)));
            var now = minute;
            search.step(at(Duration.ofMinutes(minute))).ifPresent(step -> steps.add(step + " " + now));
        }
        assertEquals(List.of("RADIO 2", "RESET 6", "RADIO 14", "RESET 30"), steps);
    }

    @Test
    void aNetworkThatComesBackCostsNoSwitching() {
        var search = new Search();
        search.lost(0);
        search.found();
        assertEquals(Optional.empty(), search.at());
        search.lost(at(Duration.ofSeconds(100)));
        assertEquals(Optional.empty(), search.step(at(Duration.ofSeconds(200))));
        assertEquals(Optional.of(Search.Step.RADIO), search.step(at(Duration.ofSeconds(220))));
    }

    @Test
    void whatCannotBeDeletedIsTriedEverMoreSeldom() {
        assertEquals(
                List.of(10L, 40L, 160L, 640L, 2560L, 3600L, 3600L),
                List.of(1, 2, 3, 4, 5, 6, 20).stream()
                        .map(tries -> Undeleted.pauseAfter(tries).toSeconds())
                        .toList());
        var left = new Undeleted();
        left.stays(SLOT, PDU, 0);
        assertTrue(left.holds(SLOT, PDU));
        assertFalse(left.holds(SLOT, PDU + "00"), "another message in its place");
        assertFalse(left.isStuck(), "a moment's trouble");
        assertFalse(left.isDue(SLOT, PDU, at(Duration.ofSeconds(9))));
        assertTrue(left.isDue(SLOT, PDU, at(Duration.ofSeconds(10))));
        left.stays(SLOT, PDU, at(Duration.ofSeconds(10)));
        assertTrue(left.isStuck());
        assertEquals(1, left.in("SM"));
        left.keepOnly("ME", Set.of());
        assertEquals(1, left.in("SM"));
        left.keepOnly("SM", Set.of("SM:11"));
        assertEquals(0, left.in("SM"));
        assertFalse(left.isStuck());
    }

    @Test
    void partsWaitTwiceAsLongEachTimeUntilSomethingGetsThrough() {
        var parking = new Parking();
        var stops = new ArrayList<Long>();
        for (var i = 0; i < 9; i++) {
            parking.park("it refuses", 0);
            stops.add(Duration.ofNanos(parking.until()).toSeconds());
            parking.unpark();
        }
        assertEquals(List.of(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L), stops);
        assertEquals(Optional.of("it refuses"), parking.hint(), "until something gets through");
        assertFalse(parking.isParked());
        parking.fine();
        assertEquals(Optional.empty(), parking.hint());
        assertEquals(Parking.FIRST, parking.next());
    }

    @Test
    void aSuspectedModemIsStartedAnewNowAndThen() {
        var parking = new Parking();
        assertTrue(parking.mayReset(0));
        assertFalse(parking.mayReset(at(Duration.ofMinutes(9))));
        assertTrue(parking.mayReset(at(Duration.ofMinutes(10))));
        parking.fine();
        assertTrue(parking.mayReset(at(Duration.ofMinutes(11))));
    }
}
