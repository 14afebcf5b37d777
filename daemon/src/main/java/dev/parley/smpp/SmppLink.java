package dev.parley.smpp;

import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jsmpp.bean.BindType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A link to an SMSC: keeps its sessions bound, spreads submits over their windows at the
/// permitted rate, and receives in lanes.
///
/// Ready as long as one session that may submit is bound. Each session has a thread that binds it,
/// looks after it and binds it again, with backoff and jitter. Messages of one sender are received
/// in their order; those of others do not wait for them.
public final class SmppLink implements Link {

    private static final Logger LOG = LoggerFactory.getLogger(SmppLink.class);

    /// How many messages are committed at once. More would only make the group commits bigger.
    private static final int LANES = 16;

    private static final Duration TICK = Duration.ofMillis(500);

    /// What the thread of a session may take to end, beyond its unbind.
    private static final Duration SLOT_GRACE = TICK.multipliedBy(4);
    private static final Duration BACKOFF_LEAST = Duration.ofMillis(500);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(60);

    /// Refused credentials do not get better by the second, and some SMSCs block who insists.
    private static final Duration BACKOFF_REFUSED = Duration.ofSeconds(15);

    /// A submit whose turn is further away than this is given back to the queue.
    private static final Duration TURN_MOST = Duration.ofSeconds(10);

    /// How long a throttled submit is repeated here, where its place in the order is kept, before
    /// the queue gets it back. The SMSC has refused it each time, so none of these can become a
    /// duplicate.
    private static final Duration THROTTLED_MOST = Duration.ofSeconds(30);

    private final String name;
    private final SmppSettings settings;
    private final Clock clock;
    private final SmppMetrics metrics;
    private final Pacer pacer;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Thread> laneThreads = new ArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Object publishing = new Object();

    private volatile LinkStatus status;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile @Nullable LinkListener listener;

    /// A link that has not started.
    ///
    /// @param name its name in the configuration
    public SmppLink(String name, SmppSettings settings, Clock clock, MeterRegistry registry) {
        this.name = name;
        this.settings = settings;
        this.clock = clock;
        this.metrics = new SmppMetrics(registry, name);
        this.pacer = new Pacer(settings.perSecond(), System::nanoTime);
        this.status = LinkStatus.of(LinkState.DISCONNECTED, "", clock.instant());
        metrics.rate(pacer::perSecond);
        for (int i = 1; i <= settings.sessions(); i++) {
            switch (settings.bind()) {
                case TRANSCEIVER -> slots.add(new Slot(name + "-" + i, BindType.BIND_TRX));
                case TRANSMITTER_AND_RECEIVER -> {
                    slots.add(new Slot(name + "-" + i + "-tx", BindType.BIND_TX));
                    slots.add(new Slot(name + "-" + i + "-rx", BindType.BIND_RX));
                }
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LinkKind kind() {
        return LinkKind.SMPP;
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    @Override
    public int window() {
        return settings.window() * settings.sessions();
    }

    @Override
    public SubmitOutcome submit(OutboundPart part) throws InterruptedException {
        inFlight.incrementAndGet();
        try {
            if (closing || paused) {
                return new SubmitOutcome.NotHandedOver(closing ? "the link is closed" : "the link is paused");
            }
            var session = reserved();
            if (session.isEmpty()) {
                return new SubmitOutcome.NotHandedOver(
                        status.state() == LinkState.READY ? "the window is full" : "no session is bound");
            }
            try {
                return submitInTurn(session.get(), part);
            } finally {
                session.get().giveBack();
            }
        } finally {
            inFlight.decrementAndGet();
            signal();
        }
    }

    private SubmitOutcome submitInTurn(SmppSession session, OutboundPart part) throws InterruptedException {
        long patience = System.nanoTime() + THROTTLED_MOST.toNanos();
        while (true) {
            var turn = pacer.turn(TURN_MOST.toNanos());
            if (turn.isEmpty()) {
                return new SubmitOutcome.NotHandedOver(
                        "the rate leaves no turn within " + TURN_MOST.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.sleep(turn.get());
            var outcome = session.submit(part);
            if (!throttled(outcome)) {
                if (outcome instanceof SubmitOutcome.NotHandedOver) {
                    session.drop("the SMSC does not take submits in it");
                }
                return outcome;
            }
            pacer.throttled();
            if (System.nanoTime() > patience || session.ended() || closing) {
                return outcome;
            }
        }
    }

    private static boolean throttled(SubmitOutcome outcome) {
        return outcome instanceof SubmitOutcome.Postponed postponed
                && postponed.network().filter(CommandStatus::throttles).isPresent();
    }

    /// A place in the window of the session with the most room.
    private Optional<SmppSession> reserved() {
        return slots.stream()
                .flatMap(slot -> slot.session().stream())
                .filter(session -> session.free() > 0)
                .sorted(Comparator.comparingInt(SmppSession::free).reversed())
                .filter(SmppSession::reserve)
                .findFirst();
    }

    @Override
    public void start(LinkListener told) {
        listener = told;
        for (int i = 0; i < LANES; i++) {
            var lane = new Lane(name, told, clock);
            lanes.add(lane);
            laneThreads.add(
                    Thread.ofVirtual().name("smpp-" + name + "-lane-" + i).start(lane));
        }
        metrics.inDoubt(() -> lanes.stream().mapToInt(Lane::inDoubt).sum());
        for (var slot : slots) {
            metrics.session(slot.name, slot::bound, slot::used, slot::window);
            slot.thread = Thread.ofVirtual().name("smpp-" + slot.name).start(slot);
        }
    }

    @Override
    public void pause() {
        paused = true;
        publish();
    }

    @Override
    public void resume() {
        paused = false;
        publish();
    }

    @Override
    public void restart() {
        slots.forEach(Slot::restart);
    }

    @Override
    public void close() {
        closing = true;
        signal();
        awaitWindow(settings.responseTimeout());
        slots.forEach(Slot::stopBinding);
        for (var slot : slots) {
            join(slot.thread, SmppSession.unbindTimeout(settings).plus(SLOT_GRACE));
        }
        lanes.forEach(Lane::close);
        laneThreads.forEach(thread -> join(thread, settings.responseTimeout()));
        closed = true;
        publish();
    }

    /// Waits until nothing is being handed over.
    private void awaitWindow(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (inFlight.get() > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static void join(@Nullable Thread thread, Duration atMost) {
        if (thread == null) {
            return;
        }
        try {
            if (!thread.join(atMost)) {
                LOG.warn("thread={} did not end within {}", thread.getName(), atMost);
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- receiving ----

    /// Called by the reader of a session: must not wait.
    private void message(SmppSession session, byte[] pdu) {
        switch (MessagePdu.read(pdu)) {
            case MessagePdu.Read.Malformed malformed -> {
                LOG.warn("link={} session={} refused a message: {}", name, session.name(), malformed.why());
                session.answer(pdu, malformed.status());
            }
            case MessagePdu.Read.Ok ok -> {
                var lane = lanes.get(Math.floorMod(ok.pdu().source().address().hashCode(), LANES));
                if (!lane.offer(session, pdu)) {
                    session.answer(pdu, CommandStatus.ESME_RX_T_APPN);
                }
            }
        }
    }

    // ---- state ----

    /// Tells the listener if state or sentence have changed. In order: whoever publishes later has
    /// seen more.
    private void publish() {
        synchronized (publishing) {
            var now = current();
            if (now.state() == status.state() && now.sentence().equals(status.sentence())) {
                return;
            }
            if (now.state() != status.state()) {
                LOG.info(
                        "link={} is {}{}",
                        name,
                        now.state().label(),
                        now.sentence().isEmpty() ? "" : ": " + now.sentence());
            }
            status = now;
            var told = listener;
            if (told != null) {
                try {
                    told.stateChanged(this, now);
                } catch (RuntimeException e) {
                    LOG.error("link={} a change of state could not be told", name, e);
                }
            }
        }
    }

    private LinkStatus current() {
        if (closed) {
            return LinkStatus.of(LinkState.CLOSED, "", clock.instant());
        }
        long bound = slots.stream().filter(Slot::isBound).count();
        boolean transmits = slots.stream()
                .flatMap(slot -> slot.session().stream())
                .anyMatch(session -> session.transmits() && !session.ended());
        var trouble = slots.stream()
                .map(slot -> slot.trouble)
                .filter(why -> !why.isEmpty())
                .findFirst();
        if (transmits) {
            return LinkStatus.of(
                    paused ? LinkState.PAUSED : LinkState.READY,
                    bound == slots.size()
                            ? ""
                            : bound + " of " + slots.size() + " sessions are bound"
                                    + trouble.map(why -> ": " + why).orElse(""),
                    clock.instant());
        }
        if (slots.stream().anyMatch(slot -> slot.refused)) {
            return LinkStatus.of(LinkState.FAULT, trouble.orElse(""), clock.instant());
        }
        return LinkStatus.of(
                slots.stream().allMatch(slot -> slot.failures.get() == 0)
                        ? LinkState.CONNECTING
                        : LinkState.DISCONNECTED,
                trouble.orElse(""),
                clock.instant());
    }

    /// The place of one session, bound again and again.
    private final class Slot implements Runnable {

        private final String name;
        private final BindType type;
        private volatile @Nullable SmppSession session;
        private volatile @Nullable Thread thread;
        private final AtomicInteger failures = new AtomicInteger();
        private volatile boolean refused;
        private volatile String trouble = "";
        private volatile boolean restarting;
        private volatile boolean binding;

        Slot(String name, BindType type) {
            this.name = name;
            this.type = type;
        }

        Optional<SmppSession> session() {
            return Optional.ofNullable(session);
        }

        boolean isBound() {
            return session().filter(held -> !held.ended()).isPresent();
        }

        Number bound() {
            return isBound() ? 1 : 0;
        }

        Number used() {
            return session().map(SmppSession::used).orElse(0);
        }

        Number window() {
            return type == BindType.BIND_RX ? 0 : settings.window();
        }

        void restart() {
            restarting = true;
            signal();
        }

        /// Once the link is closing: what its thread waits for while it connects and binds is wanted by nobody.
        void stopBinding() {
            var bound = thread;
            if (binding && bound != null) {
                bound.interrupt();
            }
        }

        @Override
        public void run() {
            try {
                publish();
                while (!closing) {
                    bindOnce().ifPresent(this::keep);
                    if (failures.get() > 0 && !closing) {
                        rest();
                    }
                }
            } catch (RuntimeException e) {
                trouble = "internal error: " + e;
                LOG.error("link={} session={} ended by an error of ours", SmppLink.this.name, name, e);
            } finally {
                session = null;
                publish();
            }
        }

        private Optional<SmppSession> bindOnce() {
            restarting = false;
            binding = true;
            try {
                if (closing) {
                    return Optional.empty();
                }
                var bound = SmppSession.bind(name, settings, type, SmppLink.this::message, metrics);
                metrics.bindEnded(name, "bound");
                failures.set(0);
                refused = false;
                trouble = "";
                return Optional.of(bound);
            } catch (SmppSession.BindRefused e) {
                metrics.bindEnded(name, "refused");
                refused = CommandStatus.faultsSession(e.status);
                failed(e);
            } catch (IOException e) {
                metrics.bindEnded(name, "unreachable");
                refused = false;
                failed(e);
            } finally {
                binding = false;
            }
            return Optional.empty();
        }

        private void failed(IOException e) {
            failures.incrementAndGet();
            var why = e.getMessage() == null ? e.toString() : e.getMessage();
            trouble = settings.host() + ":" + settings.port() + ": " + why;
            publish();
        }

        /// Looks after a bound session until it ends or the link does.
        private void keep(SmppSession bound) {
            session = bound;
            publish();
            var why = Optional.<String>empty();
            while (why.isEmpty() && !closing && !restarting) {
                try {
                    why = bound.ended(TICK);
                } catch (InterruptedException _) {
                    break;
                }
                bound.tend();
            }
            if (why.isPresent()) {
                trouble = why.get();
                failures.set(closing || restarting ? 0 : 1);
                LOG.info("link={} session={} ended: {}", SmppLink.this.name, name, trouble);
                bound.drop(trouble);
            } else {
                if (closing) {
                    awaitWindow(settings.responseTimeout());
                }
                session = null;
                bound.leave();
            }
            session = null;
            publish();
        }

        /// Backs off, exponentially and with jitter, so that many daemons do not knock at once.
        private void rest() {
            long nanos = Math.min(BACKOFF_MOST.toNanos(), BACKOFF_LEAST.toNanos() << Math.min(failures.get() - 1, 10));
            if (refused) {
                nanos = Math.max(nanos, BACKOFF_REFUSED.toNanos());
            }
            nanos = ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1);
            lock.lock();
            try {
                while (nanos > 0 && !closing && !restarting) {
                    nanos = changed.awaitNanos(nanos);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }
    }
}
