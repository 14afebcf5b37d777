package dev.parley.conversation;

import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// Told by the queue what becomes of deliveries, in the transaction in which it happens. Whatever order
/// the calls come in, a delivery's status never goes backwards.
public interface DeliveryProgress {

    /// A part is about to be handed over: `queued` becomes `sending`.
    ///
    /// @param attempts hand-overs of any of its parts so far, this one included
    void sending(Tx tx, long deliveryId, String link, int attempts, Instant at);

    /// The SMSC accepted the first part: from now on the recipient may have read some of it.
    void begun(Tx tx, long deliveryId, Instant at);

    /// A hand-over was refused for now and will be tried again; `sending` stays.
    void postponed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason);

    /// The SMSC accepted every part.
    void sent(Tx tx, long deliveryId, Instant at);

    /// Every part's status report says delivered.
    void delivered(Tx tx, long deliveryId, Instant at);

    /// Some part failed for good; what had not been handed over of the rest will not be.
    void failed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at);
}
