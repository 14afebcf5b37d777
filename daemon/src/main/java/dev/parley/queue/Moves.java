package dev.parley.queue;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The moves of the diagram, each with all that belongs to it: the part's row, the lane, the siblings,
/// what the conversation is told, what is counted. All in the caller's transaction; counting and
/// waking when it commits.
///
/// @param progress told of them; empty for moves that conversations hear nothing of
/// @param changed hears of each lane of which rows were changed by SQL, so that memory must read it again
record Moves(
        Clock clock,
        QueueSettings settings,
        QueueMetrics metrics,
        Optional<DeliveryProgress> progress,
        BiConsumer<Tx, Parts.Where> changed) {

    /// What happens within such a time in one transaction happens at once.
    private static final Duration MOMENT = Duration.ofMillis(20);

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

    /// The link says that the SMSC has what it was just handed.
    void accepted(Tx tx, Item item, Optional<String> reference, Instant at) {
        var part = item.part;
        Parts.accepted(tx, item, reference, at);
        tellAccepted(tx, part.deliveryId(), part.total(), at);
    }

    /// A report proves that the SMSC has a part that was perhaps sent.
    boolean proven(Tx tx, Candidate part, Optional<String> reference, Instant at) {
        if (!Parts.toAccepted(tx, part.id(), part.link(), part.state(), reference, at)) {
            return false;
        }
        changed.accept(tx, part.where());
        tellAccepted(tx, part.deliveryId(), part.total(), at);
        return true;
    }

    private void tellAccepted(Tx tx, long delivery, int total, Instant at) {
        int accepted = total == 1 ? 1 : Parts.sum(tx, delivery).accepted();
        if (accepted == 1) {
            progress.ifPresent(told -> told.begun(tx, delivery, at));
        }
        if (accepted == total) {
            progress.ifPresent(told -> told.sent(tx, delivery, at));
        }
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_SENT));
    }

    /// The recipient has what memory knows as accepted.
    void deliveredKnown(Tx tx, PartKey part, Optional<Instant> scts, Instant at) {
        Parts.delivered(tx, part.id(), scts, at);
        tellDelivered(tx, part, at);
    }

    /// The recipient has an accepted part.
    boolean delivered(Tx tx, PartKey part, Optional<Instant> scts, Instant at) {
        if (!Parts.toDelivered(tx, part.id(), scts, at)) {
            return false;
        }
        tellDelivered(tx, part, at);
        return true;
    }

    private void tellDelivered(Tx tx, PartKey part, Instant at) {
        if (part.total() == 1 || Parts.sum(tx, part.deliveryId()).delivered() == part.total()) {
            progress.ifPresent(told -> told.delivered(tx, part.deliveryId(), at));
        }
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_DELIVERED));
    }

    /// A part failed for good, and its delivery with it: the rest is taken back.
    boolean failed(Tx tx, PartKey part, PartState from, Failure failure, Optional<Instant> scts, Instant at) {
        if (!Parts.toFailed(tx, part.id(), from, failure, scts, at)) {
            return false;
        }
        int withdrawn = Parts.withdrawRest(tx, part.deliveryId(), at);
        changed.accept(tx, part.where());
        if (Parts.sum(tx, part.deliveryId()).failed() == 1) {
            progress.ifPresent(told ->
                    told.failed(tx, part.deliveryId(), failure.code(), failure.network(), failure.reason(), at));
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
    void postponed(Tx tx, Part part, String link, Failure why, Instant now) {
        int tries = part.tries() + 1;
        if (tries >= settings.attemptsMax()) {
            var sentence = FailureCode.RETRIES_USED_UP.sentence() + " The last said: " + why.reason();
            var last = new Failure(FailureCode.RETRIES_USED_UP, why.network(), sentence);
            failed(tx, part, PartState.SUBMITTING, last, now);
            return;
        }
        changed.accept(tx, part.where());
        if (!dropped(tx, part, now)
                && Parts.backPostponed(tx, part.id(), link, now.plus(settings.backoff(tries)), why)) {
            progress.ifPresent(told -> told.postponed(tx, part.deliveryId(), why.code(), why.network(), why.reason()));
        }
    }

    /// Nothing was handed over; the part is as it was.
    void notHandedOver(Tx tx, Part part, String link, Instant now) {
        changed.accept(tx, part.where());
        if (!dropped(tx, part, now)) {
            Parts.backUntouched(tx, part.id(), link);
        }
    }

    /// The link is at fault and not the part, which lets others be tried before it comes again.
    void suspected(Tx tx, Part part, String link, Instant now, Instant asideUntil) {
        notHandedOver(tx, part, link, now);
        Parts.setAside(tx, part.id(), asideUntil);
    }

    void uncertain(Tx tx, Part part, String link, Instant graceEnds, String reason) {
        changed.accept(tx, part.where());
        Parts.toUncertain(tx, part.id(), link, graceEnds, reason);
    }

    /// No report came within the grace period.
    void graceOver(Tx tx, Part part, Instant now) {
        changed.accept(tx, part.where());
        if (!part.expiresAt().isAfter(now)) {
            var sentence = "The link gave no answer, no report came, and the validity of the message is over.";
            var failure = new Failure(FailureCode.EXPIRED, Optional.empty(), sentence);
            failed(tx, part, PartState.UNCERTAIN, failure, now);
        } else if (part.unanswered() + 1 >= settings.copiesMax()) {
            failed(tx, part, PartState.UNCERTAIN, Failure.of(FailureCode.NO_ANSWER), now);
        } else if (part.tries() >= settings.attemptsMax()) {
            failed(tx, part, PartState.UNCERTAIN, Failure.of(FailureCode.RETRIES_USED_UP), now);
        } else if (!dropped(tx, part, now) && Parts.backUnsure(tx, part.id(), now)) {
            long ever = Parts.resent(tx.connection());
            tx.afterCommit(() -> metrics.resent(ever));
        }
    }

    /// Takes back a delivery of which nothing has been with a link.
    boolean withdrawn(Tx tx, long delivery, Instant now) {
        var where = Parts.whereOf(tx, delivery);
        if (where.isEmpty() || !Parts.isUntouched(tx, delivery)) {
            return false;
        }
        int withdrawn = Parts.withdrawRest(tx, delivery, now);
        changed.accept(tx, where.get());
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_WITHDRAWN, withdrawn));
        return true;
    }

    /// A part that is to be tried again is not, if its delivery has failed by a sibling's report
    /// meanwhile.
    private boolean dropped(Tx tx, Part part, Instant now) {
        if (part.total() == 1
                || Parts.sum(tx, part.deliveryId()).failed() == 0
                || !Parts.dropInsteadOfRetry(tx, part.id(), now)) {
            return false;
        }
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.PARTS_WITHDRAWN));
        return true;
    }
}
