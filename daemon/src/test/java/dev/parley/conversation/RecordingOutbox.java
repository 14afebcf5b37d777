package dev.parley.conversation;

import dev.parley.sms.Segment;
import dev.parley.store.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An outbox that keeps what it is given once that is committed, and hands nothing over: a test says
/// which deliveries can be taken back no more.
final class RecordingOutbox implements Outbox {
    private final Map<Long, OutgoingDelivery> taken = new LinkedHashMap<>();
    private final Set<Long> held = new HashSet<>();
    private final Set<Long> withdrawn = new HashSet<>();
    private final Set<Long> handedOver = new HashSet<>();

    @Override
    public synchronized void enqueue(Tx tx, List<OutgoingDelivery> deliveries) {
        tx.afterCommit(() -> add(deliveries));
    }

    private synchronized void add(List<OutgoingDelivery> deliveries) {
        for (var each : deliveries) {
            taken.put(each.deliveryId(), each);
            if (each.held()) {
                held.add(each.deliveryId());
            }
        }
    }

    @Override
    public synchronized List<Long> withdraw(Tx tx, Collection<Long> deliveryIds) {
        var back = deliveryIds.stream().filter(id -> !handedOver.contains(id)).toList();
        withdrawn.addAll(back);
        return back;
    }

    @Override
    public synchronized void hold(Tx tx, Collection<Long> deliveryIds) {
        held.addAll(deliveryIds);
    }

    @Override
    public synchronized void release(Tx tx, Collection<Long> deliveryIds) {
        held.removeAll(deliveryIds);
    }

    @Override
    public synchronized boolean retry(Tx tx, long deliveryId) {
        return handedOver.remove(deliveryId);
    }

    @Override
    public synchronized List<Long> erase(Tx tx, Collection<Long> deliveryIds, boolean recipient) {
        deliveryIds.forEach(taken::remove);
        return List.of();
    }

    synchronized void handOver(long deliveryId) {
        handedOver.add(deliveryId);
    }

    synchronized List<OutgoingDelivery> all() {
        return new ArrayList<>(taken.values());
    }

    /// Whether it is neither held nor taken back.
    synchronized boolean isOut(long deliveryId) {
        return !held.contains(deliveryId) && !withdrawn.contains(deliveryId);
    }

    synchronized boolean isHeld(long deliveryId) {
        return held.contains(deliveryId);
    }

    /// What a number would have got by now, oldest first.
    synchronized List<String> textsTo(String number) {
        return taken.values().stream()
                .filter(each -> each.recipient().equals(number))
                .filter(each -> !withdrawn.contains(each.deliveryId()) && !held.contains(each.deliveryId()))
                .map(each -> String.join(
                        "", each.segments().stream().map(Segment::text).toList()))
                .toList();
    }

    synchronized void clear() {
        taken.clear();
    }
}
