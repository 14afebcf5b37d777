package dev.parley.queue;

import dev.parley.link.NumberSpelling;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A part that a report may mean.
///
/// @param scts of the report that settled it
record Candidate(
        long id,
        long deliveryId,
        int total,
        long lineId,
        long lane,
        String link,
        String recipient,
        PartState state,
        Optional<String> reference,
        Instant submittedAt,
        Optional<Instant> acceptedAt,
        Optional<Instant> scts,
        String text)
        implements PartKey {

    /// Whether it went to whom the report names; one that names nobody may be of any.
    boolean isTo(Optional<String> number) {
        return number.map(each -> NumberSpelling.mayBeOne(recipient, each)).orElse(true);
    }

    static List<Candidate> to(Optional<String> number, List<Candidate> all) {
        return all.stream().filter(each -> each.isTo(number)).toList();
    }
}
