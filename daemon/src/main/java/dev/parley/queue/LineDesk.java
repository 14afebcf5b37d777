package dev.parley.queue;

import dev.parley.link.Link;
import dev.parley.link.LinkState;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
        private final Circuit circuit = new Circuit(); // under lock
        private final Allowance allowance; // under lock
        private boolean usedUp; // under lock
        private Optional<Lease> lease = Optional.empty(); // under lock

        private Post(Link link, Condition turn, SendLimits limits) {
            this.link = link;
            this.turn = turn;
            this.allowance = new Allowance(limits);
        }
    }

    private final long lineId;
    private final Store store;
    private final Parts parts;
    private final Clock clock;
    private final Duration poll;
    private final HandOver handOver;
    private final List<Post> posts;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition refill = lock.newCondition();
    private final ArrayDeque<Part> atHand = new ArrayDeque<>(); // under lock
    private final Set<Long> known = new HashSet<>(); // ids at hand or being handed over; under lock
    private boolean mayHaveMore = true; // under lock
    private boolean closed; // under lock

    LineDesk(
            long lineId,
            List<Link> links,
            LinkUse use,
            Store store,
            Parts parts,
            Clock clock,
            Duration poll,
            HandOver handOver) {
        this.lineId = lineId;
        this.store = store;
        this.parts = parts;
        this.clock = clock;
        this.poll = poll;
        this.handOver = handOver;
        this.posts = links.stream()
                .map(link -> new Post(link, lock.newCondition(), use.of(link.name())))
                .toList();
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
                if (post.link.name().equals(link.name()) && state == LinkState.READY && !post.circuit.isClosed()) {
                    post.circuit.close(); // it has recovered by itself; no need to probe
                    LOG.info("link={} line={} takes parts again", link.name(), lineId);
                }
                post.turn.signalAll();
            }
        } finally {
            lock.unlock();
        }
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
            post.turn.signalAll();
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
            if (isTurnOf(post, now)) {
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
        try {
            while (true) {
                if (closed) {
                    return Optional.empty();
                }
                var now = clock.instant();
                if (!atHand.isEmpty() && isTurnOf(post, now)) {
                    var part = atHand.remove();
                    post.circuit.handingOver();
                    post.allowance.take(now);
                    if (atHand.size() < LOW && mayHaveMore) {
                        refill.signal();
                    }
                    boolean more = !atHand.isEmpty();
                    if (more) {
                        signalTurn();
                    }
                    return Optional.of(new Next(part, post.lease.orElseThrow(), more));
                }
                noteLimit(post, now);
                var wait = atHand.isEmpty() || post.circuit.isClosed()
                        ? poll
                        : Duration.between(now, post.circuit.probeAt());
                post.turn.await(Math.clamp(wait.toNanos(), 1_000_000, poll.toNanos()), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void done(Post post, Part part, HandOver.Ended ended) {
        lock.lock();
        try {
            known.remove(part.id());
            boolean wasClosed = post.circuit.isClosed();
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
            if (wasClosed && !post.circuit.isClosed() && !closed) {
                LOG.info("link={} line={} takes no parts for now: {}", post.link.name(), lineId, ended);
            } else if (!wasClosed && post.circuit.isClosed()) {
                LOG.info("link={} line={} takes parts again", post.link.name(), lineId);
                posts.forEach(other -> other.turn.signalAll());
            }
            if (!atHand.isEmpty()) {
                signalTurn();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether this link is to take the next part: the first in the order of preference that can. One
    /// whose circuit is open takes its probe when that is due, and those behind it carry on meanwhile.
    private boolean isTurnOf(Post post, Instant now) {
        if (!isReady(post) || !post.circuit.lets(now) || !post.allowance.lets(now)) {
            return false;
        }
        for (var earlier : posts) {
            if (earlier == post) {
                return true;
            }
            if (isReady(earlier) && earlier.circuit.isClosed() && earlier.allowance.lets(now)) {
                return false;
            }
        }
        throw new IllegalStateException("no post of this line: " + post.link.name());
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

    private static boolean isReady(Post post) {
        return post.lease.isPresent() && post.link.status().state() == LinkState.READY;
    }
}
