package dev.parley.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A bound on how many do something at once, and how many of them for one user or address: virtual
/// threads have none of their own. Who waits for its own share takes no turn from others meanwhile.
final class Turns {
    private final Semaphore all;
    private final int share;
    private final Map<Object, Share> shares = new HashMap<>(); // under its own monitor

    private static final class Share {
        private final Semaphore turns;
        private int users; // under the monitor of `shares`

        Share(int size) {
            turns = new Semaphore(size, true);
        }
    }

    /// @param most in all
    /// @param share of one user or address
    Turns(int most, int share) {
        this.all = new Semaphore(most, true);
        this.share = share;
    }

    /// A turn that was taken, until it is closed.
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /// Takes a turn.
    ///
    /// @param by an account's id, or an address
    /// @return null if there was none within `wait`
    @Nullable
    Turn take(Object by, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        Share own;
        synchronized (shares) {
            own = shares.computeIfAbsent(by, _ -> new Share(share));
            own.users++;
        }
        boolean mine = false;
        boolean taken = false;
        try {
            mine = own.turns.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
            taken = mine && all.tryAcquire(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            return taken ? () -> giveBack(by, own) : null;
        } finally {
            if (!taken) {
                if (mine) {
                    own.turns.release();
                }
                done(by, own);
            }
        }
    }

    /// Whether there is a turn just now.
    boolean hasOne(Object by) {
        synchronized (shares) {
            var own = shares.get(by);
            return all.availablePermits() > 0 && (own == null || own.turns.availablePermits() > 0);
        }
    }

    private void giveBack(Object by, Share own) {
        all.release();
        own.turns.release();
        done(by, own);
    }

    private void done(Object by, Share own) {
        synchronized (shares) {
            if (--own.users == 0) {
                shares.remove(by);
            }
        }
    }
}
