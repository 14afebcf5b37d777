package dev.parley.queue;

import dev.parley.link.FailureCode;
import dev.parley.link.NumberSpelling;
import dev.parley.link.Received;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reports that match no part yet: the rows, and what memory knows of them. For the writer's thread alone, but for what
/// takes a connection.
final class ParkedReports {

    /// Parked reports tried for one part.
    private static final int TRIED_MAX = 100;

    private static final int RECIPIENT_MAX = 64;
    private static final int REASON_MAX = 300;
    private static final int TEXT_BEGIN_MAX = 200;

    /// One of them.
    record Parked(long id, Received.Report report, Instant receivedAt) {}

    /// Of whom reports may be parked; empty where it is not known. The empty text stands for one that names nobody.
    private Optional<Set<String>> tails = Optional.empty();

    /// What memory knows may be wrong.
    void forget() {
        tails = Optional.empty();
    }

    /// Whether there may be any. Wrong on one side only.
    boolean mayBe() {
        return tails.map(known -> !known.isEmpty()).orElse(true);
    }

    private static final String TAILS = "SELECT DISTINCT tail FROM parked_report";

    /// Whether there may be one that names this recipient, or none. Wrong on one side only.
    private boolean mayBeOf(Tx tx, String tail) {
        if (tails.isEmpty()) {
            tails = Optional.of(new HashSet<>(tx.list(TAILS, row -> row.getString(1))));
        }
        return tails.get().contains(tail) || tails.get().contains("");
    }

    private static final String PARK = """
            INSERT INTO parked_report
                (link, kind, tail, reference, recipient, submitted_at, ended_at, fate, code, network, reason,
                 text_begin, received_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    /// What a fate is made of in the table.
    private record Fate(String label, Optional<String> code, Optional<Integer> network, String reason) {
        static Fate of(Received.Fate fate) {
            return switch (fate) {
                case Received.Fate.Delivered _ -> new Fate("delivered", Optional.empty(), Optional.empty(), "");
                case Received.Fate.Pending(var network, var reason) ->
                    new Fate("pending", Optional.empty(), network, reason);
                case Received.Fate.Failed(var code, var network, var reason) ->
                    new Fate("failed", Optional.of(code.label()), network, reason);
            };
        }
    }

    void park(Tx tx, Arrival arrival) {
        var report = arrival.report();
        var tail = report.recipient().map(NumberSpelling::tail).orElse("");
        var fate = Fate.of(report.fate());
        tx.update(
                PARK,
                arrival.link(),
                arrival.kind().label(),
                tail,
                report.reference().map(Parts::reference),
                report.recipient().map(number -> cut(number, RECIPIENT_MAX)),
                report.submittedAt(),
                report.endedAt(),
                fate.label,
                fate.code,
                fate.network,
                cut(fate.reason, REASON_MAX),
                report.textBegin().map(text -> cut(text, TEXT_BEGIN_MAX)),
                arrival.at());
        tails.ifPresent(known -> known.add(tail));
    }

    private static String cut(String text, int units) {
        return text.length() <= units ? text : text.substring(0, units);
    }

    private static final String COLUMNS = """
            SELECT id, link, reference, recipient, submitted_at, ended_at, fate, code, network, reason, text_begin,
                   received_at
              FROM parked_report
            """;

    /// Those that came by one of the links and may be of this recipient, oldest first.
    List<Parked> of(Tx tx, List<String> links, String tail) {
        return mayBeOf(tx, tail)
                ? tx.list(
                        COLUMNS + " WHERE link IN (" + Sql.marks(links.size()) + ") AND tail IN (?, '')"
                                + " ORDER BY received_at, id LIMIT ?",
                        ParkedReports::parked,
                        links,
                        tail,
                        TRIED_MAX)
                : List.of();
    }

    private static final String ONE = COLUMNS + " WHERE id = ? FOR UPDATE";

    Optional<Parked> one(Tx tx, long id) {
        return tx.first(ONE, ParkedReports::parked, id);
    }

    private static Parked parked(ResultSet row) throws SQLException {
        return new Parked(
                row.getLong("id"),
                new Received.Report(
                        Sql.maybeText(row, "reference"),
                        Sql.maybeText(row, "recipient"),
                        Times.maybe(row, "submitted_at"),
                        Times.maybe(row, "ended_at"),
                        fate(row),
                        Sql.maybeText(row, "text_begin")),
                Times.instant(row, "received_at"));
    }

    private static Received.Fate fate(ResultSet row) throws SQLException {
        var network = Sql.maybeInt(row, "network");
        var reason = row.getString("reason");
        var fate = row.getString("fate");
        return switch (fate) {
            case "delivered" -> new Received.Fate.Delivered();
            case "pending" -> new Received.Fate.Pending(network, reason);
            case "failed" -> new Received.Fate.Failed(code(row.getString("code")), network, reason);
            default -> throw new IllegalStateException("fate " + fate);
        };
    }

    private static FailureCode code(String label) {
        return Arrays.stream(FailureCode.values())
                .filter(code -> code.label().equals(label))
                .findFirst()
                .orElse(FailureCode.UNKNOWN);
    }

    /// Parked reports that came by `link` after `since` and whose id an unsettled part of its account has got since:
    /// those that name another recipient than that part are not found by [#of].
    ///
    /// @param links those of the account
    static List<Long> withReferenceOfAnother(
            Connection connection, String link, List<String> links, Instant since, int most) {
        return Sql.list(
                connection,
                "SELECT DISTINCT parked_report.id FROM parked_report JOIN part ON part.reference = parked_report.reference"
                        + " AND part.link IN (" + Sql.marks(links.size()) + ") AND part.state = 'accepted'"
                        + " WHERE parked_report.link = ? AND parked_report.received_at > ?"
                        + " ORDER BY parked_report.id LIMIT ?",
                row -> row.getLong("id"),
                links,
                link,
                since,
                most);
    }

    private static ParkedReport shown(ResultSet row) throws SQLException {
        return new ParkedReport(
                row.getLong("id"),
                row.getString("link"),
                Sql.maybeText(row, "reference"),
                Sql.maybeText(row, "recipient"),
                row.getString("fate"),
                row.getString("reason"),
                Sql.maybeText(row, "text_begin"),
                Times.instant(row, "received_at"));
    }

    private static final String SHOWN = COLUMNS + " WHERE link = ? AND id < ? ORDER BY id DESC LIMIT ?";

    static List<ParkedReport> shown(Connection connection, String link, long before, int limit) {
        return Sql.list(connection, SHOWN, ParkedReports::shown, link, before, limit);
    }

    private static final String OF_TAIL = COLUMNS + " WHERE tail = ?";

    /// Those that name a number, which a network may have written in national form.
    static List<ParkedReport> about(Connection connection, String number) {
        return Sql.list(connection, OF_TAIL, ParkedReports::shown, NumberSpelling.tail(number)).stream()
                .filter(each -> NumberSpelling.mayBeOne(each.recipient().orElse(""), number))
                .toList();
    }

    static void drop(Tx tx, Parked parked) {
        tx.update("DELETE FROM parked_report WHERE id = ?", parked.id);
    }

    private static final String DROP_OLD =
            "DELETE FROM parked_report WHERE received_at < ? ORDER BY received_at LIMIT ?";

    /// Gives up those older than `before`.
    static int dropOld(Tx tx, Instant before, int bite) {
        return tx.update(DROP_OLD, before, bite);
    }
}
