package dev.parley.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;

/// What the links received, by what it was and by nothing else.
public final class InboxMetrics {

    enum Count {
        TEXTS("text"),
        PARTS("part"),
        DUPLICATE_PARTS("duplicate-part"),
        INCOMPLETE_TEXTS("incomplete-text"),
        REPORTS("report"),
        MACHINE("machine"),
        UNREADABLE("unreadable"),
        FAILED("failed"),
        DUPLICATES("duplicate"),
        NOT_NOW("not-now");

        private final String label;

        Count(String label) {
            this.label = label;
        }
    }

    private final List<Counter> counters; // by ordinal

    public InboxMetrics(MeterRegistry registry) {
        // All registered now, so that a dashboard sees 0 and not a gap.
        counters = Arrays.stream(Count.values())
                .map(count -> Counter.builder("parley.inbox.received")
                        .tag("what", count.label)
                        .description("What links received")
                        .register(registry))
                .toList();
    }

    void count(Count count) {
        counters.get(count.ordinal()).increment();
    }

    double counted(Count count) {
        return counters.get(count.ordinal()).count();
    }
}
