package dev.parley.queue;

import dev.parley.link.Link;
import dev.parley.link.LinkState;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of one line that may go next, and the line's links that take them. Keeps a few of the
/// many in the database at hand, and hands each to a place in the window of the link whose turn it is.
final class LineDesk {
    private static final Logger LOG = LoggerFactory.getLogger(LineDesk.class);

    /// A mistake of ours that repeats must not keep a processor and the log busy.
    private static final Duration AFTER_MISTAKE = Duration.ofMillis(200);

    /// Parts read at once.
    static final int BATCH = 200;

    /// With fewer at hand than this, more are read.
    private static final int LOW = 100;

    /// A link with what the queue knows of it.
    static final class Post {
        final Link link;
        private final Condition turn;
        private final int weight; // 0 for one that goes by its place in the order
        private final Circuit circuit = new Circuit(); // under lock
        private final Allowance allowance; // under lock
        private volatile boolean open; // whether the circuit is; written under lock
        private boolean usedUp; // under lock
        private LinkState latest; // that it told of; under lock
        private int idle; // places in the window that have nothing to do; under lock
        private Optional<Lease> lease = Optional.empty(); // under lock

        private Post(Link link, Condition turn, LinkTerms terms) {
            this.link = link;
            this.latest = link.status().state();
            this.turn = turn;
            this.weight = terms.weight().orElse(0);
            this.allowance = new Allowance(terms.limits());
        }

        boolean isOpen() {
            return open;
        }
    }

    /// Called with the desk's lock held.
    @FunctionalInterface
    interface CircuitListener {
        void changed(Link link, boolean open);
    }

    private final long lineId;
    private final Store store;
    private final Parts parts;
    private final Clock clock;
    private final Duration poll;
    private final HandOver handOver;
    private final CircuitListener circuits;
    private final List<Post> posts;
    private final Shares shares; // under lock
    private final List<Thread> threads = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition refill = lock.newCondition();
    private final List<Part> atHand = new ArrayList<>(); // under lock
    private final Set<Long> known = new HashSet<>(); // ids at hand or being handed over; under lock
    private boolean mayHaveMore = true; // under lock
    private boolean closed; // under lock

    LineDesk(
            long lineId,
            List<Link> links,
            Map<String, LinkTerms> terms,
            Store store,
            Parts parts,
            Clock clock,
            Duration poll,
            HandOver handOver,
            CircuitListener circuits) {
        this.lineId = lineId;
        this.store = store;
        this.parts = parts;
        this.clock = clock;
        this.poll = poll;
        this.handOver = handOver;
        this.circuits = circuits;
        this.posts = links.stream()
                .map(link -> new Post(link, lock.newCondition(), terms.getOrDefault(link.name(), LinkTerms.NONE)))
                .toList();
        this.shares = new Shares(posts.stream().map(post -> post.weight).toList());
    }

    long lineId() {
        return lineId;
    }

    List<Post> posts() {
        return posts;
    }

    void start() {
        threads.add(Thread.ofVirtual().name("queue-line-" + lineId).start(this::refillUntilClosed));
        for (var post : posts) {
            for (int place = 1; place <= post.link.window(); place++) {
                workers.add(Thread.ofVirtual()
                        .name("queue-" + post.link.name() + "-" + place)
                        .start(() -> workUntilClosed(post)));
            }
        }
        threads.addAll(workers);
    }

    /// Ends the waiting threads; those that hand over finish that first.
    void beginClose() {
        lock.lock();
        try {
            closed = true;
            refill.signalAll();
            posts.forEach(post -> post.turn.signalAll());
        } finally {
            lock.unlock();
        }
        workers.forEach(Thread::interrupt); // those that wait for their link's attention
    }

    /// Waits for the threads to end, and names those that have not at `deadline`.
    List<String> awaitClosed(Instant deadline) throws InterruptedException {
        var stragglers = new ArrayList<String>();
        for (var thread : threads) {
            var left = Duration.between(Instant.now(), deadline);
            if (!thread.join(left.isPositive() ? left : Duration.ofMillis(1))) {
                stragglers.add(thread.getName());
            }
        }
        return stragglers;
    }

    /// There may be more to hand over.
    void wake() {
        lock.lock();
        try {
            mayHaveMore = true;
            refill.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A link's state changed.
    void linkChanged(Link link, LinkState state) {
        lock.lock();
        try {
            for (var post : posts) {
                if (post.link.name().equals(link.name())) {
                    noteState(post, state);
                }
                post.turn.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Under lock. A link tells of more than its state: a change of its signal says nothing here.
    private void noteState(Post post, LinkState state) {
        boolean readyAgain = state == LinkState.READY && post.latest != LinkState.READY;
        post.latest = state;
        if (readyAgain && !post.circuit.isClosed()) {
            post.circuit.readyAgain(clock.instant());
            noteCircuit(post, "");
        }
    }

    /// Under lock. Tells once of a circuit that opened or closed.
    ///
    /// @return whether it did
    private boolean noteCircuit(Post post, Object why) {
        boolean open = !post.circuit.isClosed();
        if (open == post.open) {
            return false;
        }
        post.open = open;
        if (open) {
            LOG.info("link={} line={} takes no parts for now: {}", post.link.name(), lineId, why);
        } else {
            LOG.info("link={} line={} takes parts again", post.link.name(), lineId);
        }
        circuits.changed(post.link, open);
        return true;
    }

    Optional<Lease> lease(Post post) {
        lock.lock();
        try {
            return post.lease;
        } finally {
            lock.unlock();
        }
    }

    /// @param taken when the link took its latest parts, as far as its limits look back
    void lease(Post post, Optional<Lease> lease, List<Instant> taken) {
        lock.lock();
        try {
            post.allowance.begin(taken);
            lease(post, lease);
        } finally {
            lock.unlock();
        }
    }

    void lease(Post post, Optional<Lease> lease) {
        lock.lock();
        try {
            if (post.lease.isPresent() && lease.isEmpty()) {
                LOG.warn(
                        "link={} another process has taken its lease; nothing more is handed to it here",
                        post.link.name());
            }
            post.lease = lease;
            posts.forEach(each -> each.turn.signalAll());
        } finally {
            lock.unlock();
        }
    }

    /// Whether any link could take a part now.
    boolean isUsable() {
        lock.lock();
        try {
            return posts.stream().anyMatch(LineDesk::isReady);
        } finally {
            lock.unlock();
        }
    }

    // ---- Keeping some at hand ----

    private void refillUntilClosed() {
        while (true) {
            int limit;
            lock.lock();
            try {
                boolean polled = false;
                while (!closed && !(atHand.size() < LOW && (mayHaveMore || polled))) {
                    polled = refill.awaitNanos(poll.toNanos()) <= 0;
                }
                if (closed) {
                    return;
                }
                mayHaveMore = false;
                limit = BATCH + known.size(); // those that are known come first and are read in vain
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            } finally {
                lock.unlock();
            }
            try {
                var now = clock.instant();
                put(store.read(connection -> parts.due(connection, lineId, now, limit)), limit);
            } catch (StoreUnavailable e) {
                LOG.debug("line={} nothing read: {}", lineId, e.getMessage()); // the next poll tries again
            } catch (RuntimeException e) {
                LOG.error("line={} the queue could not be read", lineId, e);
                LockSupport.parkNanos(AFTER_MISTAKE.toNanos());
            }
        }
    }

    private void put(List<Part> due, int limit) {
        lock.lock();
        try {
            mayHaveMore |= due.size() == limit;
            boolean any = false;
            for (var part : due) {
                if (known.add(part.id())) {
                    atHand.add(part);
                    any = true;
                }
            }
            if (any) {
                signalTurn();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Wakes one waiting place of the link whose turn it is; that one wakes the next while there is
    /// more.
    private void signalTurn() {
        var now = clock.instant();
        for (var post : posts) {
            if (post.idle > 0 && place(post, now) >= 0) {
                post.turn.signal();
                return;
            }
        }
    }

    // ---- Handing over ----

    private void workUntilClosed(Post post) {
        while (true) {
            try {
                var next = next(post);
                if (next.isEmpty()) {
                    return;
                }
                HandOver.Ended ended = new HandOver.Ended.Dropped();
                try {
                    ended = handOver.handOver(post.link, next.get().lease, next.get().part, next.get().moreToCome);
                } finally {
                    done(post, next.get().part, ended);
                }
            } catch (InterruptedException e) {
                // Only a close interrupts; `next` sees it.
            } catch (RuntimeException e) {
                LOG.error("link={} line={} a hand-over met a mistake of ours", post.link.name(), lineId, e);
                LockSupport.parkNanos(AFTER_MISTAKE.toNanos());
            }
        }
    }

    private record Next(Part part, Lease lease, boolean moreToCome) {}

    /// Waits for a part that is for this link. Empty once the desk is closed.
    private Optional<Next> next(Post post) throws InterruptedException {
        lock.lock();
        post.idle++;
        try {
            while (true) {
                if (closed) {
                    return Optional.empty();
                }
                var now = clock.instant();
                int place = place(post, now);
                if (place >= 0) {
                    return Optional.of(taken(post, place, now));
                }
                noteLimit(post, now);
                var wait = atHand.isEmpty() || post.circuit.isClosed()
                        ? poll
                        : Duration.between(now, post.circuit.probeAt());
                post.turn.await(Math.clamp(wait.toNanos(), 1_000_000, poll.toNanos()), TimeUnit.NANOSECONDS);
            }
        } finally {
            post.idle--;
            if (!atHand.isEmpty()) {
                signalTurn();
            }
            lock.unlock();
        }
    }

    private Next taken(Post post, int place, Instant now) {
        var part = atHand.remove(place);
        shares.taken(posts.indexOf(post), sharing(now));
        post.circuit.handingOver();
        post.allowance.take(now);
        if (atHand.size() < LOW && mayHaveMore) {
            refill.signal();
        }
        return new Next(part, post.lease.orElseThrow(), !atHand.isEmpty());
    }

    private void done(Post post, Part part, HandOver.Ended ended) {
        lock.lock();
        try {
            known.remove(part.id());
            if (!(ended instanceof HandOver.Ended.WithOutcome(var outcome) && LinkUse.counts(outcome))) {
                post.allowance.giveBack();
            }
            switch (ended) {
                case HandOver.Ended.WithOutcome(var outcome) -> post.circuit.ended(outcome, clock.instant());
                case HandOver.Ended.Dropped() -> post.circuit.dropped();
                case HandOver.Ended.LeaseLost() -> {
                    post.circuit.dropped();
                    lease(post, Optional.empty());
                }
            }
            if (!closed && noteCircuit(post, ended) && !post.open) {
                posts.forEach(other -> other.turn.signalAll());
            }
            if (!atHand.isEmpty()) {
                signalTurn();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The place at hand of the part that this link is to take now; -1 where there is none.
    private int place(Post post, Instant now) {
        if (atHand.isEmpty() || !post.circuit.lets(now) || !isAble(post, now)) {
            return -1;
        }
        boolean mayTakeAny = isTurnOf(post, now);
        var waiting = new HashMap<Post, Integer>();
        for (int place = 0; place < atHand.size(); place++) {
            var keeper =
                    keeper(atHand.get(place), now).filter(its -> waiting.merge(its, 1, Integer::sum) <= keptMax(its));
            if (keeper.isEmpty() ? mayTakeAny : keeper.get() == post) {
                return place;
            }
        }
        return -1;
    }

    /// How many parts may wait for the link of their text's earlier ones: as many as it can take next, or a
    /// slow link would collect the texts that a fast one could send; and never so many that nothing else
    /// is at hand.
    private int keptMax(Post post) {
        return Math.clamp(LOW / 2 / posts.size(), 1, post.link.window());
    }

    /// The link that the text's earlier parts went by, as long as it takes parts: a text whose parts go
    /// by several SMSCs is put together by the phone all the same, but may wait for the slowest.
    private Optional<Post> keeper(Part part, Instant now) {
        return part.earlierLink()
                .flatMap(link -> posts.stream()
                        .filter(post -> post.link.name().equals(link))
                        .findFirst())
                .filter(post -> carriesOn(post, now));
    }

    /// Whether this link is to take the next part that may go by any: those with a weight take turns,
    /// and behind them the first in the order that can takes all. One whose circuit is open takes its
    /// probe when that is due, and the others carry on meanwhile.
    private boolean isTurnOf(Post post, Instant now) {
        if (post.weight > 0) {
            return !post.circuit.isClosed()
                    || shares.next(sharing(now)).stream().anyMatch(place -> posts.get(place) == post);
        }
        for (var other : posts) {
            if (other == post) {
                return true;
            }
            if (carriesOn(other, now)) {
                return false;
            }
        }
        throw new IllegalStateException("no post of this line: " + post.link.name());
    }

    /// The places of the links with a weight that could take a part at once. Who has a full window passes
    /// its turn on: a slow link must not hold up the line.
    private BitSet sharing(Instant now) {
        var sharing = new BitSet(posts.size());
        for (int place = 0; place < posts.size(); place++) {
            var post = posts.get(place);
            sharing.set(place, post.weight > 0 && post.idle > 0 && carriesOn(post, now));
        }
        return sharing;
    }

    /// Tells once when a link with parts before it may take none, and once when it may again.
    private void noteLimit(Post post, Instant now) {
        boolean usedUp = !post.allowance.lets(now);
        if (usedUp && !post.usedUp && !atHand.isEmpty()) {
            LOG.info(
                    "link={} line={} has used up its limits, takes parts again at {}",
                    post.link.name(),
                    lineId,
                    post.allowance.mayAt());
            post.usedUp = true;
        } else if (!usedUp) {
            post.usedUp = false;
        }
    }

    private static boolean carriesOn(Post post, Instant now) {
        return post.circuit.isClosed() && isAble(post, now);
    }

    private static boolean isAble(Post post, Instant now) {
        return isReady(post) && post.allowance.lets(now);
    }

    private static boolean isReady(Post post) {
        return post.lease.isPresent() && post.link.status().state() == LinkState.READY;
    }
}
