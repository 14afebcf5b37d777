package dev.parley.queue;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.conversation.Outbox;
import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.FailureCode;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.Received;
import dev.parley.link.SubmitOutcome;
import dev.parley.store.Ids;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    /// Parts at hand that are counted after each commit.
    private static final int COUNTED_AT_ONCE = 500;

    /// How long a part that meets a mistake of ours stands aside.
    private static final Duration ASIDE = Duration.ofMinutes(1);

    /// How long a link must be ready before a part without an answer is sent again: its report may
    /// wait at the SMSC, or in the modem.
    private static final Duration SETTLING = Duration.ofSeconds(10);

    /// Two looks closer than this are one.
    private static final long SOON_NANOS = 1_000_000;

    private static final Duration CLOSE_LOOK = Duration.ofMillis(5);

    private final Store store;
    private final Clock clock;
    private final QueueSettings settings;
    private final QueueMetrics metrics;
    private final Map<Long, List<Link>> lines;
    private final Map<String, LinkTerms> terms;
    private final Ids ids;
    private final Leases leases;
    private final LinkUse use;
    private final Moves quietMoves;

    /// By the line. What is in them is changed by works alone.
    private final Map<Long, LineDesk> desks = new LinkedHashMap<>();

    /// What is being handed over, by the part. Changed by works alone; others may look.
    private final Map<Long, Flight> flights = new ConcurrentHashMap<>();

    private volatile @Nullable Running running;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile Consumer<Link> circuits = _ -> {};

    /// What there is from the start on.
    private record Running(Moves moves, Reports reports, ScheduledThreadPoolExecutor clockwork, Thread housekeeping) {}

    /// One part on its way through a link.
    private static final class Flight {
        private final Item item;
        private final LineDesk.Post post;
        private final Lease lease;
        private boolean isJudged; // whether the circuit and the limits know of its outcome
        private volatile Runnable takeBack = () -> {};

        Flight(Item item, LineDesk.Post post, Lease lease) {
            this.item = item;
            this.post = post;
            this.lease = lease;
        }

        Part part() {
            return item.part;
        }
    }

    /// What one transaction has to do before it commits.
    private static final class Turn {
        private boolean isDue; // whether the step is still to run
        private final List<Item> fresh = new ArrayList<>(); // parts whose rows are not written yet
        private final Map<Long, Set<Long>> changed = new LinkedHashMap<>(); // lanes to be read again, by the line
        private final Set<Lease> fence = new LinkedHashSet<>(); // of which the leases must be held at the commit
        private boolean isUndoable; // whether a rollback will have memory forgotten
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
        this.terms = Map.copyOf(terms);
        this.use = new LinkUse(this.terms);
        this.store = store;
        this.ids = store.ids("part");
        this.clock = clock;
        this.settings = settings;
        this.metrics = metrics;
        this.lines = Map.copyOf(lines);
        this.leases = new Leases(settings.node(), settings.leaseTime());
        this.quietMoves = new Moves(clock, settings, metrics, Optional.empty(), this::changed);
    }

    /// Takes the leases of the links and begins to hand over. What a process before this one was
    /// handing over when it ended is uncertain from now on.
    ///
    /// @param progress told what becomes of deliveries
    public void start(DeliveryProgress progress) {
        var moves = new Moves(clock, settings, metrics, Optional.of(progress), this::changed);
        var reports = new Reports(moves, settings, metrics, terms);
        lines.forEach((line, links) -> desks.put(line, new LineDesk(line, links, terms, this::circuitChanged)));
        posts().map(post -> post.link.name()).forEach(link -> metrics.circuit(link, () -> hasOpenCircuit(link)));
        var clockwork = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("queue-clock").factory());
        clockwork.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        clockwork.setRemoveOnCancelPolicy(true);
        var housekeeping = Thread.ofVirtual().name("queue-housekeeping").unstarted(this::keepHouse);
        running = new Running(moves, reports, clockwork, housekeeping);
        store.onUnknown(this::forget);
        metrics.resent(store.read(Parts::resent));
        takeLeases(true);
        housekeeping.start();
        tick();
    }

    /// Whether the queue is at work. Its links may still be away.
    public boolean isRunning() {
        var now = running;
        return now != null && !closed && now.housekeeping.isAlive();
    }

    /// A link's state changed: parts that wait for it, or for the one behind it, look again.
    public void linkChanged(Link link, LinkStatus status) {
        if (running != null && !closed) {
            var _ = store.begin(tx -> {
                desks.values().forEach(desk -> desk.told(link.name(), status.state()));
                return turn(tx);
            });
        }
    }

    /// Names who hears of each link whose circuit opens or closes. Must not wait.
    public void tellsOfCircuits(Consumer<Link> told) {
        circuits = told;
    }

    /// Whether the link is handed no parts, but for a probe now and then, because handing over came to
    /// nothing there.
    public boolean hasOpenCircuit(String link) {
        return posts().anyMatch(post -> post.isOpen && post.link.name().equals(link));
    }

    /// Whether this process may hand parts to the link.
    public boolean holdsLease(String link) {
        return posts().anyMatch(
                        post -> post.link.name().equals(link) && post.lease().isPresent());
    }

    private Stream<LineDesk.Post> posts() {
        return desks.values().stream().flatMap(desk -> desk.posts.stream());
    }

    private void circuitChanged(Link link, boolean open) {
        metrics.circuitChanged(link.name(), open);
        circuits.accept(link);
    }

    private Running running() {
        var now = running;
        if (now == null) {
            throw new IllegalStateException("not before the start");
        }
        return now;
    }

    // ---- What conversations ask ----

    /// Parts are in their lanes at once, for all that follows in `tx`. Their rows are written when it
    /// ends, in the state that they have come to by then: most are handed over in the transaction that
    /// makes them.
    @Override
    public void enqueue(Tx tx, List<OutgoingDelivery> deliveries) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (var delivery : deliveries) {
            var due = delivery.notBefore().filter(now::isBefore);
            int seq = 0;
            for (var segment : delivery.segments()) {
                long id = ids.next();
                var at = due.orElse(now);
                var item = new Item(
                        new Part(
                                id,
                                delivery.deliveryId(),
                                ++seq,
                                delivery.segments().size(),
                                delivery.lineId(),
                                delivery.lane(),
                                delivery.recipient(),
                                segment,
                                delivery.expiresAt().orElse(at.plus(settings.validity())),
                                0,
                                0,
                                0),
                        due.map(Parts::placeOf).orElse(id),
                        due.isPresent() ? PartState.SCHEDULED : PartState.QUEUED,
                        delivery.held(),
                        at);
                item.isNew = true;
                undoable(tx).fresh.add(item);
                var desk = desks.get(delivery.lineId());
                if (desk != null) {
                    due.ifPresentOrElse(desk::scheduledToo, () -> desk.add(item));
                }
            }
        }
    }

    @Override
    public List<Long> withdraw(Tx tx, Collection<Long> deliveryIds) {
        insertFresh(tx);
        return deliveryIds.stream()
                .filter(delivery -> quietMoves.withdrawn(tx, delivery, clock.instant()))
                .toList();
    }

    @Override
    public void hold(Tx tx, Collection<Long> deliveryIds) {
        hold(tx, deliveryIds, true);
    }

    @Override
    public void release(Tx tx, Collection<Long> deliveryIds) {
        hold(tx, deliveryIds, false);
    }

    private void hold(Tx tx, Collection<Long> deliveryIds, boolean held) {
        insertFresh(tx);
        for (long delivery : deliveryIds) {
            Parts.hold(tx, delivery, held);
            Parts.whereOf(tx, delivery).ifPresent(where -> changed(tx, where));
        }
    }

    @Override
    public boolean retry(Tx tx, long deliveryId) {
        insertFresh(tx);
        var where = Parts.whereOf(tx, deliveryId);
        if (where.isEmpty() || Parts.sum(tx, deliveryId).failed() == 0) {
            return false;
        }
        var now = clock.instant();
        Parts.again(tx, deliveryId, now, now.plus(settings.validity()));
        Parts.join(tx, deliveryId, ids);
        changed(tx, where.get());
        return true;
    }

    @Override
    public List<Long> erase(Tx tx, Collection<Long> deliveryIds, boolean recipient) {
        insertFresh(tx);
        var atLink = new ArrayList<Long>();
        for (long delivery : deliveryIds) {
            var where = Parts.whereOf(tx, delivery);
            if (Parts.isSubmitting(tx, delivery)) {
                atLink.add(delivery);
            } else if (where.isPresent()) {
                Parts.erase(tx, delivery, recipient, clock.instant());
                changed(tx, where.get());
            }
        }
        return atLink;
    }

    // ---- A transaction's turn ----

    private Turn turn(Tx tx) {
        var turn = tx.kept(this, Turn::new);
        if (!turn.isDue) {
            turn.isDue = true;
            tx.beforeCommit(this::dispatch);
        }
        return turn;
    }

    /// The turn of a transaction that changes memory: if it comes to nothing, memory is read again.
    private Turn undoable(Tx tx) {
        var turn = turn(tx);
        if (!turn.isUndoable) {
            turn.isUndoable = true;
            tx.onRollback(this::forget);
        }
        return turn;
    }

    /// Rows of a lane were changed by SQL.
    private void changed(Tx tx, Parts.Where where) {
        undoable(tx)
                .changed
                .computeIfAbsent(where.line(), _ -> new LinkedHashSet<>())
                .add(where.lane());
    }

    private void insertFresh(Tx tx) {
        var fresh = turn(tx).fresh;
        for (var item : fresh) {
            Parts.insert(tx, item);
            item.isNew = false;
        }
        fresh.clear();
    }

    /// What memory holds of the table may be wrong. It is read again when it is needed next.
    private void forget() {
        desks.values().forEach(LineDesk::forget);
        var now = running;
        if (now != null) {
            now.reports.forget();
            planTick(Duration.ZERO);
        }
    }

    /// Before the commit: hands out what may go to links with room. One statement for each kind of
    /// move, whatever the number of parts; the links are called when it is durable.
    private void dispatch(Tx tx) {
        var turn = turn(tx); // due until the end of this step: what is changed in it is seen by it
        var now = running;
        if (now != null && !closed) {
            for (var desk : desks.values()) {
                if (desk.isOurs()) {
                    dispatch(tx, turn, desk, now);
                }
            }
        }
        insertFresh(tx);
        turn.isDue = false;
        tx.afterCommit(this::plan);
    }

    private void dispatch(Tx tx, Turn turn, LineDesk desk, Running now) {
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        desk.look(at);
        load(tx, desk);
        while (true) {
            var changed = turn.changed.remove(desk.lineId);
            if (changed != null) {
                insertFresh(tx);
                for (long lane : changed) {
                    desk.reload(tx, lane);
                }
            }
            if (desk.isLow() && !desk.refillEarlier(tx, flights::containsKey)) {
                insertFresh(tx);
                if (givesBack(tx, desk, desk.refill(tx, flights::containsKey))) {
                    continue;
                }
            }
            var choice = desk.next(at);
            if (choice == null) {
                return;
            }
            hand(tx, choice.post(), choice.item(), now, at);
        }
    }

    /// Has the beginning of the line's work at hand.
    private void load(Tx tx, LineDesk desk) {
        if (!desk.isLoaded()) {
            insertFresh(tx);
            undoable(tx);
            givesBack(tx, desk, desk.load(tx, flights::containsKey));
        }
    }

    /// @param left lies in the table as being handed over here, and is not
    /// @return whether there is any
    private boolean givesBack(Tx tx, LineDesk desk, List<Item> left) {
        if (closed) {
            return false; // what could not be recorded any more is the next start's to judge
        }
        for (var item : left) {
            var link = item.link;
            if (link != null) {
                LOG.debug("part={} was not handed over", item.part.id());
                fenced(tx, desk); // else it may be another process that is handing it over
                Parts.backUntouched(tx, item.part.id(), link);
                use.givenBack(tx, link, item.part.id());
                changed(tx, item.part.where());
            }
        }
        return !left.isEmpty();
    }

    private void hand(Tx tx, LineDesk.Post post, Item item, Running now, Instant at) {
        var part = item.part;
        var desk = post.desk();
        undoable(tx);
        if (flights.containsKey(part.id())) {
            LOG.error("part={} is at hand and being handed over", part.id());
            desk.aside(item);
            return;
        }
        if (!part.expiresAt().isAfter(at)) {
            desk.aside(item);
            insertFresh(tx);
            now.moves.failed(tx, part, PartState.QUEUED, Failure.of(FailureCode.EXPIRED), at);
            return;
        }
        var lease = post.lease().orElseThrow();
        int handOvers = 1 + handOvers(tx, part);
        try { // told before the move, so that a mistake in the telling stops nothing but this part
            now.moves.progress().ifPresent(told -> told.sending(tx, part.deliveryId(), lease.link(), handOvers, at));
        } catch (RuntimeException e) {
            LOG.error("part={} delivery={} stands aside after a mistake of ours", part.id(), part.deliveryId(), e);
            desk.aside(item);
            insertFresh(tx);
            Parts.setAside(tx, part.id(), at.plus(ASIDE));
            changed(tx, part.where());
            return;
        }
        boolean moreToCome = desk.take(post, item, at);
        item.state = PartState.SUBMITTING;
        item.link = lease.link();
        item.submittedAt = at;
        if (!item.isNew) {
            Parts.toSubmitting(tx, item);
        }
        use.taken(tx, lease.link(), part.id(), at);
        fence(tx, lease);
        var flight = new Flight(item, post, lease);
        flights.put(part.id(), flight);
        tx.onRollback(() -> {
            flights.remove(part.id(), flight);
            post.inFlight--;
            post.circuit.dropped();
            post.allowance.giveBack();
        });
        tx.afterCommit(() -> submit(flight, moreToCome));
    }

    /// Of any part of its delivery, so far.
    private int handOvers(Tx tx, Part part) {
        if (part.total() == 1) {
            return part.attempts();
        }
        insertFresh(tx);
        return Parts.sum(tx, part.deliveryId()).attempts();
    }

    /// Checks once for all moves of a transaction that stand on a lease, at its end, that it is still
    /// ours, and locks it until it ends. If it is lost, the transaction runs again without it.
    private void fence(Tx tx, Lease lease) {
        if (turn(tx).fence.add(lease)) {
            tx.guard(last -> {
                if (!leases.holds(last, lease)) {
                    last.onRollback(() -> lost(lease));
                    throw last.conflict("the lease of " + lease.link() + " is lost");
                }
            });
        }
    }

    private void lost(Lease lease) {
        posts().filter(post -> post.lease().filter(lease::equals).isPresent())
                .forEach(post -> post.lease(Optional.empty()));
    }

    // ---- Handing over ----

    /// On the writer's thread, once `submitting` is durable.
    private void submit(Flight flight, boolean moreToCome) {
        var part = flight.part();
        var link = flight.post.link;
        long began = System.nanoTime();
        var outbound = new OutboundPart(
                part.id(),
                part.recipient(),
                part.segment(),
                true,
                Optional.of(Duration.between(clock.instant(), part.expiresAt())),
                moreToCome);
        try {
            flight.takeBack = link.submit(outbound, outcome -> {
                metrics.submitted(link, Duration.ofNanos(System.nanoTime() - began));
                ended(flight, outcome);
            });
        } catch (RuntimeException e) {
            LOG.error("link={} part={} failed in the middle of a hand-over", link.name(), part.id(), e);
            ended(flight, new SubmitOutcome.Uncertain("a mistake of ours: " + e));
        }
    }

    private void ended(Flight flight, SubmitOutcome outcome) {
        metrics.handedOver(
                flight.post.link,
                switch (outcome) {
                    case SubmitOutcome.Accepted _ -> QueueMetrics.Count.SUBMITTED_ACCEPTED;
                    case SubmitOutcome.Refused _ -> QueueMetrics.Count.SUBMITTED_REFUSED;
                    case SubmitOutcome.Postponed _ -> QueueMetrics.Count.SUBMITTED_POSTPONED;
                    case SubmitOutcome.NotHandedOver _, SubmitOutcome.Suspected _ ->
                        QueueMetrics.Count.SUBMITTED_NOT_HANDED_OVER;
                    case SubmitOutcome.Uncertain _ -> QueueMetrics.Count.SUBMITTED_UNCERTAIN;
                });
        record(flight, outcome, running().moves);
    }

    /// Commits the outcome, however long the database is away: it is known here and nowhere else. When
    /// the queue stops meanwhile, the row stays as it is, and the next start takes it for what it then
    /// is: uncertain.
    private void record(Flight flight, SubmitOutcome outcome, Moves moves) {
        var part = flight.part();
        var _ = store.begin(tx -> recorded(tx, flight, outcome, moves)).whenComplete((_, e) -> {
            switch (e) {
                case null -> {}
                case StoreUnavailable away -> {
                    if (closed) {
                        LOG.warn("part={} its hand-over could not be recorded before the stop", part.id());
                        flights.remove(part.id(), flight);
                    } else {
                        later(settings.poll(), () -> record(flight, outcome, moves));
                    }
                }
                default -> {
                    LOG.error(
                            "part={} delivery={} moves on without its conversation, after a mistake of ours",
                            part.id(),
                            part.deliveryId(),
                            e);
                    if (moves.progress().isEmpty()) {
                        later(ASIDE, () -> record(flight, outcome, quietMoves));
                    } else {
                        record(flight, outcome, quietMoves);
                    }
                }
            }
        });
    }

    /// @return whether the outcome is in the table
    private boolean recorded(Tx tx, Flight flight, SubmitOutcome outcome, Moves moves) {
        var part = flight.part();
        var desk = flight.post.desk();
        var lease = flight.lease;
        var link = flight.post.link;
        undoable(tx);
        if (desk.isOurs()) {
            load(tx, desk); // while the part is known as being handed over
        }
        landed(tx, flight, outcome);
        if (flight.post.lease().filter(lease::equals).isEmpty()) {
            LOG.warn("link={} part={} lease lost, outcome not recorded: {}", lease.link(), part.id(), outcome);
            return false;
        }
        fence(tx, lease);
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        switch (outcome) {
            case SubmitOutcome.Accepted(var reference) -> {
                var item = flight.item;
                var at = moves.moment(tx, now);
                moves.accepted(tx, item, reference, at);
                desk.item(part.id()).ifPresent(desk::accepted);
                running().reports.remember(tx, item, reference, at);
            }
            case SubmitOutcome.Refused(var code, var network, var reason) ->
                moves.failed(tx, part, PartState.SUBMITTING, new Failure(code, network, reason), now);
            case SubmitOutcome.Postponed(var code, var network, var reason) ->
                moves.postponed(tx, part, lease.link(), new Failure(code, network, reason), now);
            case SubmitOutcome.NotHandedOver _ -> moves.notHandedOver(tx, part, lease.link(), now);
            case SubmitOutcome.Suspected(var _, var aside) ->
                moves.suspected(tx, part, lease.link(), now, now.plus(aside));
            case SubmitOutcome.Uncertain(var reason) ->
                moves.uncertain(tx, part, lease.link(), now.plus(settings.grace()), reason);
        }
        if (!LinkUse.counts(outcome)) {
            use.givenBack(tx, lease.link(), part.id());
        }
        // Its own report may be here already, or one that had to wait for whether it is this part's.
        running().reports.unpark(tx, lease.link(), link.kind(), part.tail());
        return true;
    }

    /// The part's place in the window is free.
    private void landed(Tx tx, Flight flight, SubmitOutcome outcome) {
        var post = flight.post;
        if (!flights.remove(flight.part().id(), flight)) {
            throw new IllegalStateException("part " + flight.part().id() + " was not being handed over");
        }
        post.inFlight--;
        tx.onRollback(() -> {
            flights.put(flight.part().id(), flight);
            post.inFlight++;
        });
        if (!flight.isJudged) {
            flight.isJudged = true;
            if (!LinkUse.counts(outcome)) {
                post.allowance.giveBack();
            }
            post.circuit.ended(outcome, clock.instant());
            post.failures.ended(outcome);
            if (!closed) {
                post.noteCircuit(outcome);
            }
        }
    }

    // ---- What the inbox brings ----

    @Override
    public Settled settle(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) {
        undoable(tx);
        insertFresh(tx);
        return running().reports.settle(tx, link, kind, report, receivedAt);
    }

    @Override
    public boolean settleKnown(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) {
        return running().reports.settleKnown(tx, link, kind, report, receivedAt);
    }

    /// The reports that came by a link and match no part yet, newest first.
    ///
    /// @param before only older ones: the smallest id of the page before, or `Long.MAX_VALUE`
    public List<ParkedReport> parked(String link, long before, int limit) {
        return store.read(connection -> ParkedReports.shown(connection, link, before, limit));
    }

    // ---- Retention and end ----

    /// Deletes finished parts of deliveries whose validity ended before `before`, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return store.transaction(tx -> Parts.delete(tx, before, DELETE_BITE));
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
        stopping.countDown();
        was.clockwork.shutdownNow();
        try {
            flights.values().forEach(flight -> flight.takeBack.run()); // those that wait for their link's attention
            long deadline = System.nanoTime() + settings.stopWait().toNanos();
            boolean allEnded = was.housekeeping.join(settings.stopWait());
            while (!flights.isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(CLOSE_LOOK);
            }
            if (!flights.isEmpty()) {
                LOG.warn("still handing over at the stop: parts {}", flights.keySet());
            } else if (allEnded) {
                releaseLeases();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- The clock ----

    private void later(Duration wait, Runnable step) {
        try {
            var _ = running().clockwork.schedule(step, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("nothing is done later: the queue stops");
        }
    }

    /// When the next look is due, as `System.nanoTime` counts; 0 for none.
    private volatile long lookAt;

    /// After a commit: has the queue look again where something may happen without anybody telling of
    /// it. An idle queue looks at nothing.
    private void plan() {
        var now = clock.instant();
        for (var desk : desks.values()) {
            desk.looksAgainIn(now, settings.poll()).ifPresent(this::planTick);
        }
        noteDepthAtHand();
    }

    private long depthNotedAt; // the writer's own

    /// What waits, from memory where memory has all of it: at once while that is little, else once a
    /// second.
    private void noteDepthAtHand() {
        long nanos = System.nanoTime();
        int atHand = desks.values().stream().mapToInt(LineDesk::atHand).sum();
        if ((atHand > COUNTED_AT_ONCE && nanos - depthNotedAt < TimeUnit.SECONDS.toNanos(1))
                || !desks.values().stream().allMatch(LineDesk::isWhole)) {
            return;
        }
        depthNotedAt = nanos;
        var depth = new EnumMap<PartState, Long>(PartState.class);
        desks.values().forEach(desk -> desk.count(depth));
        PartState.UNFINISHED.stream()
                .filter(state -> state != PartState.SCHEDULED)
                .forEach(state -> metrics.depth(state, depth.getOrDefault(state, 0L)));
    }

    private void planTick(Duration wait) {
        long at = System.nanoTime() + wait.toNanos();
        if (!closed && (lookAt == 0 || at - lookAt < -SOON_NANOS)) {
            lookAt = at == 0 ? 1 : at;
            later(wait, this::tick);
        }
    }

    private void tick() {
        lookAt = 0;
        var _ = store.begin(tx -> {
                    for (var desk : desks.values()) {
                        if (desk.isOurs()) {
                            lookAgain(tx, desk);
                        }
                    }
                    turn(tx);
                    return tx;
                })
                .whenComplete((_, e) -> {
                    if (e != null && !closed) {
                        if (!(e instanceof StoreUnavailable)) {
                            LOG.error("the queue met a mistake of ours", e);
                        }
                        planTick(settings.poll());
                    }
                });
    }

    private void lookAgain(Tx tx, LineDesk desk) {
        var now = clock.instant();
        desk.look(now);
        load(tx, desk);
        if (desk.scheduledAt.filter(due -> !now.isBefore(due)).isPresent()) {
            undoable(tx);
            fenced(tx, desk);
            for (var part : Parts.scheduleDue(tx, desk.lineId, now, BITE)) {
                Parts.join(tx, part.deliveryId(), ids);
                changed(tx, part.where());
            }
            desk.scheduledAt = Parts.nextScheduled(tx, desk.lineId);
        }
        if (desk.hasUncertain()) {
            later(Duration.ZERO, () -> unlessAway(() -> endGrace(desk.lineId, now)));
        }
    }

    /// The grace period of an uncertain part ends only where its report could have come: with the link
    /// ready for a while, and with every report that came before processed, as it is when a work runs.
    private void endGrace(long line, Instant now) {
        var over = store.transaction(tx -> Parts.graceOver(tx, line, now, BITE).stream()
                .filter(item -> !item.part.expiresAt().isAfter(now) || item.link == null || couldReport(item.link, now))
                .toList());
        for (var item : over) {
            each(item.part, (tx, moved) -> moved.graceOver(tx, item.part, now));
        }
    }

    /// Whether a report that waited for the link, or for another of its account, would be here by now.
    /// One that is not here any more brings none.
    private boolean couldReport(String link, Instant now) {
        var links = running().reports.linksOfAccount(link);
        var settling = Collections.min(List.of(settings.grace(), SETTLING));
        return posts().noneMatch(post -> post.link.name().equals(link))
                || posts().filter(post -> links.contains(post.link.name()))
                        .flatMap(post -> post.readySince.stream())
                        .anyMatch(since -> !now.isBefore(since.plus(settling)));
    }

    // ---- Leases ----

    private void takeLeases(boolean alsoOurs) {
        posts().filter(post -> post.lease().isEmpty()).forEach(post -> take(post, alsoOurs));
    }

    private void take(LineDesk.Post post, boolean alsoOurs) {
        var link = post.link;
        store.transaction(tx -> {
            var lease = leases.take(tx, link.name(), alsoOurs);
            if (lease.isPresent()) {
                int left = Parts.leftBehind(tx, link.name(), clock.instant().plus(settings.grace()));
                var latest = use.latest(tx, link.name(), clock.instant());
                undoable(tx);
                post.lease(lease);
                post.desk().forget();
                post.allowance.begin(latest);
                tx.onRollback(() -> post.lease(Optional.empty()));
                for (var tail : Parts.uncertainTails(tx, link.name())) {
                    running().reports.unpark(tx, link.name(), link.kind(), tail);
                }
                tx.afterCommit(() -> LOG.info(
                        "link={} lease taken epoch={} uncertain={}",
                        link.name(),
                        lease.get().epoch(),
                        left));
            }
            return lease;
        });
    }

    private void renewLeases() {
        store.transaction(tx -> {
            posts().forEach(post -> post.lease()
                    .filter(lease -> !leases.renew(tx, lease))
                    .ifPresent(_ -> post.lease(Optional.empty())));
            return tx;
        });
    }

    private void releaseLeases() {
        try {
            store.transaction(tx -> {
                posts().flatMap(post -> post.lease().stream()).forEach(lease -> leases.release(tx, lease));
                return tx;
            });
        } catch (StoreUnavailable e) {
            LOG.debug("leases not released, they run out: {}", e.getMessage());
        }
    }

    // ---- Housekeeping ----

    /// Renews the leases, takes those that are free, and tidies up: all that is done by the calendar.
    private void keepHouse() {
        var every = settings.leaseTime().dividedBy(3);
        var wait = every.compareTo(RARELY) < 0 ? every : RARELY;
        long seldomAt = System.nanoTime() - RARELY.toNanos();
        try {
            do {
                unlessAway(this::renewLeases);
                unlessAway(() -> takeLeases(false));
                if (System.nanoTime() - seldomAt >= RARELY.toNanos()) {
                    seldomAt = System.nanoTime();
                    unlessAway(() -> store.read(Parts::depth).forEach(metrics::depth));
                    if (running().reports.parked.mayBe()) {
                        unlessAway(this::unpark);
                        unlessAway(this::dropParked);
                    }
                    unlessAway(() -> store.transaction(tx -> LinkUse.forget(tx, clock.instant(), DELETE_BITE)));
                    unlessAway(this::expire);
                    unlessAway(this::compare);
                }
                tick();
            } while (!stopping.await(wait.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /// Another node may have put parts on our lines.
    private void compare() {
        store.transaction(tx -> {
            insertFresh(tx);
            for (var desk : desks.values()) {
                if (desk.isWhole() && Parts.workCount(tx, desk.lineId) != desk.atHand()) {
                    LOG.debug("line={} another node has put parts here", desk.lineId);
                    desk.forget();
                }
            }
            turn(tx);
            return tx;
        });
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

    /// None of them is handed over any more meanwhile; only its failure is told a little later.
    private void expire() {
        var now = clock.instant();
        var atHand = store.transaction(tx -> desks.values().stream()
                .filter(LineDesk::isLoaded)
                .flatMap(desk -> desk.allAtHand().stream())
                .filter(item ->
                        item.state == PartState.QUEUED && !item.part.expiresAt().isAfter(now))
                .map(item -> item.part)
                .limit(BITE)
                .toList());
        var expired = new ArrayList<Part>(atHand);
        for (long line : store.read(Parts::workLines)) {
            if (Optional.ofNullable(desks.get(line)).filter(LineDesk::isOurs).isEmpty()) {
                expired.addAll(store.read(connection -> Parts.expired(connection, line, now, BITE)));
            }
        }
        for (var part : expired) {
            each(part, (tx, moved) -> {
                var desk = desks.get(part.lineId());
                boolean noLink = part.tries() == 0 && (desk == null || !desk.isUsable());
                var failure = Failure.of(noLink ? FailureCode.NO_LINK : FailureCode.EXPIRED);
                if (!moved.failed(tx, part, PartState.QUEUED, failure, now)) {
                    moved.failed(tx, part, PartState.SCHEDULED, failure, now);
                }
            });
        }
    }

    /// A part whose conversation meets a mistake of ours moves without it. One whose line is another
    /// node's by now does not move here.
    private void each(Part part, BiConsumer<Tx, Moves> move) {
        try {
            store.transaction(tx -> moved(tx, part, running().moves, move));
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("part={} delivery={} moves on without its conversation", part.id(), part.deliveryId(), e);
            store.transaction(tx -> moved(tx, part, quietMoves, move));
        }
    }

    private boolean moved(Tx tx, Part part, Moves moves, BiConsumer<Tx, Moves> move) {
        var desk = desks.get(part.lineId());
        boolean isOurs = desk == null || desk.posts.isEmpty() || fenced(tx, desk);
        if (isOurs) {
            move.accept(tx, moves);
        }
        return isOurs;
    }

    /// Whether this node hands over parts of the line, which is made sure of before the commit.
    private boolean fenced(Tx tx, LineDesk desk) {
        for (var post : desk.posts) {
            post.lease().ifPresent(lease -> fence(tx, lease));
        }
        return desk.isOurs();
    }

    /// A receipt that came before the answer to its own part, and names another recipient, waits for
    /// this.
    private void unpark() {
        var reports = running().reports;
        var since = clock.instant().minus(LATE);
        posts().map(post -> post.link)
                .distinct()
                .filter(link -> link.kind().hasOwnReferences())
                .forEach(link -> {
                    var links = reports.linksOfAccount(link.name());
                    store.read(connection ->
                                    ParkedReports.withReferenceOfAnother(connection, link.name(), links, since, BITE))
                            .forEach(parked ->
                                    store.transaction(tx -> reports.unparkOne(tx, link.name(), link.kind(), parked)));
                });
    }

    private void dropParked() {
        var before = clock.instant().minus(settings.parking());
        int dropped = store.transaction(tx -> ParkedReports.dropOld(tx, before, DELETE_BITE));
        if (dropped > 0) {
            LOG.warn("{} status reports matched no part within {} and are given up", dropped, settings.parking());
            metrics.count(QueueMetrics.Count.REPORTS_EXPIRED, dropped);
        }
    }
}
