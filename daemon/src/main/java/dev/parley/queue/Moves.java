package dev.parley.queue;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// The moves of the diagram, each with all that belongs to it: the part's row, the lane, the siblings,
/// what the conversation is told, what is counted. All in the caller's transaction; counting and
/// waking when it commits.
final class Moves {
    static final DeliveryProgress NOBODY = new Nobody();

    /// What happens within such a time in one transaction happens at once.
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Parts parts;
    private final Clock clock;
    private final QueueSettings settings;
    private final QueueMetrics metrics;
    private final DeliveryProgress progress;
    private final Changed changed;

    /// Hears of each lane of which rows were changed by SQL, so that memory must read it again.
    @FunctionalInterface
    interface Changed {
        void lane(Tx tx, long line, long lane);
    }

    Moves(
            Parts parts,
            Clock clock,
            QueueSettings settings,
            QueueMetrics metrics,
            DeliveryProgress progress,
            Changed changed) {
        this.parts = parts;
        this.clock = clock;
        this.settings = settings;
        this.metrics = metrics;
        this.progress = progress;
        this.changed = changed;
    }

    /// The moment of a transaction at which it is noted that something happened: one for all that
    /// happens within [#MOMENT], since what rows get alike is said once, and costs the database half as
    /// much. It is later than the hand-over of whatever is accepted in the transaction: an earlier one
    /// was durable by then.
    ///
    /// @param at when it happened
    Instant moment(Tx tx, Instant at) {
        var moment = tx.kept(this, () -> clock.instant().truncatedTo(ChronoUnit.MICROS));
        return Duration.between(moment, at).abs().compareTo(MOMENT) < 0 ? moment : at;
    }

    /// A part is about to be handed over: told before the move, so that a mistake in the telling stops
    /// nothing but this part.
    ///
    /// @param attempts hand-overs of any part of its delivery, this one included
    void submitting(Tx tx, Part part, String link, int attempts, Instant now) {
        progress.sending(tx, part.deliveryId(), link, attempts, now);
    }

    /// The link says that the SMSC has what it was just handed.
    void accepted(Tx tx, Item item, Optional<String> reference, Instant at) {
        var part = item.part;
        parts.accepted(tx, item, reference, at);
        tellAccepted(tx, part.deliveryId(), part.total(), at);
    }

    /// A report proves that the SMSC has a part that was perhaps sent.
    boolean proven(Tx tx, Candidate part, Optional<String> reference, Instant at) {
        if (!parts.toAccepted(tx, part.id(), part.link(), part.state(), reference, at)) {
            return false;
        }
        changed.lane(tx, part.lineId(), part.lane());
        tellAccepted(tx, part.deliveryId(), part.total(), at);
        return true;
    }

    private void tellAccepted(Tx tx, long delivery, int total, Instant at) {
        int accepted = total == 1 ? 1 : parts.sum(tx, delivery).accepted();
        if (accepted == 1) {
            progress.begun(tx, delivery, at);
        }
        if (accepted == total) {
            progress.sent(tx, delivery, at);
        }
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_SENT));
    }

    /// The recipient has what memory knows as accepted.
    void deliveredKnown(Tx tx, PartKey part, Optional<Instant> scts, Instant at) {
        parts.delivered(tx, part.id(), scts, at);
        tellDelivered(tx, part, at);
    }

    /// The recipient has an accepted part.
    boolean delivered(Tx tx, PartKey part, Optional<Instant> scts, Instant at) {
        if (!parts.toDelivered(tx, part.id(), scts, at)) {
            return false;
        }
        tellDelivered(tx, part, at);
        return true;
    }

    private void tellDelivered(Tx tx, PartKey part, Instant at) {
        if (part.total() == 1 || parts.sum(tx, part.deliveryId()).delivered() == part.total()) {
            progress.delivered(tx, part.deliveryId(), at);
        }
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_DELIVERED));
    }

    /// A part failed for good, and its delivery with it: the rest is taken back.
    boolean failed(Tx tx, PartKey part, PartState from, Failure failure, Optional<Instant> scts, Instant at) {
        if (!parts.toFailed(tx, part.id(), from, failure, scts, at)) {
            return false;
        }
        int withdrawn = parts.withdrawRest(tx, part.deliveryId(), at);
        changed.lane(tx, part.lineId(), part.lane());
        if (parts.sum(tx, part.deliveryId()).failed() == 1) {
            progress.failed(tx, part.deliveryId(), failure.code(), failure.network(), failure.reason(), at);
        }
        tx.afterCommit(() -> {
            metrics.count(QueueMetrics.Count.PARTS_FAILED);
            metrics.count(QueueMetrics.Count.PARTS_WITHDRAWN, withdrawn);
        });
        return true;
    }

    boolean failed(Tx tx, Part part, PartState from, Failure failure, Instant at) {
        return failed(tx, part, from, failure, Optional.empty(), at);
    }

    /// The network refused a part for now.
    void postponed(
            Tx tx, Part part, String link, FailureCode code, Optional<Integer> network, String reason, Instant now) {
        int tries = part.tries() + 1;
        if (tries >= settings.attemptsMax()) {
            failed(
                    tx,
                    part,
                    PartState.SUBMITTING,
                    new Failure(
                            FailureCode.RETRIES_USED_UP,
                            network,
                            FailureCode.RETRIES_USED_UP.sentence() + " The last said: " + reason),
                    now);
            return;
        }
        changed.lane(tx, part.lineId(), part.lane());
        if (dropped(tx, part, now)) {
            return;
        }
        var due = now.plus(settings.backoff(tries));
        if (parts.backPostponed(tx, part.id(), link, due, code, network, reason)) {
            progress.postponed(tx, part.deliveryId(), code, network, reason);
        }
    }

    /// Nothing was handed over; the part is as it was.
    void notHandedOver(Tx tx, Part part, String link, Instant now) {
        changed.lane(tx, part.lineId(), part.lane());
        if (!dropped(tx, part, now)) {
            parts.backUntouched(tx, part.id(), link);
        }
    }

    /// The link is at fault and not the part, which lets others be tried before it comes again.
    void suspected(Tx tx, Part part, String link, Instant now, Instant asideUntil) {
        notHandedOver(tx, part, link, now);
        parts.setAside(tx, part.id(), asideUntil);
    }

    void uncertain(Tx tx, Part part, String link, Instant graceEnds, String reason) {
        changed.lane(tx, part.lineId(), part.lane());
        parts.toUncertain(tx, part.id(), link, graceEnds, reason);
    }

    /// No report came within the grace period.
    void graceOver(Tx tx, Part part, Instant now) {
        changed.lane(tx, part.lineId(), part.lane());
        if (!part.expiresAt().isAfter(now)) {
            failed(
                    tx,
                    part,
                    PartState.UNCERTAIN,
                    new Failure(
                            FailureCode.EXPIRED,
                            Optional.empty(),
                            "The link gave no answer, no report came, and the validity of the message is over."),
                    now);
        } else if (part.unanswered() + 1 >= settings.copiesMax()) {
            failed(tx, part, PartState.UNCERTAIN, Failure.of(FailureCode.NO_ANSWER), now);
        } else if (part.tries() >= settings.attemptsMax()) {
            failed(tx, part, PartState.UNCERTAIN, Failure.of(FailureCode.RETRIES_USED_UP), now);
        } else if (!dropped(tx, part, now) && parts.backUnsure(tx, part.id(), now)) {
            long ever = parts.resent(tx.connection());
            tx.afterCommit(() -> metrics.resent(ever));
        }
    }

    /// Takes back a delivery of which nothing has been with a link.
    boolean withdrawn(Tx tx, long delivery, Instant now) {
        var where = parts.whereOf(tx, delivery);
        if (where.isEmpty() || !parts.isUntouched(tx, delivery)) {
            return false;
        }
        int withdrawn = parts.withdrawRest(tx, delivery, now);
        changed.lane(tx, where.get().line(), where.get().lane());
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_WITHDRAWN, withdrawn));
        return true;
    }

    /// A part that is to be tried again is not, if its delivery has failed by a sibling's report
    /// meanwhile.
    private boolean dropped(Tx tx, Part part, Instant now) {
        if (part.total() == 1
                || parts.sum(tx, part.deliveryId()).failed() == 0
                || !parts.dropInsteadOfRetry(tx, part.id(), now)) {
            return false;
        }
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_WITHDRAWN));
        return true;
    }

    private static final class Nobody implements DeliveryProgress {
        @Override
        public void sending(Tx tx, long deliveryId, String link, int attempts, Instant at) {}

        @Override
        public void begun(Tx tx, long deliveryId, Instant at) {}

        @Override
        public void postponed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason) {}

        @Override
        public void sent(Tx tx, long deliveryId, Instant at) {}

        @Override
        public void delivered(Tx tx, long deliveryId, Instant at) {}

        @Override
        public void failed(
                Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at) {}
    }
}
