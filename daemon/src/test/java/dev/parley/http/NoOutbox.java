package dev.parley.http;

import dev.parley.conversation.Outbox;
import dev.parley.conversation.OutgoingDelivery;
import dev.parley.store.Tx;
import java.util.Collection;
import java.util.List;

/// A queue from which nothing is ever handed over.
final class NoOutbox implements Outbox {
    @Override
    public void enqueue(Tx tx, List<OutgoingDelivery> deliveries) {}

    @Override
    public List<Long> withdraw(Tx tx, Collection<Long> deliveryIds) {
        return List.copyOf(deliveryIds);
    }

    @Override
    public void hold(Tx tx, Collection<Long> deliveryIds) {}

    @Override
    public void release(Tx tx, Collection<Long> deliveryIds) {}

    @Override
    public List<Long> erase(Tx tx, Collection<Long> deliveryIds, boolean recipient) {
        return List.of();
    }

    @Override
    public boolean retry(Tx tx, long deliveryId) {
        return false;
    }
}
