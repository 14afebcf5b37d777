package dev.parley.queue;

import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.link.ReferenceSpelling;
import dev.parley.queue.ReportSettler.Settled;
import dev.parley.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Settles reports: looks for the parts that one may mean ([TraceSearch]), has it decided which it is ([Traces]), and
/// moves that, or parks the report ([ParkedReports]). What memory knows as accepted ([AcceptedParts]) needs no search.
///
/// Over SMPP the parts of all links of one account count: its SMSC gives receipts to any of them.
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final AcceptedParts accepted = new AcceptedParts();
    final ParkedReports parked = new ParkedReports();
    private final TraceSearch search;
    private final Moves moves;
    private final QueueMetrics metrics;
    private final Map<String, LinkTerms> terms;

    /// The links of each account, in their order.
    private final Map<String, List<String>> accounts = new HashMap<>();

    /// How a network spells references, by the first link of its account.
    private final ConcurrentHashMap<String, ReferenceSpelling> spellings = new ConcurrentHashMap<>();

    Reports(Moves moves, QueueSettings settings, QueueMetrics metrics, Map<String, LinkTerms> terms) {
        this.search = new TraceSearch(settings.clockMargin());
        this.moves = moves;
        this.metrics = metrics;
        this.terms = Map.copyOf(terms);
        new TreeMap<>(terms)
                .forEach((link, its) -> its.account()
                        .ifPresent(account -> accounts.computeIfAbsent(account, _ -> new ArrayList<>())
                                .add(link)));
    }

    /// The links whose parts a report that came by this one may be of: an SMSC gives receipts to any
    /// session of the account.
    List<String> linksOfAccount(String link) {
        return terms.getOrDefault(link, LinkTerms.NONE)
                .account()
                .flatMap(account -> Optional.ofNullable(accounts.get(account)))
                .orElse(List.of(link));
    }

    private Arrival arrival(String link, LinkKind kind, Received.Report report, Instant receivedAt) {
        return new Arrival(link, linksOfAccount(link), kind, report, receivedAt);
    }

    private ReferenceSpelling spelling(Arrival arrival) {
        return spellings.computeIfAbsent(
                arrival.links().getFirst(),
                _ -> terms.getOrDefault(arrival.link(), LinkTerms.NONE)
                        .spelling()
                        .orElse(arrival.kind()::spelling)
                        .get());
    }

    /// What memory knows of accepted parts, and of parked reports, may be wrong.
    void forget() {
        accepted.clear();
        parked.forget();
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

    // ---- What comes in ----

    /// Settles a report that fits an accepted part which memory has, so that nothing need be read.
    ///
    /// @return false where the table must be asked
    boolean settleKnown(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) {
        if (!kind.hasOwnReferences()
                || report.reference().isEmpty()
                || report.recipient().isEmpty()
                || !(report.fate() instanceof Received.Fate.Delivered)) {
            return false;
        }
        var reference = Parts.reference(report.reference().get());
        var fit = linksOfAccount(link).stream()
                .flatMap(each -> accepted.find(each, reference).stream())
                .filter(part ->
                        part.isTo(report.recipient()) && !part.submittedAt().isAfter(receivedAt))
                .findFirst();
        if (fit.isEmpty()) {
            return false;
        }
        var part = fit.get();
        accepted.remove(tx, part.link(), reference);
        moves.deliveredKnown(tx, part, report.submittedAt(), moves.moment(tx, receivedAt));
        tx.afterCommit(() -> metrics.reported(link, Settled.MATCHED));
        return true;
    }

    Settled settle(Tx tx, String link, LinkKind kind, Received.Report report, Instant receivedAt) {
        if (settleKnown(tx, link, kind, report, receivedAt)) {
            return Settled.MATCHED;
        }
        var arrival = arrival(link, kind, report, receivedAt);
        var settled = settle(tx, arrival);
        if (settled == Settled.PARKED) {
            parked.park(tx, arrival);
            tx.afterCommit(() -> LOG.info(
                    "link={} reference={} a status report matches no part yet",
                    link,
                    report.reference().orElse("-")));
        }
        tx.afterCommit(() -> metrics.reported(link, settled));
        return settled;
    }

    private Settled settle(Tx tx, Arrival arrival) {
        var traces = search.of(tx, arrival, spelling(arrival));
        if (traces.areKnown()) {
            return Settled.DUPLICATE;
        }
        var meant = traces.meant();
        return meant.isPresent() && applied(tx, meant.get(), arrival) ? Settled.MATCHED : Settled.PARKED;
    }

    private boolean applied(Tx tx, Candidate part, Arrival arrival) {
        var report = arrival.report();
        if (part.state() != PartState.ACCEPTED) {
            // What the SMSC reports on, it has.
            if (!moves.proven(tx, part, report.reference(), arrival.at())) {
                return false;
            }
            tx.afterCommit(() -> metrics.count(QueueMetrics.Count.UNCERTAIN_PROVEN));
        } else if (part.reference().isPresent()) {
            accepted.remove(tx, part.link(), part.reference().get());
        }
        return switch (report.fate()) {
            case Received.Fate.Delivered _ -> moves.delivered(tx, part, report.submittedAt(), arrival.at());
            case Received.Fate.Pending _ -> true;
            case Received.Fate.Failed(var code, var network, var reason) ->
                moves.failed(
                        tx,
                        part,
                        PartState.ACCEPTED,
                        new Failure(code, network, reason),
                        report.submittedAt(),
                        arrival.at());
        };
    }

    // ---- What was parked ----

    /// Tries the parked reports that may belong to a part which has just got its reference, or become
    /// uncertain.
    void unpark(Tx tx, String link, LinkKind kind, String tail) {
        for (var each : parked.of(tx, linksOfAccount(link), tail)) {
            unpark(tx, link, kind, each);
        }
    }

    private boolean unpark(Tx tx, String link, LinkKind kind, ParkedReports.Parked each) {
        if (settle(tx, arrival(link, kind, each.report(), each.receivedAt())) == Settled.PARKED) {
            return false;
        }
        ParkedReports.drop(tx, each);
        tx.afterCommit(() -> metrics.count(QueueMetrics.Count.REPORTS_UNPARKED));
        return true;
    }

    /// Tries one parked report again.
    ///
    /// @return whether it has settled a part
    boolean unparkOne(Tx tx, String link, LinkKind kind, long id) {
        var each = parked.one(tx, id);
        return each.isPresent() && unpark(tx, link, kind, each.get());
    }
}
