package dev.parley.webhook;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How many webhooks are in which state. A webhook's address is no label: it may hold a secret.
public final class WebhookMetrics {
    /// The table has as many rows as an installation has webhooks: a handful.
    private static final String COUNT = "SELECT COUNT(*) FROM webhook WHERE state = ? AND deleted_at IS NULL";

    private WebhookMetrics() {}

    /// Registers `parley_webhooks{state}`, asked of the database when somebody looks; while that is
    /// away it is as it was.
    public static void register(MeterRegistry registry, Store store) {
        Map<String, Double> last = new ConcurrentHashMap<>();
        for (var each : WebhookState.values()) {
            var state = each.label();
            Gauge.builder("parley.webhooks", () -> last.compute(state, (_, before) -> counted(store, state, before)))
                    .description("Webhooks by state; a dead one is posted to no more")
                    .tag("state", state)
                    .register(registry);
        }
    }

    private static Double counted(Store store, String state, @Nullable Double before) {
        try {
            return store.read(connection -> Sql.first(connection, COUNT, row -> row.getDouble(1), state))
                    .orElse(0.0);
        } catch (StoreUnavailable _) {
            return before == null ? 0.0 : before;
        }
    }
}
