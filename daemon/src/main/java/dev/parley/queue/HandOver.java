package dev.parley.queue;

import dev.parley.link.Link;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import dev.parley.store.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands one part to one link: commits `submitting`, calls the link, commits the outcome. Runs on the
/// thread of a place in the link's window.
final class HandOver {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    /// How long a part that meets a mistake of ours stands aside.
    private static final Duration ASIDE = Duration.ofMinutes(1);

    private final Store store;
    private final Leases leases;
    private final LinkUse use;
    private final Parts parts;
    private final Moves moves;
    private final Reports reports;
    private final QueueSettings settings;
    private final QueueMetrics metrics;
    private final Clock clock;
    private final BooleanSupplier stopping;

    HandOver(
            Store store,
            Leases leases,
            LinkUse use,
            Parts parts,
            Moves moves,
            Reports reports,
            QueueSettings settings,
            QueueMetrics metrics,
            Clock clock,
            BooleanSupplier stopping) {
        this.store = store;
        this.leases = leases;
        this.use = use;
        this.parts = parts;
        this.moves = moves;
        this.reports = reports;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.stopping = stopping;
    }

    /// How the first commit ended.
    private enum Marked {
        MARKED,
        /// Withdrawn, held, expired or taken meanwhile.
        GONE,
        LEASE_LOST
    }

    /// What the desk learns of a hand-over.
    sealed interface Ended {
        record WithOutcome(SubmitOutcome outcome) implements Ended {}

        /// The part was not there to be handed over, or the database was not.
        record Dropped() implements Ended {}

        record LeaseLost() implements Ended {}
    }

    /// @param moreToCome whether the link has another part before it
    Ended handOver(Link link, Lease lease, Part part, boolean moreToCome) {
        switch (mark(lease, part)) {
            case MARKED -> {}
            case GONE -> {
                return new Ended.Dropped();
            }
            case LEASE_LOST -> {
                return new Ended.LeaseLost();
            }
        }
        var outcome = submit(link, part, moreToCome);
        return record(link, lease, part, outcome) ? new Ended.WithOutcome(outcome) : new Ended.LeaseLost();
    }

    private Marked mark(Lease lease, Part part) {
        try {
            return store.transaction(tx -> {
                if (!leases.holds(tx, lease)) {
                    return Marked.LEASE_LOST;
                }
                var now = clock.instant();
                if (!moves.submitting(tx, part, lease.link(), now)) {
                    return Marked.GONE;
                }
                use.taken(tx, lease.link(), part.id(), now);
                return Marked.MARKED;
            });
        } catch (StoreUnavailable e) {
            // The connection may have been lost during the commit: then the row says "perhaps sent", and
            // surely it was not.
            LOG.debug("part={} not handed over: {}", part.id(), e.getMessage());
            boolean ours = committed(part, tx -> {
                boolean holds = leases.holds(tx, lease);
                if (holds) {
                    moves.notHandedOver(tx, part, lease.link(), clock.instant());
                    use.givenBack(tx, lease.link(), part.id());
                }
                return holds;
            });
            return ours ? Marked.GONE : Marked.LEASE_LOST;
        } catch (RuntimeException e) {
            LOG.error("part={} delivery={} stands aside after a mistake of ours", part.id(), part.deliveryId(), e);
            committed(part, tx -> parts.setAside(tx, part.id(), clock.instant().plus(ASIDE)));
            return Marked.GONE;
        }
    }

    private SubmitOutcome submit(Link link, Part part, boolean moreToCome) {
        long began = System.nanoTime();
        SubmitOutcome outcome;
        try {
            outcome = link.submit(new OutboundPart(
                    part.id(),
                    part.recipient(),
                    part.segment(),
                    true,
                    Optional.of(Duration.between(clock.instant(), part.expiresAt())),
                    moreToCome));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = new SubmitOutcome.NotHandedOver("Parley is stopping");
        } catch (RuntimeException e) {
            LOG.error("link={} part={} failed in the middle of a hand-over", link.name(), part.id(), e);
            outcome = new SubmitOutcome.Uncertain("a mistake of ours: " + e);
        }
        metrics.submitted(link, Duration.ofNanos(System.nanoTime() - began));
        metrics.handedOver(
                link,
                switch (outcome) {
                    case SubmitOutcome.Accepted _ -> QueueMetrics.Count.SUBMITTED_ACCEPTED;
                    case SubmitOutcome.Refused _ -> QueueMetrics.Count.SUBMITTED_REFUSED;
                    case SubmitOutcome.Postponed _ -> QueueMetrics.Count.SUBMITTED_POSTPONED;
                    case SubmitOutcome.NotHandedOver _, SubmitOutcome.Suspected _ ->
                        QueueMetrics.Count.SUBMITTED_NOT_HANDED_OVER;
                    case SubmitOutcome.Uncertain _ -> QueueMetrics.Count.SUBMITTED_UNCERTAIN;
                });
        return outcome;
    }

    /// Commits the outcome, however long the database is away: it is known here and nowhere else.
    ///
    /// @return false if the lease was lost, and the outcome with it
    private boolean record(Link link, Lease lease, Part part, SubmitOutcome outcome) {
        try {
            return committed(part, recording(moves, link, lease, part, outcome));
        } catch (RuntimeException e) {
            LOG.error(
                    "part={} delivery={} moves on without its conversation, after a mistake of ours",
                    part.id(),
                    part.deliveryId(),
                    e);
            return committed(part, recording(moves.mute(), link, lease, part, outcome));
        }
    }

    private Work<Boolean> recording(Moves moves, Link link, Lease lease, Part part, SubmitOutcome outcome) {
        return tx -> {
            if (!leases.holds(tx, lease)) {
                LOG.warn("link={} part={} lease lost, outcome not recorded: {}", lease.link(), part.id(), outcome);
                return false;
            }
            var now = clock.instant();
            switch (outcome) {
                case SubmitOutcome.Accepted(var reference) ->
                    moves.accepted(
                            tx,
                            part.id(),
                            part.deliveryId(),
                            part.total(),
                            part.lane(),
                            lease.link(),
                            PartState.SUBMITTING,
                            reference,
                            now);
                case SubmitOutcome.Refused(var code, var network, var reason) ->
                    moves.failed(tx, part, PartState.SUBMITTING, new Failure(code, network, reason), now);
                case SubmitOutcome.Postponed(var code, var network, var reason) ->
                    moves.postponed(tx, part, lease.link(), code, network, reason, now);
                case SubmitOutcome.NotHandedOver _ -> moves.notHandedOver(tx, part, lease.link(), now);
                case SubmitOutcome.Suspected(var _, var aside) ->
                    moves.suspected(tx, part, lease.link(), now, now.plus(aside));
                case SubmitOutcome.Uncertain(var reason) ->
                    moves.uncertain(tx, part, lease.link(), now.plus(settings.grace(link.kind())), reason);
            }
            if (!LinkUse.counts(outcome)) {
                use.givenBack(tx, lease.link(), part.id());
            }
            // Its own report may be here already, or one that had to wait for whether it is this part's.
            reports.unpark(tx, lease.link(), link.kind(), part.tail());
            return true;
        };
    }

    /// Commits `work` once the database is there. When the queue stops meanwhile, the row stays as it
    /// is, and the next start takes it for what it then is: uncertain.
    private boolean committed(Part part, Work<Boolean> work) {
        while (true) {
            try {
                return store.transaction(work);
            } catch (StoreUnavailable e) {
                if (stopping.getAsBoolean()) {
                    LOG.warn("part={} its hand-over could not be recorded before the stop", part.id());
                    return false;
                }
                boolean interrupted =
                        Thread.interrupted(); // a stop interrupts once; the flag would end each wait at once
                LockSupport.parkNanos(settings.poll().toNanos());
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
