package dev.parley.inbox;

import dev.parley.store.Labelled;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// What the links received, by what it was and by nothing else.
public final class InboxMetrics {

    enum Count implements Labelled {
        TEXT,
        PART,
        DUPLICATE_PART,
        INCOMPLETE_TEXT,
        REPORT,
        MACHINE,
        UNREADABLE,
        FAILED,
        DUPLICATE,
        NOT_NOW
    }

    private final Map<Count, Counter> counters = new EnumMap<>(Count.class);

    public InboxMetrics(MeterRegistry registry) {
        for (var count : Count.values()) { // all registered now, so that a dashboard sees 0 and not a gap
            counters.put(
                    count,
                    Counter.builder("parley.inbox.received")
                            .tag("what", count.label())
                            .description("What links received")
                            .register(registry));
        }
    }

    void count(Count count) {
        Objects.requireNonNull(counters.get(count)).increment();
    }
}
