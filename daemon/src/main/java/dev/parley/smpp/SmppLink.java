package dev.parley.smpp;

import dev.parley.link.FailureCode;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkNews;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.lock.Held;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jsmpp.bean.BindType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A link to an SMSC: keeps its sessions bound, spreads submits over their windows at the
/// permitted rate, and receives in lanes.
///
/// Ready as long as one session that may submit is bound. Each session has a [Binder] that binds
/// it, looks after it and binds it again. Messages of one sender are received in their order; those
/// of others do not wait for them.
public final class SmppLink implements Link {

    private static final Logger LOG = LoggerFactory.getLogger(SmppLink.class);

    /// What the thread of a session may take to end, beyond its unbind.
    private static final Duration BINDER_GRACE = Binder.TICK.multipliedBy(4);

    /// How long a throttled submit is repeated here, where its place in the order is kept, before
    /// the queue gets it back. The SMSC has refused it each time, so none of these can become a
    /// duplicate.
    private static final Duration THROTTLED_MOST = Duration.ofSeconds(30);

    private final String name;
    private final SmppSettings settings;
    private final Clock clock;
    private final SmppMetrics metrics;
    private final Pacer pacer;
    private final SubmitPdu submits;
    private final List<Binder> binders = new ArrayList<>();
    private final List<Thread> binderThreads = new ArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allEnded = lock.newCondition();
    private final ReentrantLock publishing = new ReentrantLock();
    private final LinkNews news;

    private volatile Tolerance tolerance = Tolerance.ALL;
    private volatile LinkStatus status;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile @Nullable LinkListener listener;
    private volatile @Nullable Reception reception;
    private volatile @Nullable Thread receptionThread;

    /// A link that has not started.
    ///
    /// @param name its name in the configuration
    public SmppLink(String name, SmppSettings settings, Clock clock, MeterRegistry registry) {
        this.name = name;
        this.settings = settings;
        this.clock = clock;
        this.metrics = new SmppMetrics(registry, name);
        this.pacer = new Pacer(settings.perSecond());
        this.submits = new SubmitPdu(settings);
        this.news = new LinkNews(LOG, name);
        this.status = LinkStatus.of(LinkState.DISCONNECTED, "", clock.instant());
        metrics.rate(pacer::perSecond);
        for (int i = 1; i <= settings.sessions(); i++) {
            switch (settings.bind()) {
                case TRANSCEIVER -> binders.add(binder(name + "-" + i, BindType.BIND_TRX));
                case TRANSMITTER_AND_RECEIVER -> {
                    binders.add(binder(name + "-" + i + "-tx", BindType.BIND_TX));
                    binders.add(binder(name + "-" + i + "-rx", BindType.BIND_RX));
                }
            }
        }
    }

    private Binder binder(String session, BindType role) {
        var seat = new Seat(session, role, settings, metrics.new OfSession(session), new Hearing());
        return new Binder(name, seat, this::publish);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LinkKind kind() {
        return SmppKind.KIND;
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    @Override
    public int window() {
        return settings.window() * settings.sessions();
    }

    // ---- submitting ----

    @Override
    public Runnable submit(OutboundPart part, Consumer<SubmitOutcome> told) {
        inFlight.incrementAndGet();
        var session = closing || paused ? Optional.<SmppSession>empty() : reserved();
        if (session.isEmpty()) {
            landed();
            told.accept(new SubmitOutcome.NotHandedOver(whyNotNow()));
            return () -> {};
        }
        var handOver = new HandOver(session.get(), part, told);
        handOver.submit();
        return handOver::withdraw;
    }

    private String whyNotNow() {
        if (closing || paused) {
            return closing ? "the link is closed" : "the link is paused";
        }
        return status.state() == LinkState.READY ? "the window is full" : "no session is bound";
    }

    private void landed() {
        if (inFlight.decrementAndGet() == 0) {
            try (var _ = Held.lock(lock)) {
                allEnded.signalAll();
            }
        }
    }

    /// A part on its way through a place in the window of a session. Repeats what the SMSC refused for
    /// being too fast, or for a field that a text can do without: each of these was refused, so none can
    /// become a duplicate.
    private final class HandOver {
        private final SmppSession session;
        private final OutboundPart part;
        private final Consumer<SubmitOutcome> told;
        private final long patience = System.nanoTime() + THROTTLED_MOST.toNanos();
        private volatile SmppSession.@Nullable Request request;
        private volatile Tolerance tried = tolerance;
        private volatile @Nullable SubmitSm sent;

        HandOver(SmppSession session, OutboundPart part, Consumer<SubmitOutcome> told) {
            this.session = session;
            this.part = part;
            this.told = told;
        }

        void submit() {
            pacer.turn()
                    .ifPresentOrElse(
                            turn -> request = session.submit(turn, this::pdu, this::answered),
                            () -> end(new SubmitOutcome.NotHandedOver(
                                    "the rate leaves no turn within " + Pacer.TURN_MOST.toSeconds() + " s")));
        }

        private byte[] pdu(int sequence) {
            var fields = submits.of(part, tried, clock.instant());
            sent = fields;
            return PduComposer.submitSm(sequence, fields);
        }

        private void answered(SmppSession.Answer answer) {
            switch (answer) {
                case SmppSession.Answer.Response(int answered, var messageId) -> responded(answered, messageId);
                case SmppSession.Answer.NotWritten(var why) -> end(new SubmitOutcome.NotHandedOver(why));
                case SmppSession.Answer.Silence(var why) -> {
                    end(new SubmitOutcome.Uncertain(why));
                    publish();
                }
                case SmppSession.Answer.Unfit(var why) ->
                    end(new SubmitOutcome.Refused(
                            FailureCode.REFUSED_BY_NETWORK, Optional.empty(), "SMPP cannot carry this part: " + why));
            }
        }

        private void responded(int answered, Optional<String> messageId) {
            if (CommandStatus.means(answered, CommandStatus.Means.THROTTLED)) {
                pacer.throttled();
                if (System.nanoTime() < patience && !session.ended() && !closing) {
                    submit();
                    return;
                }
            }
            var narrower = tried.after(answered, Objects.requireNonNull(sent, "a response to nothing"));
            if (narrower.isPresent()) {
                tried = narrower.get();
                submit();
                return;
            }
            var outcome = CommandStatus.outcomeOf(answered, messageId);
            if (outcome instanceof SubmitOutcome.Accepted && !tried.equals(tolerance)) {
                tolerance = tried;
                LOG.info(
                        "link={} the SMSC refused a field that a text can do without; it gets: {}",
                        name,
                        tried.words());
            }
            if (outcome instanceof SubmitOutcome.NotHandedOver(var why)) {
                session.retire(new SmppSession.End("the SMSC refuses submits in this session: " + why, true));
            }
            end(outcome);
        }

        /// Takes the part back, if no octet of it is on its way.
        void withdraw() {
            var waiting = request;
            if (waiting != null && session.withdraw(waiting)) {
                end(new SubmitOutcome.NotHandedOver("it was withdrawn"));
            }
        }

        private void end(SubmitOutcome outcome) {
            session.giveBack();
            landed();
            told.accept(outcome);
        }
    }

    /// A place in the window of the session with the most room.
    private Optional<SmppSession> reserved() {
        if (binders.size() == 1) {
            return binders.getFirst().session().filter(SmppSession::reserve);
        }
        return binders.stream()
                .flatMap(binder -> binder.session().stream())
                .filter(session -> session.free() > 0)
                .sorted(Comparator.comparingInt(SmppSession::free).reversed())
                .filter(SmppSession::reserve)
                .findFirst();
    }

    // ---- life ----

    @Override
    public void start(LinkListener told) {
        listener = told;
        var receiving = new Reception(name, told, clock);
        reception = receiving;
        receptionThread = Thread.ofVirtual().name("smpp-" + name + "-received").start(receiving);
        metrics.inDoubt(receiving::inDoubt);
        for (var binder : binders) {
            binderThreads.add(Thread.ofVirtual().name("smpp-" + binder.name()).start(binder));
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
        tolerance = Tolerance.ALL;
        binders.forEach(Binder::restart);
    }

    @Override
    public void close() {
        closing = true;
        awaitWindow(settings.responseTimeout());
        binders.forEach(Binder::close);
        binderThreads.forEach(
                thread -> join(thread, SmppSession.unbindTimeout(settings).plus(BINDER_GRACE)));
        var receiving = reception;
        var thread = receptionThread;
        if (receiving != null && thread != null) {
            receiving.close();
            join(thread, settings.responseTimeout());
        }
        closed = true;
        publish();
    }

    /// Waits until nothing is being handed over.
    private void awaitWindow(Duration atMost) {
        try (var _ = Held.lock(lock)) {
            long left = atMost.toNanos();
            while (inFlight.get() > 0 && left > 0) {
                left = allEnded.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread, Duration atMost) {
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

    // ---- receiving ----

    private final class Hearing implements SmppSession.Listener {

        @Override
        public void message(SmppSession session, byte[] pdu) {
            switch (MessagePdu.read(pdu)) {
                case MessagePdu.Read.Malformed malformed -> {
                    LOG.warn("link={} session={} refused a message: {}", name, session.name(), malformed.why());
                    session.answer(pdu, malformed.status());
                }
                case MessagePdu.Read.Ok _ -> {
                    var receiving = reception;
                    if (receiving == null || !receiving.offer(session, pdu)) {
                        session.answer(pdu, CommandStatus.ESME_RX_T_APPN);
                    }
                }
            }
        }

        @Override
        public void proved() {
            var receiving = reception;
            if (receiving != null) {
                receiving.proved();
            }
        }

        @Override
        public long heldUntil() {
            return pacer.heldUntil();
        }
    }

    // ---- state ----

    /// Tells the listener if state or sentence have changed. In order: whoever publishes later has
    /// seen more.
    private void publish() {
        try (var _ = Held.lock(publishing)) {
            var now = current();
            if (now.state() == status.state() && now.sentence().equals(status.sentence())) {
                return;
            }
            if (!closing || now.state() == LinkState.CLOSED) { // a session that we unbind is not lost
                news.tell(status.state(), now);
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
        long bound = binders.stream().filter(Binder::isBound).count();
        var trouble = binders.stream()
                .map(Binder::trouble)
                .filter(why -> !why.isEmpty())
                .findFirst()
                .orElse("");
        if (binders.stream().anyMatch(Binder::transmits)) {
            var sentence = bound == binders.size()
                    ? trouble
                    : bound + " of " + binders.size() + " sessions are bound"
                            + (trouble.isEmpty() ? "" : ": " + trouble);
            return LinkStatus.of(paused ? LinkState.PAUSED : LinkState.READY, sentence, clock.instant());
        }
        var state = binders.stream().anyMatch(Binder::isAtFault)
                ? LinkState.FAULT
                : binders.stream().noneMatch(Binder::hasFailed) ? LinkState.CONNECTING : LinkState.DISCONNECTED;
        return LinkStatus.of(state, trouble, clock.instant());
    }
}
