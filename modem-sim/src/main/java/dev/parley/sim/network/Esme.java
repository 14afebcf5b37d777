package dev.parley.sim.network;

import java.util.function.Consumer;

/// A bound SMPP session, as the SMSC sees it. [Smsc#bind] makes it known, [Smsc#unbind] ends it; in between it submits
/// by [Smsc#submit] with [Origin.SmppSystem] and its `systemId`.
public interface Esme {

    String systemId();

    /// Whether it is bound as receiver or transceiver.
    boolean mayReceive();

    /// How many `deliver_sm` may wait for their response at once.
    int window();

    /// Sends a `deliver_sm` with a text or a receipt, and answers when its response comes, or the session ends. The
    /// rules
    /// are those of [Station#deliver].
    void deliver(Parcel parcel, Consumer<Reception> answer);
}
