package dev.parley.conversation;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.link.FailureCode;
import dev.parley.store.Memory;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Keeps what becomes of deliveries, and appends one `delivery.updated` for each that changed in a
/// transaction, as it is at its end.
///
/// What the queue tells is noted, and written for all deliveries of a transaction at once: before its commit, or
/// when somebody is to read them. Those under way are in memory.
public final class Deliveries implements DeliveryProgress {

    /// Deliveries in memory: as many as may be under way at once, some hundred octets each.
    static final int UNDER_WAY_MAX = 10_000;

    private final MessageStore messages;
    private final ReadStore reads;
    private final Views views;
    private final News news;
    private final EventLog events;
    private final Memory<Long, MessageStore.Placed> underWay;

    Deliveries(Store store, MessageStore messages, ReadStore reads, Views views, News news, EventLog events) {
        this.messages = messages;
        this.reads = reads;
        this.views = views;
        this.news = news;
        this.events = events;
        this.underWay = new Memory<>(store, UNDER_WAY_MAX, this::load);
    }

    /// What a transaction was told of deliveries.
    private static final class Told {
        /// Those that it has made and not written yet: what is told of them meanwhile goes into the same row.
        private final Map<Long, Delivery> fresh = new LinkedHashMap<>();

        private boolean isDue;
        private final List<Move> moves = new ArrayList<>();
        private final Set<Long> changed = new LinkedHashSet<>();

        /// Whose rows were written whole.
        private final Set<Long> whole = new HashSet<>();
    }

    /// @param isShown whether it changes what the API shows
    private record Move(long deliveryId, boolean isShown, UnaryOperator<Delivery> move) {}

    private Told told(Tx tx) {
        var told = tx.kept(this, Told::new);
        if (!told.isDue) {
            told.isDue = true;
            news.first(tx);
            // Behind all steps that the works add: who reads of a change has read of the message before.
            tx.beforeCommit(first -> first.beforeCommit(last -> tell(last, told)));
        }
        return told;
    }

    private void note(Tx tx, long deliveryId, UnaryOperator<Delivery> move) {
        told(tx).moves.add(new Move(deliveryId, true, move));
    }

    @Override
    public void sending(Tx tx, long deliveryId, String link, int attempts, Instant at) {
        note(tx, deliveryId, each -> each.sending(link, attempts, at));
    }

    @Override
    public void begun(Tx tx, long deliveryId, Instant at) {
        told(tx).moves.add(new Move(deliveryId, false, each -> each.begun(at)));
    }

    @Override
    public void postponed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason) {
        note(tx, deliveryId, each -> each.postponed(new DeliveryError(code.label(), network, reason)));
    }

    @Override
    public void sent(Tx tx, long deliveryId, Instant at) {
        note(tx, deliveryId, each -> each.sent(at));
    }

    @Override
    public void delivered(Tx tx, long deliveryId, Instant at) {
        note(tx, deliveryId, each -> each.delivered(at));
    }

    @Override
    public void failed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at) {
        note(tx, deliveryId, each -> each.failed(new DeliveryError(code.label(), network, reason), at));
    }

    /// New deliveries, to be stored.
    void made(Tx tx, Conversation conversation, Collection<Delivery> deliveries) {
        var told = told(tx);
        for (var each : deliveries) {
            told.fresh.put(each.id(), each);
            if (each.isWaiting()) {
                underWay.put(tx, each.id(), new MessageStore.Placed(each.withoutText(), conversation.lineId()));
            } else {
                underWay.forget(tx, each.id());
            }
        }
        deliveries.stream()
                .filter(each -> each.status() == DeliveryStatus.FAILED)
                .forEach(each -> failed(tx, each));
    }

    /// Deliveries whose rows `tx` has changed otherwise.
    void changed(Tx tx, Collection<Long> deliveryIds) {
        forget(tx, deliveryIds);
        told(tx).changed.addAll(deliveryIds);
    }

    /// Deliveries whose rows `tx` has changed in what is not told of.
    void forget(Tx tx, Collection<Long> deliveryIds) {
        deliveryIds.forEach(id -> underWay.forget(tx, id));
    }

    /// Deliveries that `tx` has made, as they are at its end: whoever is told of their message so need not be told of
    /// them again.
    List<Delivery> shown(Tx tx, List<Delivery> made) {
        if (made.isEmpty()) {
            return made;
        }
        var told = told(tx);
        write(tx, told);
        var ids = made.stream().map(Delivery::id).toList();
        ids.forEach(told.changed::remove);
        var found = underWay.get(tx, ids);
        return made.stream()
                .map(each -> Optional.ofNullable(found.get(each.id()))
                        .map(now -> now.delivery().withText(each.text()))
                        .orElse(each))
                .toList();
    }

    /// Writes what was noted so far, so that it is read by what follows in `tx`.
    void write(Tx tx) {
        write(tx, told(tx));
    }

    private void write(Tx tx, Told told) {
        if (!told.moves.isEmpty()) {
            move(tx, told);
        }
        told.fresh.values().forEach(each -> messages.insertDelivery(tx, each));
        told.fresh.clear();
    }

    private void move(Tx tx, Told told) {
        var found = underWay.get(tx, told.moves.stream().map(Move::deliveryId).collect(Collectors.toSet()));
        var moved = new LinkedHashMap<Long, Delivery>();
        for (var each : told.moves) {
            var known = found.get(each.deliveryId);
            if (known == null) {
                continue; // deleted meanwhile
            }
            var before = moved.getOrDefault(each.deliveryId, known.delivery());
            var now = each.move.apply(before);
            if (!now.equals(before)) {
                moved.put(each.deliveryId, now);
                if (each.isShown) {
                    told.changed.add(each.deliveryId);
                }
            }
        }
        told.moves.clear();
        for (var now : moved.values()) {
            var known = Objects.requireNonNull(found.get(now.id())); // as its row is, or will be
            var before = known.delivery();
            underWay.put(tx, now.id(), new MessageStore.Placed(now, known.lineId()));
            if (told.fresh.computeIfPresent(now.id(), (_, made) -> now.withText(made.text())) == null
                    && messages.progressed(tx, before, now, told.whole.contains(now.id()))) {
                told.whole.add(now.id());
            }
            if (now.status() == DeliveryStatus.FAILED && before.status() != DeliveryStatus.FAILED) {
                failed(tx, now);
            }
        }
    }

    /// Notes that a delivery has failed, which somebody should see.
    private void failed(Tx tx, Delivery failed) {
        reads.noteFailure(
                tx,
                failed.conversationId(),
                failed.messageId(),
                failed.failedAt().orElseThrow());
        news.updated(tx, failed.conversationId());
    }

    private Map<Long, MessageStore.Placed> load(Tx tx, List<Long> ids) {
        return messages.placed(tx.connection(), ids).stream()
                .map(each -> new MessageStore.Placed(each.delivery().withoutText(), each.lineId()))
                .collect(Collectors.toMap(each -> each.delivery().id(), Function.identity()));
    }

    private void tell(Tx tx, Told told) {
        told.isDue = false;
        write(tx, told);
        var found = underWay.get(tx, told.changed);
        for (long id : told.changed) {
            var each = found.get(id);
            if (each != null) {
                events.append(
                        tx,
                        EventType.DELIVERY_UPDATED,
                        Scope.ofConversation(each.lineId(), each.delivery().conversationId()),
                        DeliveryUpdate.of(
                                each.delivery(), views.display(each.delivery().number(), each.lineId())));
                if (!each.delivery().isUnsettled()) {
                    underWay.forget(tx, id);
                }
            }
        }
        told.changed.clear();
    }
}
