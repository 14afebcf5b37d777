package dev.parley.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

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

    private final Map<Count, Counter> counters = new EnumMap<>(Count.class);

    public InboxMetrics(MeterRegistry registry) {
        for (var count : Count.values()) { // all registered now, so that a dashboard sees 0 and not a gap
            counters.put(
                    count,
                    Counter.builder("parley.inbox.received")
                            .tag("what", count.label)
                            .description("What links received")
                            .register(registry));
        }
    }

    void count(Count count) {
        counter(count).increment();
    }

    private Counter counter(Count count) {
        return Objects.requireNonNull(counters.get(count));
    }

    double counted(Count count) {
        return counter(count).count();
    }
}
