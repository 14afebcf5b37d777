package dev.parley.metrics;

import dev.parley.link.Link;
import dev.parley.link.LinkState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

/// The links' states and signals, read when somebody looks.
public final class LinkMetrics {

    private LinkMetrics() {}

    /// Registers, of each link, `parley_link_state{link,state}` (1 for the state that it is in, 0
    /// for all others, so that a rule can name one), `parley_link_ready{link}` and
    /// `parley_link_signal_dbm{link}`; of modems also `parley_link_storage_used_ratio{link}`. What
    /// is not known is NaN.
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
            Gauge.builder("parley.link.ready", link, each -> each.status().state() == LinkState.READY ? 1 : 0)
                    .description("1 while the link takes texts")
                    .tag("link", link.name())
                    .register(registry);
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
            if (link.kind().hasStorage()) {
                Gauge.builder("parley.link.storage.used", link, LinkMetrics::storageUsed)
                        .description("How full the modem's message storage is, 0 to 1")
                        .baseUnit("ratio")
                        .tag("link", link.name())
                        .register(registry);
            }
        }
    }

    private static double storageUsed(Link link) {
        return link.storage()
                .filter(storage -> storage.total() > 0)
                .map(storage -> (double) storage.used() / storage.total())
                .orElse(Double.NaN);
    }
}
