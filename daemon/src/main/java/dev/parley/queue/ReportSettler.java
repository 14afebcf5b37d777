package dev.parley.queue;

import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.store.Tx;
import java.time.Instant;

/// Takes the status reports that links receive.
@FunctionalInterface
public interface ReportSettler {

    /// What became of a report.
    enum Settled {
        /// It belongs to a part, whose state it moved, or confirmed for now ([Received.Fate.Pending]).
        MATCHED,
        /// It belongs to a part whose end was known already. Nothing changed.
        DUPLICATE,
        /// It belongs to nothing yet. It is kept and tried again when a part gets its reference.
        PARKED
    }

    /// Finds the part that the report belongs to and moves its state, all when `tx` commits.
    ///
    /// @param receivedAt when the link read it, by our clock
    Settled settle(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt);

    /// Settles a report at once where memory has the part that it belongs to and nothing need be read:
    /// of such a report no copy is needed, because it settles nothing a second time.
    ///
    /// @return false where it is to be given to [#settle]
    default boolean settleKnown(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) {
        return false;
    }
}
