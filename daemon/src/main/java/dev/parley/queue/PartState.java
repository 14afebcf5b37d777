package dev.parley.queue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Where a part is; the diagram is in the package's description.
enum PartState {
    /// Its time has not come; it has no place in its lane yet.
    SCHEDULED("scheduled"),
    /// Behind another part in its lane.
    WAITING("waiting"),
    /// First in its lane, and may be handed over once its time has come.
    QUEUED("queued"),
    /// First in its lane, and waits for its release.
    HELD("held"),
    /// Being handed over: perhaps sent.
    SUBMITTING("submitting"),
    /// Handed over without an answer: perhaps sent.
    UNCERTAIN("uncertain"),
    /// With the SMSC.
    ACCEPTED("accepted"),
    /// With the recipient.
    DELIVERED("delivered"),
    /// Failed for good.
    FAILED("failed"),
    /// Taken back before it was handed over.
    WITHDRAWN("withdrawn");

    /// What still has to be handed over, or may have to be.
    static final Set<PartState> UNFINISHED = EnumSet.of(SCHEDULED, WAITING, QUEUED, HELD, SUBMITTING, UNCERTAIN);

    private static final Map<String, PartState> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toMap(PartState::label, Function.identity()));

    private final String label;

    PartState(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static PartState ofLabel(String label) {
        return Optional.ofNullable(BY_LABEL.get(label))
                .orElseThrow(() -> new IllegalStateException("part state " + label));
    }
}
