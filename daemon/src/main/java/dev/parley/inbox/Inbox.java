package dev.parley.inbox;

import dev.parley.contact.Numbers;
import dev.parley.conversation.InboundText;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.line.Lines;
import dev.parley.line.LinkView;
import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkStatus;
import dev.parley.link.Received;
import dev.parley.lock.Held;
import dev.parley.queue.ReportSettler;
import dev.parley.reply.TextReceiver;
import dev.parley.sms.Concat;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Tx;
import dev.parley.store.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what the links hear. Works from its construction to [#close].
public final class Inbox implements LinkListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /// Incomplete texts given on in one look.
    private static final int BITE = 100;

    private static final int DELETE_BITE = 1_000;

    /// The receipt of what settled at once.
    private static final long NO_COPY = 0;

    /// How long after a failed write of link events the next is tried.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Store store;
    private final Clock clock;
    private final InboxSettings settings;
    private final InboxMetrics metrics;
    private final EventLog events;
    private final Lines lines;
    private final Map<LinkKind, Decoder> decoders;
    private final Destinations destinations;
    private final RawCopies copies;
    private final TextReceiver texts;
    private final ReportSettler reports;
    private final BiConsumer<Link, LinkStatus> alsoTold;
    private final Predicate<String> openCircuits;
    private final Thread housekeeping;
    private final Thread linkEvents;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /// The latest of each link, and of no link more than that: while the database is away, what is in
    /// between is lost, which the next event makes good. Under the lock.
    private final Map<String, LinkView> unwritten = new LinkedHashMap<>();

    /// @param alsoTold hears of each change of a link's state at once, before it is in the event log:
    /// the queue
    /// @param openCircuits whether the circuit of the link of this name is open, for the events
    public Inbox(
            Store store,
            Clock clock,
            InboxSettings settings,
            InboxMetrics metrics,
            EventLog events,
            Lines lines,
            Map<LinkKind, Decoder> decoders,
            TextReceiver texts,
            ReportSettler reports,
            BiConsumer<Link, LinkStatus> alsoTold,
            Predicate<String> openCircuits) {
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.metrics = metrics;
        this.events = events;
        this.lines = lines;
        this.destinations = new Destinations(lines, settings);
        this.copies = new RawCopies(settings);
        this.decoders = Map.copyOf(decoders);
        this.texts = texts;
        this.reports = reports;
        this.alsoTold = alsoTold;
        this.openCircuits = openCircuits;
        this.housekeeping = Thread.ofVirtual().name("inbox-housekeeping").start(this::keepHouse);
        this.linkEvents = Thread.ofVirtual().name("inbox-link-events").start(this::writeLinkEvents);
    }

    // ---- Texts and reports ----

    @Override
    public long received(Inbound inbound) throws NotNow {
        try {
            var received = decoder(inbound.kind()).decode(inbound);
            return store.transaction(tx -> take(tx, inbound, received));
        } catch (StoreUnavailable e) {
            throw notNow(e);
        } catch (RuntimeException e) {
            try {
                return store.transaction(keptRaw(inbound, e));
            } catch (RuntimeException again) {
                throw notNow(again);
            }
        }
    }

    @Override
    public void receive(Inbound inbound, Consumer<Taken> told) {
        CompletableFuture<Long> taken;
        try {
            var received = decoder(inbound.kind()).decode(inbound); // here, so that the writer need not
            taken = store.begin(tx -> take(tx, inbound, received));
        } catch (RuntimeException e) {
            taken = CompletableFuture.failedFuture(e);
        }
        var _ = taken.exceptionallyCompose(e -> {
                    if (e instanceof StoreUnavailable) {
                        return CompletableFuture.failedFuture(e);
                    }
                    return store.begin(keptRaw(inbound, e));
                })
                .whenComplete((receipt, e) ->
                        told.accept(e == null ? new Taken.Committed(receipt) : new Taken.Refused(notNow(e))));
    }

    /// What is done with something that met a mistake of ours, which is told here: its octets are kept.
    private Work<Long> keptRaw(Inbound inbound, Throwable mistake) {
        LOG.error("link={} something received met a mistake of ours and is kept raw", inbound.link(), mistake);
        return tx -> {
            var key = key(inbound);
            var known = copies.known(tx, inbound, key);
            if (known.isPresent()) {
                return known.get();
            }
            count(tx, InboxMetrics.Count.FAILED);
            return copies.store(tx, inbound, key, "failed", true, mistake.toString());
        };
    }

    private NotNow notNow(Throwable e) {
        metrics.count(InboxMetrics.Count.NOT_NOW);
        return new NotNow("cannot be stored now: " + e.getMessage(), e);
    }

    private long take(Tx tx, Inbound inbound, Received received) {
        if (settlesAtOnce(tx, inbound, received)) {
            count(tx, InboxMetrics.Count.REPORT);
            return NO_COPY;
        }
        var key = key(inbound);
        var known = copies.known(tx, inbound, key);
        if (known.isPresent()) {
            tx.afterCommit(() -> {
                metrics.count(InboxMetrics.Count.DUPLICATE);
                LOG.info("link={} receipt={} came again and is known", inbound.link(), known.get());
            });
            return known.get();
        }
        return switch (received) {
            case Received.Text text -> {
                long receipt = copies.store(tx, inbound, key, text.concat().isPresent() ? "part" : "text", false, "");
                take(tx, inbound, text);
                yield receipt;
            }
            case Received.Report report -> {
                long receipt = copies.store(tx, inbound, key, "report", false, "");
                reports.settle(tx, inbound.link(), inbound.kind(), report, inbound.receivedAt());
                count(tx, InboxMetrics.Count.REPORT);
                yield receipt;
            }
            case Received.Machine(var _, var what) ->
                keep(tx, inbound, key, "machine", what, InboxMetrics.Count.MACHINE);
            case Received.Unreadable(var why) ->
                keep(tx, inbound, key, "unreadable", why, InboxMetrics.Count.UNREADABLE);
        };
    }

    /// A report may name its part by a reference of the network's own. One whose part waits for it
    /// settles that in this transaction, and if it comes again, because its acknowledgement was lost,
    /// it is known by its part: so no copy of it is stored.
    private boolean settlesAtOnce(Tx tx, Inbound inbound, Received received) {
        return inbound.kind().hasOwnReferences()
                && received instanceof Received.Report report
                && reports.settleKnown(tx, inbound.link(), inbound.kind(), report, inbound.receivedAt());
    }

    private CopyKey key(Inbound inbound) {
        return CopyKey.of(inbound, decoder(inbound.kind()).identity(inbound));
    }

    private Decoder decoder(LinkKind kind) {
        return Optional.ofNullable(decoders.get(kind))
                .orElseThrow(() -> new IllegalStateException("no decoder for " + kind.label()));
    }

    private void take(Tx tx, Inbound inbound, Received.Text received) {
        var line = destinations
                .of(inbound.link(), received)
                .orElseThrow(() -> new IllegalStateException("link " + inbound.link() + " belongs to no line"));
        var text = received.from(
                received.named()
                        ? Numbers.ofNamed(received.sender(), line.country())
                        : Numbers.ofSender(received.sender(), line.country()));
        if (text.concat().filter(Concat::isOneOfSeveral).isEmpty()) {
            give(tx, Assemblies.inbound(line.id(), text, text.text(), inbound));
            return;
        }
        var added = Assemblies.add(tx, line.id(), text, text.concat().get(), inbound);
        count(tx, added.duplicate() ? InboxMetrics.Count.DUPLICATE_PART : InboxMetrics.Count.PART);
        added.texts().forEach(whole -> give(tx, whole));
    }

    private void give(Tx tx, InboundText text) {
        texts.received(tx, text.with(text.sender(), wellFormed(text.text())));
        count(tx, InboxMetrics.Count.TEXT);
    }

    /// UCS-2 from a phone may hold half a surrogate pair, which neither JSON nor the database can.
    static String wellFormed(String text) {
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }

    private long keep(Tx tx, Inbound inbound, CopyKey key, String what, String reason, InboxMetrics.Count counted) {
        long receipt = copies.store(tx, inbound, key, what, true, reason);
        tx.afterCommit(() -> LOG.warn("link={} receipt={} {}: {}", inbound.link(), receipt, what, reason));
        count(tx, counted);
        return receipt;
    }

    private void count(Tx tx, InboxMetrics.Count count) {
        tx.afterCommit(() -> metrics.count(count));
    }

    @Override
    public void released(long receipt) {
        if (receipt == NO_COPY) {
            return;
        }
        var _ = store.begin(tx -> RawCopies.release(tx, receipt)).exceptionally(e -> {
            LOG.warn("receipt={} its release could not be recorded: {}", receipt, e.getMessage());
            return null;
        });
    }

    // ---- Links ----

    @Override
    public void stateChanged(Link link, LinkStatus status) {
        try {
            alsoTold.accept(link, status);
        } catch (RuntimeException e) {
            LOG.error("link={} its state met a mistake of ours", link.name(), e);
        }
        changed(link, () -> status);
    }

    /// The circuit of a link opened or closed. Does not wait.
    public void circuitChanged(Link link) {
        changed(link, link::status);
    }

    /// Both the state and the circuit are read under lock, so that of two changes at once the later
    /// event has both.
    private void changed(Link link, Supplier<LinkStatus> status) {
        try (var _ = Held.lock(lock)) {
            var name = link.name();
            unwritten.put(
                    name, LinkView.of(name, link.kind(), lines.byLink(name), status.get(), openCircuits.test(name)));
            changed.signalAll();
        }
    }

    private void writeLinkEvents() {
        try {
            for (var updates = toWrite(); !updates.isEmpty(); updates = toWrite()) {
                if (!written(updates)) {
                    try (var _ = Held.lock(lock)) {
                        updates.forEach(update -> unwritten.putIfAbsent(update.name(), update));
                    }
                    if (stopsWithin(PAUSE)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /// Waits until there is something; nothing when it is time to stop.
    private List<LinkView> toWrite() throws InterruptedException {
        try (var _ = Held.lock(lock)) {
            while (unwritten.isEmpty() && stopping.getCount() > 0) {
                changed.await();
            }
            var updates = List.copyOf(unwritten.values());
            unwritten.clear();
            return updates;
        }
    }

    private boolean written(List<LinkView> updates) {
        try {
            store.transaction(tx -> {
                for (var update : updates) {
                    var scope =
                            update.line().map(Long::valueOf).map(Scope::ofLine).orElse(Scope.NONE);
                    events.append(tx, EventType.LINK_UPDATED, scope, update);
                }
                return updates;
            });
            return true;
        } catch (StoreUnavailable e) {
            LOG.debug("link events wait: {}", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("link events met a mistake of ours and are dropped", e);
            return true;
        }
    }

    private boolean stopsWithin(Duration time) throws InterruptedException {
        return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    // ---- Incomplete texts ----

    private void keepHouse() {
        try {
            do {
                try {
                    giveOverdue();
                } catch (StoreUnavailable e) {
                    LOG.debug("incomplete texts wait: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("incomplete texts met a mistake of ours", e);
                }
            } while (!stopsWithin(settings.poll()));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void giveOverdue() {
        var startedBefore = clock.instant().minus(settings.patience());
        for (long assembly : store.read(connection -> Assemblies.overdue(connection, startedBefore, BITE))) {
            try {
                store.transaction(tx -> {
                    var text = Assemblies.end(tx, assembly, clock.instant());
                    if (text.isPresent()) {
                        give(tx, text.get());
                        count(tx, InboxMetrics.Count.INCOMPLETE_TEXT);
                    }
                    return assembly;
                });
            } catch (StoreUnavailable e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.error("assembly={} an incomplete text met a mistake of ours; its parts are kept raw", assembly, e);
                store.transaction(tx -> Assemblies.end(tx, assembly, clock.instant()));
                metrics.count(InboxMetrics.Count.FAILED);
            }
        }
    }

    // ---- Reading and retention ----

    /// What was received and given to nobody, newest first.
    ///
    /// @param before only older ones: the smallest id of the page before, or `Long.MAX_VALUE`
    public List<RawInbound> unread(long before, int limit) {
        return store.read(connection -> RawCopies.unread(connection, before, limit));
    }

    /// Deletes raw copies, and the parts of texts given on, that are older than `before`, a bite at a
    /// time. Copies that their link has not let go of stay.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return store.transaction(
                tx -> RawCopies.delete(tx, before, DELETE_BITE) + Assemblies.delete(tx, before, DELETE_BITE));
    }

    /// Commits what is being received, writes the last link events, and ends. Does not throw.
    @Override
    public void close() {
        stopping.countDown();
        try (var _ = Held.lock(lock)) {
            changed.signalAll();
        }
        try {
            linkEvents.join();
            housekeeping.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
