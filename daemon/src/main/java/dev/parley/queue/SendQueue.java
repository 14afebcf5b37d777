package dev.parley.queue;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.conversation.Outbox;
import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.FailureCode;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkStatus;
import dev.parley.link.Received;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The send queue. Takes deliveries from its construction on; hands them to links between [#start] and
/// [#close].
public final class SendQueue implements Outbox, ReportSettler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SendQueue.class);

    /// Parts that one look after expired, scheduled or uncertain ones takes.
    private static final int BITE = 200;

    private static final int DELETE_BITE = 1_000;

    /// How much later than a receipt the answer to its own part may be in the database.
    private static final Duration LATE = Duration.ofMinutes(10);

    private static final Duration RARELY = Duration.ofSeconds(10);

    private final Store store;
    private final Clock clock;
    private final QueueSettings settings;
    private final QueueMetrics metrics;
    private final Map<Long, List<Link>> lines;
    private final Parts parts = new Parts();
    private final Leases leases;
    private final LinkUse use;
    private final Moves quietMoves;
    private final Map<Long, LineDesk> desks = new ConcurrentHashMap<>();

    private final Map<String, LinkTerms> terms;
    private volatile @Nullable Running running;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile Consumer<Link> circuits = _ -> {};

    /// What there is from the start on.
    private record Running(Moves moves, Reports reports, Thread housekeeping) {}

    /// A queue that hands over nothing yet.
    ///
    /// @param lines the links of each line (by the line's id), in order of preference
    public SendQueue(
            Store store, Clock clock, QueueSettings settings, QueueMetrics metrics, Map<Long, List<Link>> lines) {
        this(store, clock, settings, metrics, lines, Map.of());
    }

    /// A queue that hands over nothing yet.
    ///
    /// @param lines the links of each line (by the line's id), in order of preference
    /// @param terms by the link's name; [LinkTerms#NONE] for one that is not here
    public SendQueue(
            Store store,
            Clock clock,
            QueueSettings settings,
            QueueMetrics metrics,
            Map<Long, List<Link>> lines,
            Map<String, LinkTerms> terms) {
        this.use = new LinkUse(terms);
        this.terms = Map.copyOf(terms);
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.metrics = metrics;
        this.lines = Map.copyOf(lines);
        this.leases = new Leases(settings.node(), settings.leaseTime());
        this.quietMoves = new Moves(parts, settings, metrics, Moves.NOBODY, this::wake);
    }

    /// Takes the leases of the links and begins to hand over. What a process before this one was
    /// handing over when it ended is uncertain from now on.
    ///
    /// @param progress told what becomes of deliveries
    public void start(DeliveryProgress progress) {
        var moves = new Moves(parts, settings, metrics, progress, this::wake);
        var reports = new Reports(parts, moves, settings, metrics, terms);
        var handOver = new HandOver(store, leases, use, parts, moves, reports, settings, metrics, clock, () -> closed);
        lines.forEach((line, links) -> desks.put(
                line,
                new LineDesk(
                        line, links, terms, store, parts, clock, settings.poll(), handOver, this::circuitChanged)));
        lines.values().stream()
                .flatMap(List::stream)
                .forEach(link -> metrics.circuit(link.name(), () -> hasOpenCircuit(link.name())));
        var housekeeping = Thread.ofVirtual().name("queue-housekeeping").unstarted(this::keepHouse);
        running = new Running(moves, reports, housekeeping);
        metrics.resent(store.read(parts::resent));
        takeLeases(reports, true);
        desks.values().forEach(LineDesk::start);
        housekeeping.start();
    }

    /// Whether the queue is at work. Its links may still be away.
    public boolean isRunning() {
        var now = running;
        return now != null && !closed && now.housekeeping.isAlive();
    }

    /// A link's state changed: parts that wait for it, or for the one behind it, look again.
    public void linkChanged(Link link, LinkStatus status) {
        for (var desk : desks.values()) {
            desk.linkChanged(link, status.state());
        }
    }

    /// Names who hears of each link whose circuit opens or closes. Called with a lock held: it must not
    /// wait.
    public void tellsOfCircuits(Consumer<Link> told) {
        circuits = told;
    }

    /// Whether the link is handed no parts, but for a probe now and then, because handing over came to
    /// nothing there.
    public boolean hasOpenCircuit(String link) {
        return desks.values().stream()
                .flatMap(desk -> desk.posts().stream())
                .anyMatch(post -> post.isOpen() && post.link.name().equals(link));
    }

    /// Whether this process may hand parts to the link.
    public boolean holdsLease(String link) {
        return desks.values().stream()
                .anyMatch(desk -> desk.posts().stream()
                        .anyMatch(post -> post.link.name().equals(link)
                                && desk.lease(post).isPresent()));
    }

    private void circuitChanged(Link link, boolean open) {
        metrics.circuitChanged(link.name(), open);
        circuits.accept(link);
    }

    // ---- What conversations ask ----

    /// Deliveries that `tx` puts here are written when it ends, all lanes in one order, so that their
    /// locks are held briefly and two transactions with several lanes do not deadlock.
    @Override
    public void enqueue(Tx tx, List<OutgoingDelivery> deliveries) {
        var pending = pending(tx);
        if (pending.isEmpty()) {
            tx.beforeCommit(this::insertPending);
        }
        pending.addAll(deliveries);
    }

    private List<OutgoingDelivery> pending(Tx tx) {
        return tx.kept(this, ArrayList<OutgoingDelivery>::new);
    }

    private void insertPending(Tx tx) throws SQLException {
        var pending = pending(tx);
        if (pending.isEmpty()) {
            return;
        }
        parts.insert(tx, pending, clock.instant(), settings.validity());
        pending.stream().map(OutgoingDelivery::lineId).distinct().forEach(line -> tx.afterCommit(() -> wake(line)));
        pending.clear();
    }

    @Override
    public List<Long> withdraw(Tx tx, Collection<Long> deliveryIds) throws SQLException {
        insertPending(tx);
        var withdrawn = new ArrayList<Long>();
        for (long delivery : deliveryIds) {
            if (quietMoves.withdrawn(tx, delivery, clock.instant())) {
                withdrawn.add(delivery);
            }
        }
        return withdrawn;
    }

    @Override
    public void hold(Tx tx, Collection<Long> deliveryIds) throws SQLException {
        insertPending(tx);
        for (long delivery : deliveryIds) {
            parts.hold(tx, delivery, true);
        }
    }

    @Override
    public void release(Tx tx, Collection<Long> deliveryIds) throws SQLException {
        insertPending(tx);
        for (long delivery : deliveryIds) {
            parts.hold(tx, delivery, false);
        }
        tx.afterCommit(this::wakeAll);
    }

    @Override
    public boolean retry(Tx tx, long deliveryId) throws SQLException {
        insertPending(tx);
        var lane = parts.laneOf(tx, deliveryId);
        if (lane.isEmpty()) {
            return false;
        }
        parts.lockLane(tx, lane.get());
        if (parts.sum(tx, deliveryId).failed() == 0) {
            return false;
        }
        var now = clock.instant();
        parts.again(tx, deliveryId, now, now.plus(settings.validity()));
        parts.join(tx, deliveryId, lane.get());
        tx.afterCommit(this::wakeAll);
        return true;
    }

    // ---- What the inbox brings ----

    @Override
    public Settled settle(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        var now = running;
        if (now == null) {
            throw new IllegalStateException("a report before the start");
        }
        return now.reports.settle(tx, link, kind, report, receivedAt);
    }

    /// The reports that came by a link and match no part yet, newest first.
    ///
    /// @param before only older ones: the smallest id of the page before, or `Long.MAX_VALUE`
    public List<ParkedReport> parked(String link, long before, int limit) {
        return store.read(connection -> Reports.shown(connection, link, before, limit));
    }

    // ---- Retention and end ----

    /// Deletes finished parts of deliveries whose validity ended before `before`, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return store.transaction(tx -> parts.delete(tx, before, DELETE_BITE));
    }

    /// Stops handing over: what is being handed over is finished first, within
    /// [QueueSettings#stopWait]. What takes longer is uncertain at the next start. Does not throw.
    @Override
    public void close() {
        var was = running;
        if (was == null || closed) {
            return;
        }
        closed = true;
        desks.values().forEach(LineDesk::beginClose);
        stopping.countDown();
        try {
            var deadline = Instant.now().plus(settings.stopWait());
            boolean allEnded = was.housekeeping.join(settings.stopWait());
            for (var desk : desks.values()) {
                var stragglers = desk.awaitClosed(deadline);
                if (!stragglers.isEmpty()) {
                    allEnded = false;
                    LOG.warn("line={} still handing over at the stop: {}", desk.lineId(), stragglers);
                }
            }
            if (allEnded) {
                releaseLeases();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake(long line) {
        var desk = desks.get(line);
        if (desk != null) {
            desk.wake();
        }
    }

    private void wakeAll() {
        desks.values().forEach(LineDesk::wake);
    }

    // ---- Leases ----

    private void takeLeases(Reports reports, boolean alsoOurs) {
        for (var desk : desks.values()) {
            for (var post : desk.posts()) {
                if (desk.lease(post).isEmpty()) {
                    take(desk, post, reports, alsoOurs);
                }
            }
        }
    }

    private void take(LineDesk desk, LineDesk.Post post, Reports reports, boolean alsoOurs) {
        var taken = taken(reports, post.link, alsoOurs);
        desk.lease(post, taken.lease(), taken.latest());
    }

    /// @param latest when the link took its latest parts
    private record Taken(Optional<Lease> lease, List<Instant> latest) {}

    private Taken taken(Reports reports, Link link, boolean alsoOurs) {
        return store.transaction(tx -> {
            var lease = leases.take(tx, link.name(), alsoOurs);
            if (lease.isPresent()) {
                int left = parts.leftBehind(tx, link.name(), clock.instant().plus(settings.grace(link.kind())));
                for (var tail : parts.uncertainTails(tx, link.name())) {
                    reports.unpark(tx, link.name(), link.kind(), tail);
                }
                tx.afterCommit(() -> LOG.info(
                        "link={} lease taken epoch={} uncertain={}",
                        link.name(),
                        lease.get().epoch(),
                        left));
            }
            return new Taken(lease, use.latest(tx, link.name(), clock.instant()));
        });
    }

    private void renewLeases() {
        for (var desk : desks.values()) {
            for (var post : desk.posts()) {
                var lease = desk.lease(post);
                if (lease.isPresent() && !store.transaction(tx -> leases.renew(tx, lease.get()))) {
                    desk.lease(post, Optional.empty());
                }
            }
        }
    }

    private void releaseLeases() {
        try {
            for (var desk : desks.values()) {
                for (var post : desk.posts()) {
                    var lease = desk.lease(post);
                    if (lease.isPresent()) {
                        store.transaction(tx -> leases.release(tx, lease.get()));
                    }
                }
            }
        } catch (StoreUnavailable e) {
            LOG.debug("leases not released, they run out: {}", e.getMessage());
        }
    }

    // ---- Housekeeping ----

    private void keepHouse() {
        var now = running;
        if (now == null) {
            throw new IllegalStateException("housekeeping before the start");
        }
        long renewedAt = System.nanoTime();
        long seldomAt = System.nanoTime() - RARELY.toNanos();
        while (!closed) {
            boolean renews =
                    System.nanoTime() - renewedAt >= settings.leaseTime().toNanos() / 3;
            boolean seldom = System.nanoTime() - seldomAt >= RARELY.toNanos();
            if (renews) {
                renewedAt = System.nanoTime();
                unlessAway(this::renewLeases);
            }
            unlessAway(() -> takeLeases(now.reports, false));
            if (seldom) {
                seldomAt = System.nanoTime();
                unlessAway(() -> store.read(parts::depth).forEach(metrics::depth));
                unlessAway(() -> unpark(now.reports));
                unlessAway(this::dropParked);
                unlessAway(this::forgetUse);
                // None of them is handed over any more meanwhile; only its failure is told a little
                // later.
                for (var state : List.of(PartState.QUEUED, PartState.HELD, PartState.WAITING, PartState.SCHEDULED)) {
                    unlessAway(() -> expire(now.moves, state));
                }
            }
            for (var line : desks.keySet()) {
                unlessAway(() -> joinLanes(line));
                unlessAway(() -> endGrace(now.moves, line));
            }
            try {
                if (stopping.await(settings.poll().toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }

    private static void unlessAway(Runnable step) {
        try {
            step.run();
        } catch (StoreUnavailable e) {
            LOG.debug("housekeeping waits: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("housekeeping met a mistake of ours", e);
        }
    }

    private void joinLanes(long line) {
        var now = clock.instant();
        for (var part : store.read(connection -> parts.scheduleDue(connection, line, now, BITE))) {
            store.transaction(tx -> {
                parts.join(tx, part.deliveryId(), part.lane());
                tx.afterCommit(() -> wake(line));
                return part;
            });
        }
    }

    private void endGrace(Moves moves, long line) {
        var now = clock.instant();
        for (var part : store.read(connection -> parts.graceOver(connection, line, now, BITE))) {
            each(part, moves, (tx, moved) -> moved.graceOver(tx, part, now));
        }
    }

    private void expire(Moves moves, PartState state) {
        var now = clock.instant();
        for (var part : store.read(connection -> parts.expired(connection, state, now, BITE))) {
            var desk = desks.get(part.lineId());
            boolean noLink = part.tries() == 0 && (desk == null || !desk.isUsable());
            var failure = Failure.of(noLink ? FailureCode.NO_LINK : FailureCode.EXPIRED);
            each(part, moves, (tx, moved) -> moved.failed(tx, part, state, failure, now));
        }
    }

    private interface Move {
        void with(Tx tx, Moves moves) throws SQLException;
    }

    /// A part whose conversation meets a mistake of ours moves without it.
    private void each(Part part, Moves moves, Move move) {
        try {
            store.transaction(tx -> {
                move.with(tx, moves);
                return part;
            });
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("part={} delivery={} moves on without its conversation", part.id(), part.deliveryId(), e);
            store.transaction(tx -> {
                move.with(tx, quietMoves);
                return part;
            });
        }
    }

    /// A receipt that came before the answer to its own part, and names another recipient, waits for
    /// this.
    private void unpark(Reports reports) {
        var since = clock.instant().minus(LATE);
        lines.values().stream().flatMap(List::stream).distinct().forEach(link -> {
            for (long parked : store.read(connection -> reports.unparkable(connection, link.name(), since, BITE))) {
                store.transaction(tx -> reports.unparkOne(tx, link.name(), link.kind(), parked));
            }
        });
    }

    private void forgetUse() {
        store.transaction(tx -> LinkUse.forget(tx, clock.instant(), DELETE_BITE));
    }

    private void dropParked() {
        var before = clock.instant().minus(settings.parking());
        int dropped = store.transaction(tx -> Reports.dropOld(tx, before, DELETE_BITE));
        if (dropped > 0) {
            LOG.warn("{} status reports matched no part within {} and are given up", dropped, settings.parking());
            metrics.count(QueueMetrics.Count.REPORTS_EXPIRED, dropped);
        }
    }
}
