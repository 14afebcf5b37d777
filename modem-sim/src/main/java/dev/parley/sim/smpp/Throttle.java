package dev.parley.sim.smpp;

/// Counts what one system submits in a second.
final class Throttle {

    private static final long SECOND = 1_000_000_000L;

    private long since = System.nanoTime();
    private int count;

    /// @param perSecond 0 for no limit
    synchronized boolean admits(int perSecond) {
        if (perSecond == 0) {
            return true;
        }
        long now = System.nanoTime();
        if (now - since >= SECOND) {
            since = now;
            count = 0;
        }
        return ++count <= perSecond;
    }
}
