package dev.parley.modem;

import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A listener that commits to memory, and can be told not to.
final class Heard implements LinkListener {
    final List<Inbound> inbound = new CopyOnWriteArrayList<>();
    final List<Long> released = new CopyOnWriteArrayList<>();
    final List<LinkStatus> states = new CopyOnWriteArrayList<>();
    volatile boolean away;
    final AtomicInteger refused = new AtomicInteger();
    volatile Runnable onReceived = () -> {};

    @Override
    public long received(Inbound what) throws NotNow {
        if (away) {
            refused.incrementAndGet();
            throw new NotNow("the database is away", new IllegalStateException());
        }
        onReceived.run();
        inbound.add(what);
        return inbound.size();
    }

    @Override
    public void released(long receipt) {
        released.add(receipt);
    }

    @Override
    public void stateChanged(Link link, LinkStatus status) {
        states.add(status);
    }

    List<String> pdus() {
        return inbound.stream()
                .map(one -> HexFormat.of().formatHex(one.pdu()).toUpperCase(Locale.ROOT))
                .toList();
    }

    /// Waits for a condition, at most three minutes: far longer than anything takes.
    static void until(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within three minutes: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static void until(Link link, LinkState state) {
        try {
            until(state.label(), () -> link.status().state() == state);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", but " + link.status(), e);
        }
    }
}
