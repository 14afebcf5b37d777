package dev.parley;

import dev.parley.config.LinkSettings;
import dev.parley.conversation.Pace;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.link.Link;
import dev.parley.link.LinkState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How fast a line sends: by what its links took for a part since the daemon started, else by what is usual. Of links
/// that go by their order the first that is ready counts, of links with weights all that are: who cannot keep up with
/// its share passes it on. Where none is ready, all count as if they were.
record LinePace(Lines lines, Map<String, LinkSettings> settings, Map<String, Link> links, MeterRegistry metrics)
        implements Pace {

    @Override
    public Duration estimate(long lineId, int parts) {
        double perSecond = lines.byId(lineId).stream()
                .flatMap(line -> atWork(line).stream())
                .mapToDouble(this::partsPerSecond)
                .sum();
        return perSecond == 0 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(parts / perSecond * 1_000));
    }

    private List<Link> atWork(Line line) {
        var all = line.links().stream()
                .flatMap(name -> Optional.ofNullable(links.get(name)).stream())
                .toList();
        var ready = all.stream()
                .filter(link -> link.status().state() == LinkState.READY)
                .toList();
        var usable = ready.isEmpty() ? all : ready;
        var sharing = usable.stream()
                .filter(link -> line.weights().containsKey(link.name()))
                .toList();
        return sharing.isEmpty() ? usable.stream().limit(1).toList() : sharing;
    }

    private double partsPerSecond(Link link) {
        return switch (Optional.ofNullable(settings.get(link.name())).orElseThrow()) {
            case LinkSettings.Modem modem -> {
                double bySubmits = 1 / seconds(link);
                var perMinute = modem.limits().perMinute();
                yield perMinute.isPresent() ? Math.min(bySubmits, perMinute.getAsInt() / 60.0) : bySubmits;
            }
            case LinkSettings.Smpp(var smpp) -> {
                double byWindow = link.window() / seconds(link);
                yield smpp.perSecond().map(rate -> Math.min(byWindow, rate)).orElse(byWindow);
            }
        };
    }

    private double seconds(Link link) {
        var timer = metrics.find("parley.queue.submit.latency")
                .tag("link", link.name())
                .timer();
        return timer == null || timer.count() == 0
                ? link.kind().usualTime().toNanos() / 1e9
                : Math.max(timer.mean(TimeUnit.NANOSECONDS) / 1e9, 0.001);
    }
}
