package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// One message on its way to one participant.
///
/// @param conversationId the participant's; a moved message has deliveries of several
/// @param held waits until it is known whether its number opted out or left
/// @param begunAt when the SMSC accepted the first part: evidence that the recipient may have read of
/// it
/// @param text what the recipient reads, with prefix and name
public record Delivery(
        long id,
        long messageId,
        long conversationId,
        long participantId,
        String number,
        DeliveryStatus status,
        boolean held,
        Instant queuedAt,
        Optional<Instant> sendingAt,
        Optional<Instant> begunAt,
        Optional<Instant> sentAt,
        Optional<Instant> deliveredAt,
        Optional<Instant> failedAt,
        Optional<String> link,
        int attempts,
        int parts,
        String encoding,
        Optional<DeliveryError> error,
        String text) {

    // What the queue tells of it. Whatever order that comes in, the status never goes backwards; what changes nothing
    // gives the same delivery.

    /// A part is handed over.
    Delivery sending(String by, int handOvers, Instant at) {
        return isWaiting()
                ? with(now -> {
                    now.status = DeliveryStatus.SENDING;
                    now.sendingAt = sendingAt.or(() -> Optional.of(at));
                    now.link = Optional.of(by);
                    now.attempts = handOvers;
                })
                : this;
    }

    /// The first part was accepted.
    Delivery begun(Instant at) {
        return begunAt.isPresent() ? this : with(now -> now.begunAt = Optional.of(at));
    }

    /// A hand-over was refused for now.
    Delivery postponed(DeliveryError why) {
        return isWaiting() ? with(now -> now.error = Optional.of(why)) : this;
    }

    /// Every part was accepted. A report can be here before the answer to its hand-over: it was sent by then.
    Delivery sent(Instant at) {
        if (sentAt.isPresent() || status == DeliveryStatus.BLOCKED || status == DeliveryStatus.CANCELLED) {
            return this;
        }
        var ended = deliveredAt.or(() -> failedAt);
        return with(now -> {
            now.status = isWaiting() ? DeliveryStatus.SENT : status;
            now.begunAt = begunAt.or(() -> Optional.of(at));
            now.sentAt = Optional.of(ended.filter(at::isAfter).orElse(at));
            now.error = status == DeliveryStatus.FAILED ? error : Optional.empty();
        });
    }

    /// Every part reached the phone; not before it was sent: a report that came before the answer may be settled
    /// after it.
    Delivery delivered(Instant at) {
        return isUnsettled()
                ? with(now -> {
                    now.status = DeliveryStatus.DELIVERED;
                    now.begunAt = begunAt.or(() -> Optional.of(at));
                    now.deliveredAt = Optional.of(notBeforeSent(at));
                    now.error = Optional.empty();
                })
                : this;
    }

    /// A part failed for good.
    Delivery failed(DeliveryError why, Instant at) {
        return isUnsettled()
                ? with(now -> {
                    now.status = DeliveryStatus.FAILED;
                    now.failedAt = Optional.of(notBeforeSent(at));
                    now.error = Optional.of(why);
                })
                : this;
    }

    private Instant notBeforeSent(Instant at) {
        return sentAt.filter(sent -> sent.isAfter(at)).orElse(at);
    }

    /// Whether `before` was sent, and nothing else.
    boolean isJustSent(Delivery before) {
        return status == DeliveryStatus.SENT
                && equals(before.with(now -> {
                    now.status = status;
                    now.begunAt = begunAt;
                    now.sentAt = sentAt;
                }));
    }

    /// Whether `before` was delivered, and nothing else.
    boolean isJustDelivered(Delivery before) {
        return status == DeliveryStatus.DELIVERED
                && equals(before.with(now -> {
                    now.status = status;
                    now.deliveredAt = deliveredAt;
                }));
    }

    /// Whether it is not handed over whole.
    public boolean isWaiting() {
        return status == DeliveryStatus.QUEUED || status == DeliveryStatus.SENDING;
    }

    /// Whether more can become of it.
    boolean isUnsettled() {
        return isWaiting() || status == DeliveryStatus.SENT;
    }

    /// The same, where nobody asks what it says.
    Delivery withoutText() {
        return withText("");
    }

    Delivery withText(String text) {
        return with(now -> now.text = text);
    }

    /// What can change of a delivery.
    private final class Changing {
        private DeliveryStatus status = Delivery.this.status;
        private Optional<Instant> sendingAt = Delivery.this.sendingAt;
        private Optional<Instant> begunAt = Delivery.this.begunAt;
        private Optional<Instant> sentAt = Delivery.this.sentAt;
        private Optional<Instant> deliveredAt = Delivery.this.deliveredAt;
        private Optional<Instant> failedAt = Delivery.this.failedAt;
        private Optional<String> link = Delivery.this.link;
        private int attempts = Delivery.this.attempts;
        private Optional<DeliveryError> error = Delivery.this.error;
        private String text = Delivery.this.text;
    }

    private Delivery with(Consumer<Changing> change) {
        var now = new Changing();
        change.accept(now);
        return new Delivery(
                id,
                messageId,
                conversationId,
                participantId,
                number,
                now.status,
                held,
                queuedAt,
                now.sendingAt,
                now.begunAt,
                now.sentAt,
                now.deliveredAt,
                now.failedAt,
                now.link,
                now.attempts,
                parts,
                encoding,
                now.error,
                now.text);
    }
}
