package dev.parley.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Who has a place, and who goes for whom.
class GuestsTest {
    private static final int MOST = Guests.STRANGERS_OF_ADDRESS_MAX + Guests.RESERVE + 400;

    private final Guests guests =
            new Guests(MOST, new Proxies(List.of(Network.of("127.0.0.9").orElseThrow())));
    private final List<Visitor> gone = new ArrayList<>();

    private final class Visitor implements Guests.Guest {
        private boolean waiting = true;

        @Override
        public boolean keepsUsWaiting() {
            return waiting;
        }

        @Override
        public void displace() {
            gone.add(this);
        }
    }

    private List<Visitor> come(int count, String address) throws Exception {
        var came = new ArrayList<Visitor>();
        for (int i = 0; i < count; i++) {
            var visitor = new Visitor();
            if (guests.arrives(visitor, InetAddress.getByName(address))) {
                came.add(visitor);
            }
        }
        return came;
    }

    @Test
    void strangersOfOneAddressDisplaceEachOther() throws Exception {
        var other = come(1, "127.0.0.2");
        var flood = come(Guests.STRANGERS_OF_ADDRESS_MAX, "127.0.0.1");
        assertEquals(List.of(), gone);
        var more = come(3, "127.0.0.1");
        assertEquals(flood.subList(0, 3), gone);
        assertEquals(3, more.size());
        assertFalse(gone.containsAll(other));
    }

    @Test
    void whoIsAtWorkOrKnownIsNotDisplaced() throws Exception {
        var flood = come(Guests.STRANGERS_OF_ADDRESS_MAX, "127.0.0.1");
        flood.get(0).waiting = false;
        assertTrue(guests.isOf(flood.get(1), 7));
        come(2, "127.0.0.1"); // one place is free, since a known one is no stranger
        assertEquals(List.of(flood.get(2)), gone);
    }

    @Test
    void knownOnesLeaveAReserve() throws Exception {
        int known = 0;
        for (int i = 0; i < MOST; i++) {
            for (var visitor : come(1, "127.0." + i / 200 + "." + (10 + i % 200))) {
                if (guests.isOf(visitor, i)) {
                    known++;
                }
            }
        }
        assertEquals(MOST - Guests.RESERVE, known);
        assertEquals(1, come(1, "127.0.0.3").size(), "a monitor comes in");
        assertEquals(1, gone.size());
    }

    @Test
    void oneUserHasAShare() throws Exception {
        var came = come(Guests.OF_ACCOUNT_MAX + 1, "127.0.0.1");
        for (var visitor : came.subList(0, Guests.OF_ACCOUNT_MAX)) {
            assertTrue(guests.isOf(visitor, 7));
        }
        assertFalse(guests.isOf(came.getLast(), 7));
        guests.leaves(came.getLast());
        assertTrue(guests.isOf(came.getFirst(), 7));
        assertEquals(List.of(), gone);
    }

    @Test
    void aProxyBringsMoreThanAnAddressMay() throws Exception {
        assertEquals(
                Guests.STRANGERS_OF_ADDRESS_MAX + 50,
                come(Guests.STRANGERS_OF_ADDRESS_MAX + 50, "127.0.0.9").size());
        assertEquals(List.of(), gone);
    }
}
