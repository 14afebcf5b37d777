package dev.parley.conversation;

import dev.parley.store.Tx;
import java.util.Collection;
import java.util.List;

/// What conversations need of the send queue: a place to put deliveries, in the transaction that makes
/// them.
public interface Outbox {

    /// Takes deliveries. They are on their way once `tx` commits; deliveries with the same lane are
    /// handed to the network in the order in which they were put here.
    void enqueue(Tx tx, List<OutgoingDelivery> deliveries);

    /// Takes back those of `deliveryIds` of which no part has been handed to a link yet, nor is being
    /// handed over. Nothing of them will be sent.
    ///
    /// @return the ids of those that were taken back; the others go on
    List<Long> withdraw(Tx tx, Collection<Long> deliveryIds);

    /// Stops handing over what is left of these deliveries until [#release]; the lanes behind them wait
    /// too.
    void hold(Tx tx, Collection<Long> deliveryIds);

    /// Ends what [#hold] began.
    void release(Tx tx, Collection<Long> deliveryIds);

    /// Sends a failed delivery again, whole: what failed and what came behind it. It goes to the end of
    /// its lane.
    ///
    /// @return false if the queue has nothing of it that failed
    boolean retry(Tx tx, long deliveryId);

    /// Takes the words out of these deliveries, and with `recipient` whom they are to: nothing more of them will be
    /// sent. What waits for a report goes on waiting for it.
    ///
    /// @return the ids of those that a link has at this moment, which stay as they are: ask again
    List<Long> erase(Tx tx, Collection<Long> deliveryIds, boolean recipient);
}
