package dev.parley.conversation;

import dev.parley.line.Line;
import dev.parley.sms.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The phones of everybody, and a network that delivers at once when it is told to.
final class Phones {
    private final World world;
    private final Set<Long> handedOver = new HashSet<>();
    private final Map<String, List<String>> inboxes = new HashMap<>();

    Phones(World world) {
        this.world = world;
    }

    /// Sends a text without SCTS, as over SMPP.
    void says(String number, Line line, String text) {
        says(number, line, text, Optional.empty());
    }

    void says(String number, Line line, String text, Optional<Instant> scts) {
        world.clock.advance(Duration.ofMillis(1));
        world.store.transaction(tx -> {
            world.replies
                    .replies()
                    .received(
                            tx,
                            new InboundText(
                                    line.id(),
                                    number,
                                    text,
                                    scts,
                                    world.clock.instant(),
                                    line.links().getFirst()));
            return true;
        });
    }

    /// Hands over and delivers all that may go.
    void getAll() {
        for (var each : world.outbox.all()) {
            if (world.outbox.isOut(each.deliveryId()) && handedOver.add(each.deliveryId())) {
                world.clock.advance(Duration.ofMillis(1));
                world.outbox.handOver(each.deliveryId());
                progress(each.deliveryId());
                inboxes.computeIfAbsent(each.recipient(), _ -> new ArrayList<>())
                        .add(String.join(
                                "", each.segments().stream().map(Segment::text).toList()));
            }
        }
    }

    private void progress(long id) {
        world.store.transaction(tx -> {
            var at = world.clock.instant();
            world.deliveries.sending(tx, id, "modem-1", 1, at);
            world.deliveries.begun(tx, id, at);
            world.deliveries.sent(tx, id, at);
            world.deliveries.delivered(tx, id, at);
            return true;
        });
    }

    /// A link has it, and nothing is known yet.
    void isHandedOver(long deliveryId) {
        handedOver.add(deliveryId);
        world.outbox.handOver(deliveryId);
        world.store.transaction(tx -> {
            world.deliveries.sending(tx, deliveryId, "modem-1", 1, world.clock.instant());
            return true;
        });
    }

    List<String> inbox(String number) {
        return List.copyOf(inboxes.getOrDefault(number, List.of()));
    }
}
