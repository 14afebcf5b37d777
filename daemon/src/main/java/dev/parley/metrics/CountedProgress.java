package dev.parley.metrics;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Counts how deliveries end, on their way to whom the queue tells of it. A network's own codes and
/// reasons are no label: there are as many as there are networks.
public final class CountedProgress implements DeliveryProgress {
    private final DeliveryProgress next;
    private final Counter delivered;
    private final Map<FailureCode, Counter> failed = new EnumMap<>(FailureCode.class);

    public CountedProgress(DeliveryProgress next, MeterRegistry registry) {
        this.next = next;
        this.delivered = Counter.builder("parley.deliveries.delivered")
                .description("Deliveries of which every report says that the phone has it")
                .register(registry);
        for (var code : FailureCode.values()) { // all registered now, so that a dashboard sees 0 and not a gap
            failed.put(
                    code,
                    Counter.builder("parley.deliveries.failed")
                            .description("Deliveries that failed for good, by their code")
                            .tag("code", code.label())
                            .register(registry));
        }
    }

    @Override
    public void sending(Tx tx, long deliveryId, String link, int attempts, Instant at) {
        next.sending(tx, deliveryId, link, attempts, at);
    }

    @Override
    public void begun(Tx tx, long deliveryId, Instant at) {
        next.begun(tx, deliveryId, at);
    }

    @Override
    public void postponed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason) {
        next.postponed(tx, deliveryId, code, network, reason);
    }

    @Override
    public void sent(Tx tx, long deliveryId, Instant at) {
        next.sent(tx, deliveryId, at);
    }

    @Override
    public void delivered(Tx tx, long deliveryId, Instant at) {
        next.delivered(tx, deliveryId, at);
        tx.afterCommit(delivered::increment);
    }

    @Override
    public void failed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at) {
        next.failed(tx, deliveryId, code, network, reason, at);
        tx.afterCommit(() -> failed.getOrDefault(code, delivered).increment());
    }
}
