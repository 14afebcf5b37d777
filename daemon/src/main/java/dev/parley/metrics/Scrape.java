package dev.parley.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/// How metrics are kept and written for Prometheus.
public final class Scrape {

    /// The bounds of every histogram. The library's own have seventy, each of them a time series
    /// for every label; these tell a text that took long from one that did not.
    private static final double[] BUCKETS = Stream.of(1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 60_000)
            .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
            .toArray();

    private Scrape() {}

    /// A registry whose histograms cost little.
    public static PrometheusMeterRegistry registry() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return Boolean.TRUE.equals(config.isPercentileHistogram())
                        ? DistributionStatisticConfig.builder()
                                .percentilesHistogram(false)
                                .serviceLevelObjectives(Arrays.copyOf(BUCKETS, BUCKETS.length))
                                .build()
                                .merge(config)
                        : config;
            }
        });
        return registry;
    }

    /// Names the program for `parley_build_info`.
    public static void build(MeterRegistry registry, String version) {
        Gauge.builder("parley.build.info", () -> 1)
                .description("The program: its version and the Java that runs it")
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .register(registry);
    }
}
