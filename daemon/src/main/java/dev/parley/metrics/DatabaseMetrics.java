package dev.parley.metrics;

import dev.parley.store.SoleUse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Whether the daemon has its database. Both are as old as two seconds, and asking costs nothing.
public final class DatabaseMetrics {

    private DatabaseMetrics() {}

    /// Registers `parley_database_up`, `parley_database_held` (0 while another daemon has taken
    /// it), how long an answer takes, and how far the clocks differ.
    public static void register(MeterRegistry registry, SoleUse use) {
        Gauge.builder("parley.database.up", use, each -> each.isDatabaseUp() ? 1 : 0)
                .description("1 while the database answers")
                .register(registry);
        Gauge.builder("parley.database.held", use, each -> each.isHeld() ? 1 : 0)
                .description("1 while this daemon is the one that may use the database")
                .register(registry);
        Gauge.builder("parley.database.answer", use, each -> each.answerTime().toNanos() / 1e9)
                .description("How long the database took to answer when it was last asked")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("parley.clock.offset", use, each -> each.clockOffset().toNanos() / 1e9)
                .description("How far this machine's clock is ahead of the database's")
                .baseUnit("seconds")
                .register(registry);
    }
}
