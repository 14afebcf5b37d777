package dev.parley.queue;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.conversation.Outbox;
import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkStatus;
import dev.parley.link.Received;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The send queue. Takes deliveries from their first transaction on; hands them to links between [#start] and
/// [#close].
public final class SendQueue implements Outbox, ReportSettler, AutoCloseable {

    /// @param lines the links of each line (by the line's id), in order of preference
    public SendQueue(
            Store store, Clock clock, QueueSettings settings, QueueMetrics metrics, Map<Long, List<Link>> lines) {
        throw new UnsupportedOperationException();
    }

    /// Takes the leases of the links and begins to hand over.
    ///
    /// @param progress told what becomes of deliveries
    public void start(DeliveryProgress progress) {
        throw new UnsupportedOperationException();
    }

    /// A link's state changed: parts that wait for it, or behind it, look again.
    public void linkChanged(Link link, LinkStatus status) {}

    @Override
    public void enqueue(Tx tx, List<OutgoingDelivery> deliveries) throws SQLException {}

    @Override
    public List<Long> withdraw(Tx tx, Collection<Long> deliveryIds) throws SQLException {
        return List.of();
    }

    @Override
    public void hold(Tx tx, Collection<Long> deliveryIds) throws SQLException {}

    @Override
    public void release(Tx tx, Collection<Long> deliveryIds) throws SQLException {}

    @Override
    public boolean retry(Tx tx, long deliveryId) throws SQLException {
        return false;
    }

    @Override
    public Settled settle(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        return Settled.PARKED;
    }

    /// Deletes finished parts of deliveries whose validity ended before `before`, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return 0;
    }

    /// Stops handing over: what is being handed over is finished first. Does not throw.
    @Override
    public void close() {}
}
