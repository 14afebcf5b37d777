package dev.parley.conversation;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Keeps what becomes of deliveries, and appends one `delivery.updated` for each that changed in a
/// transaction, as it is at its end.
public final class Deliveries implements DeliveryProgress {
    private final MessageStore messages;
    private final Sending sending;
    private final EventLog events;

    Deliveries(MessageStore messages, Sending sending, EventLog events) {
        this.messages = messages;
        this.sending = sending;
        this.events = events;
    }

    @Override
    public void sending(Tx tx, long deliveryId, String link, int attempts, Instant at) throws SQLException {
        if (messages.sending(tx, deliveryId, link, attempts, at)) {
            changed(tx, deliveryId);
        }
    }

    @Override
    public void begun(Tx tx, long deliveryId, Instant at) throws SQLException {
        messages.begun(tx, deliveryId, at);
    }

    @Override
    public void postponed(
            Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at)
            throws SQLException {
        if (messages.postponed(tx, deliveryId, code, network, reason)) {
            changed(tx, deliveryId);
        }
    }

    @Override
    public void sent(Tx tx, long deliveryId, Instant at) throws SQLException {
        if (messages.sent(tx, deliveryId, at)) {
            changed(tx, deliveryId);
        }
    }

    @Override
    public void delivered(Tx tx, long deliveryId, Instant at) throws SQLException {
        if (messages.delivered(tx, deliveryId, at)) {
            changed(tx, deliveryId);
        }
    }

    @Override
    public void failed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at)
            throws SQLException {
        if (messages.failed(tx, deliveryId, code, network, reason, at)) {
            changed(tx, deliveryId);
            sending.failed(tx, List.of(deliveryId), at);
        }
    }

    private void changed(Tx tx, long deliveryId) {
        changed(tx, messages, sending.views(), events, List.of(deliveryId));
    }

    /// Has the events appended for deliveries that changed; all who change deliveries in one
    /// transaction share one list.
    static void changed(Tx tx, MessageStore messages, Views views, EventLog events, Collection<Long> deliveryIds) {
        Set<Long> changed = tx.kept(Deliveries.class, () -> {
            var collected = new LinkedHashSet<Long>();
            tx.beforeCommit(last -> {
                for (var each : messages.placed(last.connection(), collected)) {
                    events.append(
                            last,
                            EventType.DELIVERY_UPDATED,
                            Scope.ofConversation(each.lineId(), each.delivery().conversationId()),
                            DeliveryUpdate.of(
                                    each.delivery(),
                                    views.display(each.delivery().number(), each.lineId())));
                }
                collected.clear();
            });
            return collected;
        });
        changed.addAll(deliveryIds);
    }
}
