package dev.parley.queue;

import dev.parley.link.Evidence;
import dev.parley.link.FailureCode;
import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.link.ReferenceSpelling;
import dev.parley.queue.ReportSettler.Settled;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the part that a report belongs to.
///
/// | step | over a modem | over SMPP |
/// |---|---|---|
/// | known already | same TP-MR, recipient and SCTS as a part that has ended | id of a part that has ended |
/// | surely | newest unsettled part with this TP-MR and recipient that was handed over when the SCTS says | unsettled
/// part with this id and recipient |
/// | by another spelling | – | the only unsettled part of that recipient whose id is this in another spelling |
/// | uncertain | oldest uncertain part of that recipient that this proves | the same |
/// | in doubt | newest unsettled part with this TP-MR and recipient: the SMSC's clock is off | the only unsettled part
/// with this id, where the report names somebody to whom nothing was sent |
///
/// Over SMPP the parts of all links of one account count: its SMSC gives receipts to any of them.
///
/// A TP-MR counts to 255 and wraps (3GPP TS 23.040 §9.2.3.6), so it means something only together with
/// the recipient and the time.
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    /// Parts read for one report. One number has as many unsettled ones only when something sends to
    /// it without end; its receipts are then found by the exact reference alone.
    private static final int CANDIDATES_MAX = 500;

    /// Parked reports tried for one part.
    private static final int PARKED_MAX = 100;

    private final AcceptedParts accepted = new AcceptedParts();
    private Optional<Set<String>> parkedTails = Optional.empty(); // of whom reports may be parked
    private final Moves moves;
    private final QueueSettings settings;
    private final QueueMetrics metrics;

    private final Map<String, LinkTerms> terms;

    /// By the link, in their order: the links of its account.
    private final Map<String, List<String>> accounts;

    /// How a network spells references, by the first link of its account.
    private final ConcurrentHashMap<String, ReferenceSpelling> spellings = new ConcurrentHashMap<>();

    Reports(Moves moves, QueueSettings settings, QueueMetrics metrics, Map<String, LinkTerms> terms) {
        this.moves = moves;
        this.settings = settings;
        this.metrics = metrics;
        this.terms = Map.copyOf(terms);
        this.accounts = accounts(this.terms);
    }

    private static Map<String, List<String>> accounts(Map<String, LinkTerms> terms) {
        var accounts = new HashMap<String, List<String>>();
        terms.forEach((link, its) -> {
            if (!its.account().isEmpty()) {
                accounts.put(
                        link,
                        terms.entrySet().stream()
                                .filter(other -> other.getValue().account().equals(its.account()))
                                .map(Map.Entry::getKey)
                                .sorted()
                                .toList());
            }
        });
        return accounts;
    }

    /// Settles a report that fits an accepted part which memory has, so that nothing need be read.
    ///
    /// @return false where the table must be asked
    boolean settleKnown(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        if (!kind.hasOwnReferences()
                || report.reference().isEmpty()
                || report.recipient().isEmpty()) {
            return false;
        }
        var fit = linksOfAccount(link).stream()
                .flatMap(each ->
                        accepted.find(each, Parts.reference(report.reference().get())).stream())
                .filter(part ->
                        Part.sameNumber(part.recipient, report.recipient().get()))
                .filter(part -> !part.submittedAt.isAfter(receivedAt))
                .findFirst();
        if (fit.isEmpty() || !(report.fate() instanceof Received.Fate.Delivered)) {
            return false;
        }
        var part = fit.get();
        accepted.remove(tx, part.link, part.reference.orElseThrow());
        moves.deliveredKnown(tx, part.id, part.delivery, part.total, report.submittedAt(), receivedAt);
        tx.afterCommit(() -> metrics.reported(link, Settled.MATCHED));
        return true;
    }

    /// The SMSC has a part and calls it by this reference: its report will.
    void remember(Tx tx, Item item, Optional<String> reference, Instant at) {
        var part = item.part;
        if (reference.isPresent() && item.link != null && item.submittedAt != null) {
            accepted.put(
                    tx,
                    new Candidate(
                            part.id(),
                            part.deliveryId(),
                            part.total(),
                            part.lineId(),
                            part.lane(),
                            item.link,
                            part.recipient(),
                            PartState.ACCEPTED,
                            reference.map(Parts::reference),
                            item.submittedAt,
                            Optional.of(at),
                            Optional.empty(),
                            ""));
        }
    }

    /// What memory knows of accepted parts, and of parked reports, may be wrong.
    void forget() {
        accepted.clear();
        parkedTails = Optional.empty();
    }

    Settled settle(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) throws SQLException {
        if (settleKnown(tx, link, kind, report, receivedAt)) {
            return Settled.MATCHED;
        }
        var settled = settledNow(tx, link, kind, report, receivedAt);
        if (settled == Settled.PARKED) {
            park(tx, link, kind, report, receivedAt);
            parkedTails.ifPresent(
                    tails -> tails.add(report.recipient().map(Part::tail).orElse("")));
            tx.afterCommit(() -> LOG.info(
                    "link={} reference={} a status report matches no part yet",
                    link,
                    report.reference().orElse("-")));
        }
        tx.afterCommit(() -> metrics.reported(link, settled));
        return settled;
    }

    private static final String PARKED_TAILS = "SELECT DISTINCT tail FROM parked_report";

    /// Whether a report may be parked that names this recipient, or none. Wrong on one side only.
    private boolean mayBeParked(Tx tx, String tail) throws SQLException {
        if (parkedTails.isEmpty()) {
            parkedTails = Optional.of(new HashSet<>(tx.list(PARKED_TAILS, row -> row.getString(1))));
        }
        var tails = parkedTails.get();
        return tails.contains(tail) || tails.contains("");
    }

    boolean mayHaveParked() {
        return parkedTails.map(tails -> !tails.isEmpty()).orElse(true);
    }

    /// The links whose parts a report that came by this one may be of: an SMSC gives receipts to any
    /// session of the account.
    private List<String> linksOfAccount(String link) {
        return accounts.getOrDefault(link, List.of(link));
    }

    /// Tries the parked reports that may belong to a part which has just got its reference, or become
    /// uncertain.
    void unpark(Tx tx, String link, LinkKind kind, String tail) throws SQLException {
        if (!mayBeParked(tx, tail)) {
            return;
        }
        for (var parked : parked(tx, linksOfAccount(link), tail)) {
            unpark(tx, link, kind, parked);
        }
    }

    private boolean unpark(Tx tx, String link, LinkKind kind, Parked parked) throws SQLException {
        if (settledNow(tx, link, kind, parked.report(), parked.receivedAt()) == Settled.PARKED) {
            return false;
        }
        drop(tx, parked.id());
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.REPORTS_UNPARKED));
        return true;
    }

    private static final String PARKED_COLUMNS = """
            SELECT id, reference, recipient, submitted_at, ended_at, fate, code, network, reason, text_begin,
                   received_at
              FROM parked_report
            """;

    private static final String UNPARKABLE = """
            SELECT DISTINCT parked_report.id
              FROM parked_report
              JOIN part
                ON part.reference = parked_report.reference AND part.link = ? AND part.state = 'accepted'
             WHERE parked_report.link = ? AND parked_report.received_at > ?
             ORDER BY parked_report.id
             LIMIT ?
            """;

    /// Parked reports that came by a link after `since` and whose id an unsettled part of its account
    /// has got since: those that name another recipient than that part are not found by [#unpark].
    List<Long> unparkable(Connection connection, String link, Instant since, int most) throws SQLException {
        var found = new TreeSet<Long>();
        try (var query = connection.prepareStatement(UNPARKABLE)) {
            for (var each : linksOfAccount(link)) {
                query.setString(1, each);
                query.setString(2, link);
                query.setObject(3, Times.bind(since));
                query.setInt(4, most);
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(row.getLong("id"));
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    private static final String PARKED_ONE = PARKED_COLUMNS + """
             WHERE id = ?
               FOR UPDATE
            """;

    /// Tries one parked report again.
    ///
    /// @return whether it has settled a part
    boolean unparkOne(Tx tx, String link, LinkKind kind, long id) throws SQLException {
        try (var query = tx.connection().prepareStatement(PARKED_ONE)) {
            query.setLong(1, id);
            try (var row = query.executeQuery()) {
                return row.next() && unpark(tx, link, kind, parked(row));
            }
        }
    }

    private Settled settledNow(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        if (isKnown(tx, link, kind, report)) {
            return Settled.DUPLICATE;
        }
        var fit = fit(tx, link, kind, report, receivedAt);
        if (fit.isEmpty()) {
            return Settled.PARKED;
        }
        return apply(tx, fit.get(), report, receivedAt) ? Settled.MATCHED : Settled.PARKED;
    }

    private boolean apply(Tx tx, Candidate part, Received.Report report, Instant receivedAt) throws SQLException {
        if (part.state != PartState.ACCEPTED) {
            // What the SMSC reports on, it has.
            if (!moves.accepted(
                    tx,
                    part.id,
                    part.delivery,
                    part.total,
                    part.line,
                    part.lane,
                    part.link,
                    part.state,
                    report.reference(),
                    receivedAt)) {
                return false;
            }
            tx.afterCommit(() -> metrics.count(QueueMetrics.Count.UNCERTAIN_PROVEN));
        } else if (part.reference.isPresent()) {
            accepted.remove(tx, part.link, part.reference.get());
        }
        return switch (report.fate()) {
            case Received.Fate.Delivered _ ->
                moves.delivered(tx, part.id, part.delivery, part.total, report.submittedAt(), receivedAt);
            case Received.Fate.Pending _ -> true;
            case Received.Fate.Failed(var code, var network, var reason) ->
                moves.failed(
                        tx,
                        part.id,
                        part.delivery,
                        part.line,
                        part.lane,
                        PartState.ACCEPTED,
                        new Failure(code, network, reason),
                        report.submittedAt(),
                        receivedAt);
        };
    }

    // ---- Matching ----

    private Optional<Candidate> fit(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        return kind.meant(new Evidence<Candidate, SQLException>() {
            @Override
            public List<Candidate> exact() throws SQLException {
                return Reports.this.exact(tx, link, report).stream()
                        .filter(part -> !part.submittedAt.isAfter(receivedAt))
                        .toList();
            }

            @Override
            public boolean isOfThatTime(Candidate part) {
                return Reports.this.isOfThatTime(kind, part, report, receivedAt);
            }

            @Override
            public Optional<Candidate> proven() throws SQLException {
                return uncertain(tx, link, kind, report, receivedAt);
            }

            @Override
            public ReferenceSpelling.Found<Candidate> respelled() throws SQLException {
                return Reports.this.respelled(tx, link, kind, report, receivedAt);
            }

            @Override
            public Optional<Candidate> byReferenceAlone() throws SQLException {
                return byIdAlone(tx, link, kind, report, receivedAt);
            }
        });
    }

    private boolean isOfThatTime(LinkKind kind, Candidate part, Received.Report report, Instant receivedAt) {
        return kind.isOfThatTime(
                new LinkKind.HandedOver(part.submittedAt, part.acceptedAt), report, receivedAt, settings.clockMargin());
    }

    /// Some SMSCs write neither of a receipt's addresses as the `submit_sm` had them: an id is the
    /// SMSC's own, so it counts alone. But an SMSC that spells its ids in two ways can mean another
    /// part by it; so it does not where such an SMSC is known, nor where the report names somebody to
    /// whom anything was ever sent here, which is whom it is about.
    private Optional<Candidate> byIdAlone(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        if (report.reference().isEmpty()
                || report.recipient().isEmpty()
                || !spelling(link, kind).isExact()
                || isSomebody(tx, link, report.recipient().get())) {
            return Optional.empty();
        }
        var withId = withReference(tx, link, report);
        return withId.size() == 1 && !withId.getFirst().submittedAt.isAfter(receivedAt)
                ? Optional.of(withId.getFirst())
                : Optional.empty();
    }

    private ReferenceSpelling spelling(String link, LinkKind kind) {
        return spellings.computeIfAbsent(
                linksOfAccount(link).getFirst(),
                _ -> terms.getOrDefault(link, LinkTerms.NONE).spelling().orElseGet(kind::spelling));
    }

    private static final String SOMEBODY = "SELECT recipient FROM part WHERE link = ? AND tail = ? LIMIT ?";

    /// Whether a number that this may be was ever sent anything by a link of the account.
    private boolean isSomebody(Tx tx, String link, String number) throws SQLException {
        try (var query = tx.connection().prepareStatement(SOMEBODY)) {
            for (var each : linksOfAccount(link)) {
                query.setString(1, each);
                query.setString(2, Part.tail(number));
                query.setInt(3, CANDIDATES_MAX);
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        if (Part.sameNumber(row.getString("recipient"), number)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static final String COLUMNS = """
            id, delivery_id, total, line_id, lane, link, recipient, state, reference, submitted_at, accepted_at, scts, text
            """;

    private static final String EXACT = "SELECT " + COLUMNS + """
              FROM part
             WHERE link = ? AND reference = ? AND state = 'accepted'
             ORDER BY submitted_at DESC
             LIMIT ?
            """;

    /// Unsettled parts with the very reference and recipient, newest first.
    private List<Candidate> exact(Tx tx, String link, Received.Report report) throws SQLException {
        return ofRecipient(withReference(tx, link, report), report);
    }

    /// Unsettled parts with the very reference, newest first.
    private List<Candidate> withReference(Tx tx, String link, Received.Report report) throws SQLException {
        if (report.reference().isEmpty()) {
            return List.of();
        }
        var exact = new ArrayList<Candidate>();
        try (var query = tx.connection().prepareStatement(EXACT)) {
            for (var each : linksOfAccount(link)) {
                query.setString(1, each);
                query.setString(2, Parts.reference(report.reference().get()));
                query.setInt(3, CANDIDATES_MAX);
                exact.addAll(candidates(query));
            }
        }
        exact.sort(Comparator.comparing((Candidate part) -> part.submittedAt).reversed());
        return exact;
    }

    private static final String ENDED = "SELECT " + COLUMNS + """
              FROM part
             WHERE link = ? AND reference = ? AND state = ?
             ORDER BY submitted_at DESC
             LIMIT 8
            """;

    /// Whether the report only repeats what is known. A `message_id` is the SMSC's own and says so
    /// itself; a TP-MR comes again after 255 others, so there the SCTS, which a repeated report
    /// repeats, must be the same too.
    private boolean isKnown(Tx tx, String link, LinkKind kind, Received.Report report) throws SQLException {
        if (report.reference().isEmpty()
                || (!kind.hasOwnReferences() && report.submittedAt().isEmpty())) {
            return false;
        }
        if (kind.hasOwnReferences() && !exact(tx, link, report).isEmpty()) {
            return false; // an id used again
        }
        try (var query = tx.connection().prepareStatement(ENDED)) {
            for (var each : linksOfAccount(link)) {
                for (var ended : List.of(PartState.DELIVERED, PartState.FAILED)) {
                    query.setString(1, each);
                    query.setString(2, Parts.reference(report.reference().get()));
                    query.setString(3, ended.label());
                    if (ofRecipient(candidates(query), report).stream()
                            .anyMatch(part -> kind.hasOwnReferences() || sameSecond(part.scts, report.submittedAt()))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// An SCTS counts seconds (3GPP TS 23.040 §9.2.3.11).
    private static boolean sameSecond(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent()
                && other.isPresent()
                && one.get().getEpochSecond() == other.get().getEpochSecond();
    }

    private static List<Candidate> ofRecipient(List<Candidate> candidates, Received.Report report) {
        return candidates.stream()
                .filter(part -> report.recipient()
                        .map(number -> Part.sameNumber(part.recipient, number))
                        .orElse(true))
                .toList();
    }

    private static final String OF_RECIPIENT = "SELECT " + COLUMNS + """
              FROM part
             WHERE link = ? AND tail = ? AND state = ?
             ORDER BY submitted_at
             LIMIT ?
            """;

    private static final String UNSURE_OF_RECIPIENT = "SELECT " + COLUMNS + """
              FROM part
             WHERE link = ? AND tail = ? AND state = ? AND unsure > 0
             ORDER BY submitted_at
             LIMIT ?
            """;

    private List<Candidate> ofRecipient(Tx tx, String sql, String link, Received.Report report, PartState state)
            throws SQLException {
        if (report.recipient().isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<Candidate>();
        try (var query = tx.connection().prepareStatement(sql)) {
            for (var each : linksOfAccount(link)) {
                query.setString(1, each);
                query.setString(2, Part.tail(report.recipient().get()));
                query.setString(3, state.label());
                query.setInt(4, CANDIDATES_MAX);
                found.addAll(ofRecipient(candidates(query), report));
            }
        }
        return found;
    }

    private ReferenceSpelling.Found<Candidate> respelled(
            Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) throws SQLException {
        if (report.reference().isEmpty()) {
            return new ReferenceSpelling.Found.None<>();
        }
        var unsettled = ofRecipient(tx, OF_RECIPIENT, link, report, PartState.ACCEPTED).stream()
                .filter(part -> part.reference.isPresent() && !part.submittedAt.isAfter(receivedAt))
                .toList();
        return spelling(link, kind)
                .among(unsettled, part -> part.reference, report.reference().get());
    }

    /// The oldest part without an answer that this report proves sent (or without a reference, where
    /// the modem gave none). While another to the same recipient is being handed over, nothing is
    /// proven: its reference is not known yet, and the report may be its own.
    private Optional<Candidate> uncertain(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        if (!ofRecipient(tx, OF_RECIPIENT, link, report, PartState.SUBMITTING).isEmpty()) {
            return Optional.empty();
        }
        var unsure = new ArrayList<>(ofRecipient(tx, OF_RECIPIENT, link, report, PartState.UNCERTAIN));
        unsure.addAll(ofRecipient(tx, UNSURE_OF_RECIPIENT, link, report, PartState.QUEUED));
        ofRecipient(tx, OF_RECIPIENT, link, report, PartState.ACCEPTED).stream()
                .filter(part -> part.reference.isEmpty())
                .forEach(unsure::add);
        return unsure.stream()
                .filter(part -> !part.submittedAt.isAfter(receivedAt)
                        && isOfThatTime(kind, part, report, receivedAt)
                        && quotes(report, part.text))
                .min(Comparator.comparing((Candidate part) -> part.submittedAt).thenComparing(part -> part.id));
    }

    /// Whether the receipt quotes the text, as far as that can be compared: an SMSC quotes in an
    /// alphabet of its own, so only what is the same in all of them counts.
    static boolean quotes(Received.Report report, String text) {
        var quote = report.textBegin().orElse("").strip();
        int compared = 0;
        for (; compared < quote.length() && compared < text.length(); compared++) {
            char quoted = quote.charAt(compared);
            char said = text.charAt(compared);
            if (!isPlain(quoted) || !isPlain(said)) {
                break;
            }
            if (quoted != said) {
                return false;
            }
        }
        return compared < text.length() || compared == quote.length() || !isPlain(quote.charAt(compared));
    }

    private static boolean isPlain(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ';
    }

    record Candidate(
            long id,
            long delivery,
            int total,
            long line,
            long lane,
            String link,
            String recipient,
            PartState state,
            Optional<String> reference,
            Instant submittedAt,
            Optional<Instant> acceptedAt,
            Optional<Instant> scts,
            String text) {}

    private static List<Candidate> candidates(PreparedStatement query) throws SQLException {
        var candidates = new ArrayList<Candidate>();
        try (var row = query.executeQuery()) {
            while (row.next()) {
                candidates.add(new Candidate(
                        row.getLong("id"),
                        row.getLong("delivery_id"),
                        row.getInt("total"),
                        row.getLong("line_id"),
                        row.getLong("lane"),
                        row.getString("link"),
                        row.getString("recipient"),
                        PartState.ofLabel(row.getString("state")),
                        Optional.ofNullable(row.getString("reference")),
                        Times.instant(row, "submitted_at"),
                        Times.maybe(row, "accepted_at"),
                        Times.maybe(row, "scts"),
                        row.getString("text")));
            }
        }
        return candidates;
    }

    // ---- Parking ----

    private static final String PARK = """
            INSERT INTO parked_report
                (link, kind, tail, reference, recipient, submitted_at, ended_at, fate, code, network, reason,
                 text_begin, received_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static void park(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt)
            throws SQLException {
        try (var park = tx.connection().prepareStatement(PARK)) {
            park.setString(1, link);
            park.setString(2, kind.label());
            park.setString(3, report.recipient().map(Part::tail).orElse(""));
            park.setString(4, report.reference().map(Parts::reference).orElse(null));
            park.setString(5, report.recipient().map(number -> cut(number, 64)).orElse(null));
            park.setObject(6, Times.bind(report.submittedAt()));
            park.setObject(7, Times.bind(report.endedAt()));
            switch (report.fate()) {
                case Received.Fate.Delivered _ -> fate(park, "delivered", null, Optional.empty(), "");
                case Received.Fate.Pending(var network, var reason) -> fate(park, "pending", null, network, reason);
                case Received.Fate.Failed(var code, var network, var reason) ->
                    fate(park, "failed", code, network, reason);
            }
            park.setString(12, report.textBegin().map(text -> cut(text, 200)).orElse(null));
            park.setObject(13, Times.bind(receivedAt));
            park.executeUpdate();
        }
    }

    private static void fate(
            PreparedStatement park, String fate, @Nullable FailureCode code, Optional<Integer> network, String reason)
            throws SQLException {
        park.setString(8, fate);
        park.setString(9, code == null ? null : code.label());
        park.setObject(10, network.orElse(null));
        park.setString(11, cut(reason, 300));
    }

    private static String cut(String text, int units) {
        return text.length() <= units ? text : text.substring(0, units);
    }

    private record Parked(long id, Received.Report report, Instant receivedAt) {}

    private static final String PARKED = PARKED_COLUMNS + """
             WHERE link = ? AND tail IN (?, '')
             ORDER BY received_at, id
             LIMIT ?
            """;

    private static List<Parked> parked(Tx tx, List<String> links, String tail) throws SQLException {
        var parked = new ArrayList<Parked>();
        try (var query = tx.connection().prepareStatement(PARKED)) {
            for (var link : links) {
                query.setString(1, link);
                query.setString(2, tail);
                query.setInt(3, PARKED_MAX);
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        parked.add(parked(row));
                    }
                }
            }
        }
        parked.sort(Comparator.comparing(Parked::receivedAt));
        return parked;
    }

    private static Parked parked(ResultSet row) throws SQLException {
        return new Parked(
                row.getLong("id"),
                new Received.Report(
                        Optional.ofNullable(row.getString("reference")),
                        Optional.ofNullable(row.getString("recipient")),
                        Times.maybe(row, "submitted_at"),
                        Times.maybe(row, "ended_at"),
                        fate(row),
                        Optional.ofNullable(row.getString("text_begin"))),
                Times.instant(row, "received_at"));
    }

    private static Received.Fate fate(ResultSet row) throws SQLException {
        int number = row.getInt("network");
        Optional<Integer> network = row.wasNull() ? Optional.empty() : Optional.of(number);
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

    private static final String SHOWN = """
            SELECT id, link, reference, recipient, fate, reason, received_at
              FROM parked_report
             WHERE link = ? AND id < ?
             ORDER BY id DESC
             LIMIT ?
            """;

    static List<ParkedReport> shown(Connection connection, String link, long before, int limit) throws SQLException {
        try (var query = connection.prepareStatement(SHOWN)) {
            query.setString(1, link);
            query.setLong(2, before);
            query.setInt(3, limit);
            var shown = new ArrayList<ParkedReport>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    shown.add(new ParkedReport(
                            row.getLong("id"),
                            row.getString("link"),
                            Optional.ofNullable(row.getString("reference")),
                            Optional.ofNullable(row.getString("recipient")),
                            row.getString("fate"),
                            row.getString("reason"),
                            Times.instant(row, "received_at")));
                }
            }
            return shown;
        }
    }

    private static final String DROP = "DELETE FROM parked_report WHERE id = ?";

    private static void drop(Tx tx, long id) throws SQLException {
        try (var drop = tx.connection().prepareStatement(DROP)) {
            drop.setLong(1, id);
            drop.executeUpdate();
        }
    }

    private static final String DROP_OLD =
            "DELETE FROM parked_report WHERE received_at < ? ORDER BY received_at LIMIT ?";

    /// Gives up parked reports older than `before`.
    static int dropOld(Tx tx, Instant before, int bite) throws SQLException {
        try (var drop = tx.connection().prepareStatement(DROP_OLD)) {
            drop.setObject(1, Times.bind(before));
            drop.setInt(2, bite);
            return drop.executeUpdate();
        }
    }
}
