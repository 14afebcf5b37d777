package dev.parley.conversation;

import java.time.Instant;
import java.util.Optional;

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
                ? with(
                        DeliveryStatus.SENDING,
                        sendingAt.or(() -> Optional.of(at)),
                        begunAt,
                        sentAt,
                        deliveredAt,
                        failedAt,
                        Optional.of(by),
                        handOvers,
                        error,
                        text)
                : this;
    }

    /// The first part was accepted.
    Delivery begun(Instant at) {
        return begunAt.isPresent()
                ? this
                : with(status, sendingAt, Optional.of(at), sentAt, deliveredAt, failedAt, link, attempts, error, text);
    }

    /// A hand-over was refused for now.
    Delivery postponed(DeliveryError why) {
        return isWaiting()
                ? with(
                        status,
                        sendingAt,
                        begunAt,
                        sentAt,
                        deliveredAt,
                        failedAt,
                        link,
                        attempts,
                        Optional.of(why),
                        text)
                : this;
    }

    /// Every part was accepted. A report can be here before the answer to its hand-over: it was sent by then.
    Delivery sent(Instant at) {
        if (sentAt.isPresent() || status == DeliveryStatus.BLOCKED || status == DeliveryStatus.CANCELLED) {
            return this;
        }
        var ended = deliveredAt.or(() -> failedAt);
        return with(
                isWaiting() ? DeliveryStatus.SENT : status,
                sendingAt,
                begunAt.or(() -> Optional.of(at)),
                Optional.of(ended.filter(at::isAfter).orElse(at)),
                deliveredAt,
                failedAt,
                link,
                attempts,
                status == DeliveryStatus.FAILED ? error : Optional.empty(),
                text);
    }

    /// Every part reached the phone; not before it was sent: a report that came before the answer may be settled
    /// after it.
    Delivery delivered(Instant at) {
        return isUnsettled()
                ? with(
                        DeliveryStatus.DELIVERED,
                        sendingAt,
                        begunAt.or(() -> Optional.of(at)),
                        sentAt,
                        Optional.of(notBeforeSent(at)),
                        failedAt,
                        link,
                        attempts,
                        Optional.empty(),
                        text)
                : this;
    }

    /// A part failed for good.
    Delivery failed(DeliveryError why, Instant at) {
        return isUnsettled()
                ? with(
                        DeliveryStatus.FAILED,
                        sendingAt,
                        begunAt,
                        sentAt,
                        deliveredAt,
                        Optional.of(notBeforeSent(at)),
                        link,
                        attempts,
                        Optional.of(why),
                        text)
                : this;
    }

    private Instant notBeforeSent(Instant at) {
        return sentAt.filter(sent -> sent.isAfter(at)).orElse(at);
    }

    /// Whether `before` was sent, and nothing else.
    boolean isJustSent(Delivery before) {
        return status == DeliveryStatus.SENT && isJust(before, begunAt, sentAt, before.deliveredAt);
    }

    /// Whether `before` was delivered, and nothing else.
    boolean isJustDelivered(Delivery before) {
        return status == DeliveryStatus.DELIVERED && isJust(before, before.begunAt, before.sentAt, deliveredAt);
    }

    /// Whether this is `before` with another status and these times.
    private boolean isJust(
            Delivery before, Optional<Instant> begunAt, Optional<Instant> sentAt, Optional<Instant> deliveredAt) {
        return equals(before.with(
                status,
                before.sendingAt,
                begunAt,
                sentAt,
                deliveredAt,
                before.failedAt,
                before.link,
                before.attempts,
                before.error,
                before.text));
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
        return with(status, sendingAt, begunAt, sentAt, deliveredAt, failedAt, link, attempts, error, text);
    }

    private Delivery with(
            DeliveryStatus status,
            Optional<Instant> sendingAt,
            Optional<Instant> begunAt,
            Optional<Instant> sentAt,
            Optional<Instant> deliveredAt,
            Optional<Instant> failedAt,
            Optional<String> link,
            int attempts,
            Optional<DeliveryError> error,
            String text) {
        return new Delivery(
                id,
                messageId,
                conversationId,
                participantId,
                number,
                status,
                held,
                queuedAt,
                sendingAt,
                begunAt,
                sentAt,
                deliveredAt,
                failedAt,
                link,
                attempts,
                parts,
                encoding,
                error,
                text);
    }
}
