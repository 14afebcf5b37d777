package dev.parley.metrics;

import dev.parley.link.Link;
import dev.parley.link.LinkState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

/// The links' states and signals, read when somebody looks.
public final class LinkMetrics {

    private LinkMetrics() {}

    /// Registers `parley_link_state{link,state}` (1 for the state that a link is in, 0 for all others, so
    /// that a rule
    /// can name one) and `parley_link_signal_dbm{link}` (NaN where it is not known).
    public static void register(MeterRegistry registry, Collection<Link> links) {
        for (var link : links) {
            for (var state : LinkState.values()) {
                Gauge.builder("parley.link.state", link, each -> each.status().state() == state ? 1 : 0)
                        .description("1 for the state that the link is in")
                        .tag("link", link.name())
                        .tag("kind", link.kind().label())
                        .tag("state", state.label())
                        .register(registry);
            }
            Gauge.builder(
                            "parley.link.signal",
                            link,
                            each -> each.status()
                                    .signalDbm()
                                    .map(Integer::doubleValue)
                                    .orElse(Double.NaN))
                    .description("Received signal strength")
                    .baseUnit("dbm")
                    .tag("link", link.name())
                    .register(registry);
        }
    }
}
