package dev.parley.queue;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// Where a part is; the diagram is in the package's description.
enum PartState {
    /// Its time has not come; it has no place in its lane yet.
    SCHEDULED,
    /// Behind another part in its lane.
    WAITING,
    /// First in its lane, and may be handed over once its time has come.
    QUEUED,
    /// First in its lane, and waits for its release.
    HELD,
    /// Being handed over: perhaps sent.
    SUBMITTING,
    /// Handed over without an answer: perhaps sent.
    UNCERTAIN,
    /// With the SMSC.
    ACCEPTED,
    /// With the recipient.
    DELIVERED,
    /// Failed for good.
    FAILED,
    /// Taken back before it was handed over.
    WITHDRAWN;

    /// What still has to be handed over, or may have to be.
    static final Set<PartState> UNFINISHED = EnumSet.of(SCHEDULED, WAITING, QUEUED, HELD, SUBMITTING, UNCERTAIN);

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }

    static PartState ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
