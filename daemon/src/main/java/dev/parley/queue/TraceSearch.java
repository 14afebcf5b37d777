package dev.parley.queue;

import dev.parley.link.NumberSpelling;
import dev.parley.link.ReferenceSpelling;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Searches for the parts that a report may mean: all that is asked of the table for it.
///
/// @param margin how far the network's clock and ours may differ
record TraceSearch(Duration margin) {

    /// Parts read with one reference, the newest: a TP-MR comes again after 255 others.
    private static final int WITH_REFERENCE_MAX = 200;

    /// Parts read of one recipient. One number has as many unsettled ones only when something sends to
    /// it without end; its receipts are then found by the exact reference alone.
    private static final int OF_RECIPIENT_MAX = 500;

    private static final String COLUMNS = """
            id, delivery_id, total, line_id, lane, link, recipient, state, reference, submitted_at, accepted_at, scts, text
            """;

    /// @param spelling how the network of the links spells references
    Traces of(Tx tx, Arrival arrival, ReferenceSpelling spelling) {
        var report = arrival.report();
        var withReference = report.reference()
                .map(reference -> withReference(tx, arrival.links(), reference))
                .orElse(List.of());
        var ofRecipient = report.recipient()
                .map(number -> Candidate.to(report.recipient(), ofRecipient(tx, arrival.links(), number)))
                .orElse(List.of());
        // Who it is about is asked only where the reference might count alone.
        boolean isOfSomebody = report.recipient().isPresent()
                && !withReference.isEmpty()
                && (!Candidate.to(report.recipient(), withReference).isEmpty()
                        || isSomebody(tx, arrival.links(), report.recipient().get()));
        return new Traces(arrival, withReference, ofRecipient, isOfSomebody, spelling, margin);
    }

    private static List<Candidate> withReference(Tx tx, List<String> links, String reference) {
        return tx.list(
                "SELECT " + COLUMNS + " FROM part WHERE reference = ? AND link IN (" + Sql.marks(links.size())
                        + ") AND state IN ('accepted', 'delivered', 'failed') ORDER BY submitted_at DESC LIMIT ?",
                TraceSearch::candidate,
                Parts.reference(reference),
                links,
                WITH_REFERENCE_MAX);
    }

    /// Those accepted and those without an answer each have a limit of their own: the many must not hide the few.
    private static List<Candidate> ofRecipient(Tx tx, List<String> links, String number) {
        var found =
                "SELECT " + COLUMNS + " FROM part WHERE tail = ? AND link IN (" + Sql.marks(links.size()) + ") AND ";
        var oldest = " ORDER BY submitted_at LIMIT " + OF_RECIPIENT_MAX;
        return tx.list(
                "(" + found + "state = 'accepted'" + oldest + ") UNION ALL (" + found
                        + "(state IN ('submitting', 'uncertain') OR (state = 'queued' AND unsure > 0))" + oldest + ")",
                TraceSearch::candidate,
                NumberSpelling.tail(number),
                links,
                NumberSpelling.tail(number),
                links);
    }

    /// Whether a number that this may be was ever sent anything by one of the links.
    private static boolean isSomebody(Tx tx, List<String> links, String number) {
        return tx
                .list(
                        "SELECT recipient FROM part WHERE tail = ? AND link IN (" + Sql.marks(links.size())
                                + ") LIMIT ?",
                        row -> row.getString("recipient"),
                        NumberSpelling.tail(number),
                        links,
                        OF_RECIPIENT_MAX)
                .stream()
                .anyMatch(recipient -> NumberSpelling.mayBeOne(recipient, number));
    }

    private static Candidate candidate(ResultSet row) throws SQLException {
        return new Candidate(
                row.getLong("id"),
                row.getLong("delivery_id"),
                row.getInt("total"),
                row.getLong("line_id"),
                row.getLong("lane"),
                row.getString("link"),
                row.getString("recipient"),
                PartState.ofLabel(row.getString("state")),
                Sql.maybeText(row, "reference"),
                Times.instant(row, "submitted_at"),
                Times.maybe(row, "accepted_at"),
                Times.maybe(row, "scts"),
                row.getString("text"));
    }
}
