package dev.parley.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Whether a part can be one of a text, by when the SMSC got it (TP-SCTS, 3GPP TS 23.040 §9.2.3.11).
///
/// A phone counts its references in eight bits (§9.2.3.24.1), and many begin anew when they are switched
/// on: sender, reference and number of parts come again, and then a lost part of the old text is
/// answered by one of the new. What tells them apart is time. The parts of one text leave a phone within
/// seconds; where the network is bad, within minutes.
final class PartTimes {

    /// Parts whose times lie further apart are of two texts.
    static final Duration SPREAD_MAX = Duration.ofHours(1);

    /// How a part stands to those that are there.
    enum Fit {
        JOINS,
        /// It begins a later text.
        LATER,
        /// It is left over of an earlier text.
        EARLIER
    }

    private PartTimes() {}

    /// @param there the times of the parts that are there; those that have none say nothing
    static Fit fit(Collection<Instant> there, Optional<Instant> part) {
        if (part.isEmpty() || there.isEmpty()) {
            return Fit.JOINS;
        }
        var earliest = there.stream().min(Comparator.naturalOrder()).orElseThrow();
        var latest = there.stream().max(Comparator.naturalOrder()).orElseThrow();
        if (part.get().isAfter(earliest.plus(SPREAD_MAX))) {
            return Fit.LATER;
        }
        return part.get().isBefore(latest.minus(SPREAD_MAX)) ? Fit.EARLIER : Fit.JOINS;
    }
}
