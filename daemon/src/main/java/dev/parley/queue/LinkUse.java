package dev.parley.queue;

import dev.parley.link.SubmitOutcome;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The rows of what limited links have taken.
final class LinkUse {
    private final Map<String, LinkTerms> terms;

    /// @param terms by the link's name; links without limits have no rows
    LinkUse(Map<String, LinkTerms> terms) {
        this.terms = Map.copyOf(terms);
    }

    SendLimits of(String link) {
        return terms.getOrDefault(link, LinkTerms.NONE).limits();
    }

    private static final String TAKEN = "INSERT INTO link_use (link, part_id, taken_at) VALUES (?, ?, ?)";

    /// Counts a part that is about to be handed over. In the transaction that says so: what was perhaps
    /// sent when
    /// the daemon died counts as sent.
    void taken(Tx tx, String link, long part, Instant at) throws SQLException {
        if (!of(link).any()) {
            return;
        }
        try (var insert = tx.connection().prepareStatement(TAKEN)) {
            insert.setString(1, link);
            insert.setLong(2, part);
            insert.setObject(3, Times.bind(at));
            insert.executeUpdate();
        }
    }

    private static final String GIVEN_BACK =
            "DELETE FROM link_use WHERE part_id = ? AND link = ? ORDER BY id DESC LIMIT 1";

    /// The part came to nothing, so that it does not count.
    void givenBack(Tx tx, String link, long part) throws SQLException {
        if (!of(link).any()) {
            return;
        }
        try (var delete = tx.connection().prepareStatement(GIVEN_BACK)) {
            delete.setLong(1, part);
            delete.setString(2, link);
            delete.executeUpdate();
        }
    }

    /// Whether a hand-over that ended so used up a part of the SIM's contract. A network that refuses
    /// does not
    /// charge.
    static boolean counts(SubmitOutcome outcome) {
        return switch (outcome) {
            case SubmitOutcome.Accepted _, SubmitOutcome.Uncertain _ -> true;
            case SubmitOutcome.Refused _,
                    SubmitOutcome.Postponed _,
                    SubmitOutcome.NotHandedOver _,
                    SubmitOutcome.Suspected _ -> false;
        };
    }

    private static final String LATEST = """
            SELECT taken_at FROM link_use WHERE link = ? AND taken_at > ? ORDER BY taken_at DESC LIMIT ?
            """;

    /// When the latest parts were taken, as many as matter, the oldest first.
    List<Instant> latest(Tx tx, String link, Instant now) throws SQLException {
        if (!of(link).any()) {
            return List.of();
        }
        try (var query = tx.connection().prepareStatement(LATEST)) {
            query.setString(1, link);
            query.setObject(2, Times.bind(now.minus(Allowance.DAY)));
            query.setInt(3, Allowance.longest(of(link)));
            var taken = new ArrayList<Instant>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    taken.addFirst(Times.instant(row, "taken_at"));
                }
            }
            return taken;
        }
    }

    private static final String FORGOTTEN = "DELETE FROM link_use WHERE taken_at < ? LIMIT ?";

    /// Deletes what no limit looks at any more.
    static int forget(Tx tx, Instant now, int most) throws SQLException {
        try (var delete = tx.connection().prepareStatement(FORGOTTEN)) {
            delete.setObject(1, Times.bind(now.minus(Allowance.DAY)));
            delete.setInt(2, most);
            return delete.executeUpdate();
        }
    }
}
