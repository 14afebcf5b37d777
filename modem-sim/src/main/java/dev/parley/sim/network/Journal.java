package dev.parley.sim.network;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What happens in the network, for whoever watches: the last events, and the next ones as they come. Whoever
/// comes late reads from the oldest that is kept.
public final class Journal {

    /// As much as a page can show of a morning's play.
    static final int KEPT_MAX = 2_000;

    /// Something that happened.
    ///
    /// @param id from 1, without a gap
    /// @param type `text`, `handset`, `modem` or `smsc`
    /// @param data what changed, as the control API shows it
    public record Entry(long id, String type, Instant at, Map<String, Object> data) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ArrayDeque<Entry> kept = new ArrayDeque<>();
    private long last;

    /// Notes what happened now.
    public void note(String type, Map<String, Object> data) {
        lock.lock();
        try {
            if (kept.size() == KEPT_MAX) {
                kept.removeFirst();
            }
            kept.add(new Entry(++last, type, Instant.now().truncatedTo(ChronoUnit.MILLIS), data));
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What is kept of what came after `id`, oldest first; waits for it.
    ///
    /// @param atMost how long; then nothing comes back
    /// @throws InterruptedException when the program ends
    public List<Entry> after(long id, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (last <= id) {
                if (left <= 0) {
                    return List.of();
                }
                left = grown.awaitNanos(left);
            }
            return kept.stream().filter(entry -> entry.id() > id).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The id of the last event, 0 before the first.
    public long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }
}
