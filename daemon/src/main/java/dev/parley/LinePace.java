package dev.parley;

import dev.parley.config.LinkSettings;
import dev.parley.conversation.Pace;
import dev.parley.line.Lines;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How fast a line sends: by what its links took for a part since the daemon started, else by what is usual.
final class LinePace implements Pace {

    /// A part over GSM takes two to six seconds, its hand-over included.
    private static final double MODEM_SECONDS = 4;

    /// A submit and its response, over the internet.
    private static final double SMPP_SECONDS = 0.1;

    private final Lines lines;
    private final Map<String, LinkSettings> links;
    private final MeterRegistry metrics;

    LinePace(Lines lines, Map<String, LinkSettings> links, MeterRegistry metrics) {
        this.lines = lines;
        this.links = links;
        this.metrics = metrics;
    }

    @Override
    public Duration estimate(long lineId, int parts) {
        double perSecond = lines.byId(lineId).stream()
                .flatMap(line -> line.links().stream())
                .mapToDouble(this::partsPerSecond)
                .sum();
        return perSecond == 0 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(parts / perSecond * 1_000));
    }

    private double partsPerSecond(String link) {
        return switch (Optional.ofNullable(links.get(link)).orElseThrow()) {
            case LinkSettings.Modem modem -> {
                double bySubmits = 1 / seconds(link, MODEM_SECONDS);
                var perMinute = modem.limits().perMinute();
                yield perMinute.isPresent() ? Math.min(bySubmits, perMinute.getAsInt() / 60.0) : bySubmits;
            }
            case LinkSettings.Smpp smpp -> {
                double byWindow = smpp.window() / seconds(link, SMPP_SECONDS);
                yield smpp.rate()
                        .map(rate -> Math.min(
                                byWindow, rate.count() / (double) rate.per().toSeconds()))
                        .orElse(byWindow);
            }
        };
    }

    private double seconds(String link, double usual) {
        var timer =
                metrics.find("parley.queue.submit.latency").tag("link", link).timer();
        return timer == null || timer.count() == 0 ? usual : Math.max(timer.mean(TimeUnit.NANOSECONDS) / 1e9, 0.001);
    }
}
