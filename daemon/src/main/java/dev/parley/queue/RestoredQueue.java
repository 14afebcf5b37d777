package dev.parley.queue;

import dev.parley.store.Store;
import java.util.Locale;
import java.util.stream.Collectors;

/// What becomes of the texts that waited in the queue when a backup was taken. They may have been
/// sent since: nobody but the operator can know. Only for a database that no daemon uses.
public enum RestoredQueue {
    /// They wait until they are sent or expire by another choice, or their validity is over.
    HOLD("place = IF(work = 2 AND due_at < UTC_TIMESTAMP(6) + INTERVAL 50 YEAR, place + 3155760000000000, place),"
            + " due_at = UTC_TIMESTAMP(6) + INTERVAL 100 YEAR, state = IF(state = 'submitting', 'uncertain', state)"),
    /// They fail as expired when the daemon starts.
    EXPIRE("place = IF(work = 2, 0, place), expires_at = UTC_TIMESTAMP(6), due_at = UTC_TIMESTAMP(6)"),
    /// They are sent when the daemon starts, again where they were sent before.
    SEND("place = IF(work = 2 AND due_at > UTC_TIMESTAMP(6) + INTERVAL 50 YEAR, place - 3155760000000000, place),"
            + " due_at = IF(due_at > UTC_TIMESTAMP(6) + INTERVAL 50 YEAR, UTC_TIMESTAMP(6), due_at)");

    /// The place of a scheduled part is the microsecond when it is due: see the table.
    private final String change;

    RestoredQueue(String change) {
        this.change = change;
    }

    /// @return how many parts there are that are not with the SMSC
    public int apply(Store store) {
        var unfinished = PartState.UNFINISHED.stream()
                .map(state -> "'" + state.label() + "'")
                .collect(Collectors.joining(", "));
        return store.transaction(tx -> tx.update("UPDATE part SET " + change + " WHERE state IN (" + unfinished + ")"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
