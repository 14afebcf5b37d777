package dev.parley.queue;

import dev.parley.link.SubmitOutcome;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The rows of what limited links have taken.
///
/// @param terms by the link's name; links without limits have no rows
record LinkUse(Map<String, LinkTerms> terms) {
    SendLimits of(String link) {
        return terms.getOrDefault(link, LinkTerms.NONE).limits();
    }

    private static final String TAKEN = "INSERT INTO link_use (link, part_id, taken_at) VALUES (?, ?, ?)";

    /// Counts a part that is about to be handed over. In the transaction that says so: what was perhaps
    /// sent when the daemon died counts as sent.
    void taken(Tx tx, String link, long part, Instant at) {
        if (of(link).any()) {
            tx.update(TAKEN, link, part, at);
        }
    }

    private static final String GIVEN_BACK =
            "DELETE FROM link_use WHERE part_id = ? AND link = ? ORDER BY id DESC LIMIT 1";

    /// The part came to nothing, so that it does not count.
    void givenBack(Tx tx, String link, long part) {
        if (of(link).any()) {
            tx.update(GIVEN_BACK, part, link);
        }
    }

    /// Whether a hand-over that ended so used up a part of the SIM's contract. A network that refuses
    /// does not charge.
    static boolean counts(SubmitOutcome outcome) {
        return switch (outcome) {
            case SubmitOutcome.Accepted _, SubmitOutcome.Uncertain _ -> true;
            case SubmitOutcome.Refused _,
                    SubmitOutcome.Postponed _,
                    SubmitOutcome.NotHandedOver _,
                    SubmitOutcome.Suspected _ -> false;
        };
    }

    private static final String LATEST =
            "SELECT taken_at FROM link_use WHERE link = ? AND taken_at > ? ORDER BY taken_at DESC LIMIT ?";

    /// When the latest parts were taken, as many as matter, the oldest first.
    List<Instant> latest(Tx tx, String link, Instant now) {
        if (!of(link).any()) {
            return List.of();
        }
        return tx.list(
                        LATEST,
                        row -> Times.instant(row, "taken_at"),
                        link,
                        now.minus(Allowance.DAY),
                        Allowance.longest(of(link)))
                .reversed();
    }

    private static final String FORGOTTEN = "DELETE FROM link_use WHERE taken_at < ? LIMIT ?";

    /// Deletes what no limit looks at any more.
    static int forget(Tx tx, Instant now, int most) {
        return tx.update(FORGOTTEN, now.minus(Allowance.DAY), most);
    }
}
