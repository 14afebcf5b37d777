package dev.parley.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/// What the API does. Labelled by the route's pattern, never by the path, and by the class of the
/// status: a label from the request would make as many time series as somebody cares to send.
final class HttpMetrics {

    /// For a path that no route has, and a request that is none.
    static final String NO_ROUTE = "none";

    private static final Duration[] BUCKETS = LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private record Key(String method, String route, String status) {}

    private final MeterRegistry registry;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    final Counter refusedConnections;
    final Counter displacedConnections;
    final AtomicInteger atWork = new AtomicInteger();
    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauge("parley.http.requests.active", atWork, "Requests at work");
        gauge("parley.http.streams", streams, "Open event streams");
        gauge("parley.http.connections", connections, "Open connections");
        refusedConnections = Counter.builder("parley.http.connections.refused")
                .description("Connections closed at once because there were too many")
                .register(registry);
        displacedConnections = Counter.builder("parley.http.connections.displaced")
                .description("Connections of nobody known that kept us waiting and had to go for others")
                .register(registry);
    }

    private void gauge(String name, AtomicInteger value, String description) {
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    }

    /// @param method one that a route has, else none
    void answered(String method, String route, int status, Duration took) {
        timers.computeIfAbsent(new Key(method, route, status / 100 + "xx"), this::timer)
                .record(took);
    }

    private Timer timer(Key key) {
        return Timer.builder("parley.http.requests")
                .description("Requests answered, and how long that took; of a stream, until it began")
                .tag("method", key.method)
                .tag("route", key.route)
                .tag("status", key.status)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
