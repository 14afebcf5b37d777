package dev.parley.smpp;

import dev.parley.lock.Held;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one session of a link bound, on a thread of its own: binds it, looks after it, and binds it
/// again when it has ended, ever more seldom.
///
/// An SMSC that takes the bind and then serves nothing (it closes or unbinds at once, answers each
/// submit with `ESME_RINVBNDSTS`, or answers none) must not be stormed. So a bind is no success yet:
/// only a session that has lasted makes the waits short again.
final class Binder implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Binder.class);

    /// How often a session is looked after.
    static final Duration TICK = Duration.ofMillis(500);

    /// A session that lives so long has served: what ends it then is an accident of its own.
    private static final Duration LASTING = Duration.ofSeconds(20);

    /// The wait after a session that lasted.
    private static final Duration WAIT_LEAST = Duration.ofMillis(500);

    /// The wait after the second end in a row; each further one is twice as long.
    private static final Duration WAIT_SECOND = Duration.ofMillis(1_500);

    private static final Duration WAIT_MOST = Duration.ofSeconds(60);

    /// Refused credentials do not get better by the second, and some SMSCs block who insists.
    private static final Duration WAIT_REFUSED = Duration.ofSeconds(15);

    /// So many short sessions in a row are told also while the next is bound.
    private static final int SHORT_TOLD = 3;

    private final String link;
    private final Seat seat;
    private final Runnable publish;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean closing; // written under lock
    private volatile boolean restarting; // written under lock
    private @Nullable Thread binding; // the thread while it binds; under lock

    private volatile @Nullable SmppSession session;

    /// Ends and refused binds in a row, none of them after a session that lasted.
    private final AtomicInteger failures = new AtomicInteger();

    private volatile boolean refused;
    private volatile boolean fault;
    private volatile String latestEnd = "";

    /// What the SMSC does with our submits, for as long as no session knows better.
    private volatile String complaint = "";

    /// @param publish called when any answer of this class has changed
    Binder(String link, Seat seat, Runnable publish) {
        this.link = link;
        this.seat = seat;
        this.publish = publish;
        seat.metrics()
                .watch(
                        () -> isBound() ? 1 : 0,
                        () -> session().map(SmppSession::used).orElse(0),
                        seat.role().isTransmittable() ? seat.settings().window() : 0);
    }

    String name() {
        return seat.name();
    }

    Optional<SmppSession> session() {
        return Optional.ofNullable(session);
    }

    boolean isBound() {
        return session().filter(held -> !held.ended()).isPresent();
    }

    boolean transmits() {
        return seat.role().isTransmittable() && isBound();
    }

    /// Whether the SMSC is there and does not serve us.
    boolean isAtFault() {
        return refused || fault;
    }

    boolean hasFailed() {
        return failures.get() > 0;
    }

    /// What a person should know; empty where all is well.
    String trouble() {
        if (!isBound()) {
            return latestEnd;
        }
        var told = session().flatMap(SmppSession::complaint).orElse(complaint);
        return told.isEmpty() && failures.get() >= SHORT_TOLD
                ? failures + " sessions in a row ended early, the latest: " + latestEnd
                : told;
    }

    void restart() {
        try (var _ = Held.lock(lock)) {
            restarting = true;
            changed.signal();
        }
    }

    /// Unbinds, and ends the thread. What it waits for while it connects and binds is wanted by
    /// nobody.
    void close() {
        try (var _ = Held.lock(lock)) {
            closing = true;
            changed.signal();
            if (binding != null) {
                binding.interrupt();
            }
        }
    }

    @Override
    public void run() {
        try {
            publish.run();
            while (begins()) {
                bindOnce().ifPresent(this::keep);
                if (failures.get() > 0) {
                    rest();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            latestEnd = "internal error: " + e;
            LOG.error("link={} session={} ended by an error of ours", link, seat.name(), e);
        } finally {
            session = null;
            publish.run();
        }
    }

    private boolean begins() {
        try (var _ = Held.lock(lock)) {
            restarting = false;
            binding = closing ? null : Thread.currentThread();
            return !closing;
        }
    }

    private void stoppedBinding() {
        try (var _ = Held.lock(lock)) {
            binding = null;
            var _ = Thread.interrupted(); // meant for the bind alone
        }
    }

    private Optional<SmppSession> bindOnce() {
        IOException why;
        try {
            var bound = SmppSession.bind(seat);
            seat.metrics().bindEnded("bound");
            refused = false;
            return Optional.of(bound);
        } catch (SmppSession.BindRefused e) {
            seat.metrics().bindEnded("refused");
            refused = CommandStatus.means(e.status, CommandStatus.Means.SESSION);
            why = e;
        } catch (IOException e) {
            seat.metrics().bindEnded("unreachable");
            refused = false;
            fault = false;
            why = e;
        } finally {
            stoppedBinding();
        }
        latestEnd = seat.settings().host() + ":" + seat.settings().port() + ": "
                + (why.getMessage() == null ? why : why.getMessage());
        failures.incrementAndGet();
        publish.run();
        return Optional.empty();
    }

    /// Looks after a bound session until it ends or the link does.
    private void keep(SmppSession bound) {
        session = bound;
        publish.run();
        var end = Optional.<SmppSession.End>empty();
        try {
            while (end.isEmpty() && !closing && !restarting) {
                end = bound.ended(TICK);
                if (end.isEmpty()) {
                    bound.tend();
                    end = bound.spent();
                    lasts(bound);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        bound.complaint().ifPresent(told -> complaint = told);
        if (end.isPresent()) {
            latestEnd = end.get().why();
            fault = end.get().fault();
            failures.incrementAndGet();
            LOG.warn("link={} session={} ended: {}", link, seat.name(), latestEnd);
        } else {
            failures.set(0);
            latestEnd = "";
        }
        session = null;
        publish.run();
        bound.leave();
    }

    private void lasts(SmppSession bound) {
        if (failures.get() > 0 && bound.age().compareTo(LASTING) >= 0) {
            failures.set(0);
            fault = false;
            latestEnd = "";
        }
        if (bound.served()) {
            complaint = "";
            fault = false;
        }
        publish.run();
    }

    /// Waits, exponentially and with jitter, so that many daemons do not knock at once.
    private void rest() throws InterruptedException {
        long nanos = failures.get() == 1
                ? WAIT_LEAST.toNanos()
                : Math.min(WAIT_MOST.toNanos(), WAIT_SECOND.toNanos() << Math.min(failures.get() - 2, 10));
        if (refused) {
            nanos = Math.max(nanos, WAIT_REFUSED.toNanos());
        }
        nanos = ThreadLocalRandom.current().nextLong(nanos / 5 * 4, nanos + 1);
        try (var _ = Held.lock(lock)) {
            while (nanos > 0 && !closing && !restarting) {
                nanos = changed.awaitNanos(nanos);
            }
            if (restarting) {
                failures.set(0);
            }
        }
    }
}
