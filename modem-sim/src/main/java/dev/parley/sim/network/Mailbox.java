package dev.parley.sim.network;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What waits for one station, in the order in which it was accepted.
final class Mailbox {

    /// More than any test sends to one number; the SMSC refuses what does not fit.
    static final int WAITING_MAX = 100_000;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /// Told what became of the parcels, without a lock held.
    interface Outcome {
        void delivered(Parcel parcel);

        void rejected(Parcel parcel);

        void expired(Parcel parcel);

        void deferred(Parcel parcel);
    }

    private static final class Waiting {
        final Parcel parcel;
        final Instant accepted;
        boolean offered;
        boolean deferred;
        int alertsSeen;

        Waiting(Parcel parcel, Instant accepted) {
            this.parcel = parcel;
            this.accepted = accepted;
        }
    }

    private final Station station;
    private final Outcome outcome;
    private final ScheduledExecutorService clock;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Instant nextExpiry = Instant.MAX;
    private Instant retryAt = Instant.MIN;
    private boolean absent;
    private boolean running;
    private boolean again;
    private int alerts;
    private Instant timerAt = Instant.MAX;
    private @Nullable ScheduledFuture<?> timer;

    Mailbox(Station station, Outcome outcome, ScheduledExecutorService clock) {
        this.station = station;
        this.outcome = outcome;
        this.clock = clock;
    }

    /// Takes one more.
    ///
    /// @return false if it is full
    boolean add(Parcel parcel) {
        synchronized (this) {
            if (waiting.size() >= WAITING_MAX) {
                return false;
            }
            waiting.addLast(new Waiting(parcel, Instant.now()));
            if (expiry(parcel).isBefore(nextExpiry)) {
                nextExpiry = expiry(parcel);
            }
        }
        run();
        return true;
    }

    /// The station can be reached again, or has changed.
    void alert() {
        synchronized (this) {
            absent = false;
            alerts++;
            retryAt = Instant.MIN;
        }
        run();
    }

    synchronized int size() {
        return waiting.size();
    }

    /// Takes a message back that the station does not have yet.
    boolean cancel(long id) {
        synchronized (this) {
            return waiting.removeIf(w -> !w.offered && w.parcel.message().id() == id);
        }
    }

    private static Instant expiry(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Text(var message) -> message.expires();
            case Parcel.Report _ -> Instant.MAX;
        };
    }

    /// One thread at a time; whoever comes meanwhile leaves word and goes.
    private void run() {
        synchronized (this) {
            if (running) {
                again = true;
                return;
            }
            running = true;
        }
        while (true) {
            List<Parcel> expired;
            List<Waiting> offers;
            synchronized (this) {
                again = false;
                var now = Instant.now();
                expired = takeExpired(now);
                offers = nextOffers(now);
                if (expired.isEmpty() && offers.isEmpty() && !again) {
                    running = false;
                    return;
                }
            }
            expired.forEach(outcome::expired);
            for (var offer : offers) {
                station.deliver(offer.parcel, reception -> answered(offer, reception));
            }
        }
    }

    private List<Parcel> takeExpired(Instant now) {
        if (now.isBefore(nextExpiry)) {
            return List.of();
        }
        var expired = new ArrayList<Parcel>();
        nextExpiry = Instant.MAX;
        for (var each = waiting.iterator(); each.hasNext(); ) {
            var w = each.next();
            var expires = expiry(w.parcel);
            if (!w.offered && !now.isBefore(expires)) {
                expired.add(w.parcel);
                each.remove();
            } else if (!w.offered && expires.isBefore(nextExpiry)) {
                nextExpiry = expires;
            }
        }
        return expired;
    }

    private List<Waiting> nextOffers(Instant now) {
        var offers = new ArrayList<Waiting>();
        var wakeAt = nextExpiry;
        if (!absent && retryAt.isAfter(now)) {
            wakeAt = earlier(wakeAt, retryAt);
        } else if (!absent) {
            int free = station.window();
            for (var w : waiting) {
                if (free-- <= 0) {
                    break;
                }
                if (w.offered) {
                    continue;
                }
                var due = w.accepted.plus(station.delay());
                if (due.isAfter(now)) {
                    wakeAt = earlier(wakeAt, due);
                    break;
                }
                w.offered = true;
                w.alertsSeen = alerts;
                offers.add(w);
            }
        }
        wakeAt(wakeAt, now);
        return offers;
    }

    private void answered(Waiting w, Reception reception) {
        boolean firstDeferral = false;
        synchronized (this) {
            w.offered = false;
            switch (reception) {
                case DELIVERED, REJECTED -> waiting.remove(w);
                case ABSENT -> {
                    // Word that it is back may have overtaken its own answer.
                    absent |= w.alertsSeen == alerts;
                    firstDeferral = !w.deferred;
                }
                case FAILED -> {
                    retryAt = Instant.now().plus(RETRY);
                    firstDeferral = !w.deferred;
                }
            }
            w.deferred |= firstDeferral;
            if (expiry(w.parcel).isBefore(nextExpiry)) {
                nextExpiry = expiry(w.parcel);
            }
        }
        switch (reception) {
            case DELIVERED -> outcome.delivered(w.parcel);
            case REJECTED -> outcome.rejected(w.parcel);
            case ABSENT, FAILED -> {
                if (firstDeferral) {
                    outcome.deferred(w.parcel);
                }
            }
        }
        run();
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void wakeAt(Instant at, Instant now) {
        if (waiting.isEmpty()) {
            return;
        }
        if (at.equals(Instant.MAX) || (!at.isBefore(timerAt) && timer != null && !timer.isDone())) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = at;
        timer = clock.schedule(
                () -> {
                    synchronized (this) {
                        timerAt = Instant.MAX;
                        timer = null;
                    }
                    run();
                },
                Math.max(0, Duration.between(now, at).toMillis()) + 1,
                TimeUnit.MILLISECONDS);
    }
}
