package dev.parley.queue;

import dev.parley.link.Link;
import dev.parley.queue.ReportSettler.Settled;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// What the queue counts. Labelled by link, by state and by outcome, of which there are few; never by
/// number, network code or reason.
public final class QueueMetrics {

    /// What becomes of a hand-over, of a part, or of a report.
    enum Count {
        SUBMITTED_ACCEPTED("parley.queue.submits", "outcome", "accepted"),
        SUBMITTED_REFUSED("parley.queue.submits", "outcome", "refused"),
        SUBMITTED_POSTPONED("parley.queue.submits", "outcome", "postponed"),
        SUBMITTED_NOT_HANDED_OVER("parley.queue.submits", "outcome", "not-handed-over"),
        SUBMITTED_UNCERTAIN("parley.queue.submits", "outcome", "uncertain"),
        PARTS_SENT("parley.queue.parts", "end", "sent"),
        PARTS_DELIVERED("parley.queue.parts", "end", "delivered"),
        PARTS_FAILED("parley.queue.parts", "end", "failed"),
        PARTS_WITHDRAWN("parley.queue.parts", "end", "withdrawn"),
        UNCERTAIN_PROVEN("parley.queue.uncertain", "end", "proven"),
        REPORTS_MATCHED("parley.queue.reports", "result", "matched"),
        REPORTS_DUPLICATE("parley.queue.reports", "result", "duplicate"),
        REPORTS_PARKED("parley.queue.reports", "result", "parked"),
        REPORTS_UNPARKED("parley.queue.reports", "result", "unparked"),
        REPORTS_EXPIRED("parley.queue.reports", "result", "expired");

        private final String name;
        private final String tag;
        private final String value;

        Count(String name, String tag, String value) {
            this.name = name;
            this.tag = tag;
            this.value = value;
        }
    }

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "parley.queue.submits", "Parts handed to a link, by what came of it",
            "parley.queue.parts", "Parts by how they ended",
            "parley.queue.uncertain", "Parts that may have been sent when a hand-over broke off, by how that ended",
            "parley.queue.reports", "Status reports, by what they matched");

    private final MeterRegistry registry;
    private final Map<Count, Counter> counters = new EnumMap<>(Count.class);
    private final Map<PartState, AtomicLong> depth = new EnumMap<>(PartState.class);
    private final Map<String, Timer> latency = new ConcurrentHashMap<>();
    private final AtomicLong resent = new AtomicLong();

    public QueueMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (var count : Count.values()) { // all registered now, so that a dashboard sees 0 and not a gap
            counters.put(
                    count,
                    Counter.builder(count.name)
                            .description(DESCRIPTIONS.getOrDefault(count.name, ""))
                            .tag(count.tag, count.value)
                            .register(registry));
        }
        for (var state : PartState.UNFINISHED) {
            var value = new AtomicLong();
            depth.put(state, value);
            Gauge.builder("parley.queue.depth", value, AtomicLong::get)
                    .tag("state", state.label())
                    .description("Parts that are not with the SMSC yet")
                    .register(registry);
        }
        FunctionCounter.builder("parley.queue.resent", resent, AtomicLong::get)
                .description("Parts put back to be sent again because no report proved them sent within the grace"
                        + " period, since the database was made. Each duplicate is one of these.")
                .register(registry);
    }

    void count(Count count) {
        counter(count).increment();
    }

    void count(Count count, int times) {
        counter(count).increment(times);
    }

    private Counter counter(Count count) {
        return Objects.requireNonNull(counters.get(count));
    }

    /// A report settled, or not, by the link it came by: the totals alone do not say whose SMSC gives
    /// ids that match nothing.
    void reported(String link, Settled settled) {
        count(
                switch (settled) {
                    case MATCHED -> Count.REPORTS_MATCHED;
                    case DUPLICATE -> Count.REPORTS_DUPLICATE;
                    case PARKED -> Count.REPORTS_PARKED;
                });
        Counter.builder("parley.queue.link.reports")
                .description("Status reports by the link they came by; parked ones match no part yet")
                .tag("link", link)
                .tag("result", settled.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    /// Registers `parley_queue_circuit_open{link}`, read when somebody looks, and
    /// `parley_queue_circuit_changes_total{link,to}`, which also shows what was over before anybody
    /// looked.
    void circuit(String link, BooleanSupplier open) {
        Gauge.builder("parley.queue.circuit.open", open, is -> is.getAsBoolean() ? 1 : 0)
                .description("1 while the link is handed no texts because handing over came to nothing there")
                .tag("link", link)
                .strongReference(true)
                .register(registry);
        circuitChanges(link, true);
        circuitChanges(link, false);
    }

    void circuitChanged(String link, boolean open) {
        circuitChanges(link, open).increment();
    }

    private Counter circuitChanges(String link, boolean open) {
        return Counter.builder("parley.queue.circuit.changes")
                .description("How often the link's circuit opened and closed")
                .tag("link", link)
                .tag("to", open ? "open" : "closed")
                .register(registry);
    }

    double counted(Count count) {
        return counter(count).count();
    }

    void depth(PartState state, long parts) {
        Optional.ofNullable(depth.get(state)).ifPresent(value -> value.set(parts));
    }

    /// The re-sends ever counted, which the database keeps: a crash must not hide one.
    void resent(long everCounted) {
        resent.accumulateAndGet(everCounted, Math::max);
    }

    /// A hand-over over this link ended.
    void handedOver(Link link, Count outcome) {
        count(outcome);
        Counter.builder("parley.link.submits")
                .description("Parts handed to this link, by what came of it")
                .tag("link", link.name())
                .tag("outcome", outcome.value)
                .register(registry)
                .increment();
    }

    void submitted(Link link, Duration took) {
        latency.computeIfAbsent(
                        link.name(),
                        name -> Timer.builder("parley.queue.submit.latency")
                                .tag("link", name)
                                .description("From the call of the link to its answer")
                                .publishPercentileHistogram()
                                .register(registry))
                .record(took);
    }
}
