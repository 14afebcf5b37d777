package dev.parley.queue;

import dev.parley.conversation.DeliveryProgress;
import dev.parley.link.FailureCode;
import dev.parley.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Remembers what it was told and what was committed of that, as lines such as `sent 7`.
final class RecordingProgress implements DeliveryProgress {
    private final List<String> told = new ArrayList<>();
    private volatile Predicate<String> mistake = _ -> false;

    /// Lets the program behind it make a mistake at certain lines.
    void failsAt(Predicate<String> mistake) {
        this.mistake = mistake;
    }

    List<String> told() {
        synchronized (told) {
            return List.copyOf(told);
        }
    }

    List<String> told(long delivery) {
        return told().stream()
                .filter(line -> (line + " ").contains(" " + delivery + " "))
                .toList();
    }

    private void tell(Tx tx, String line) {
        if (mistake.test(line)) {
            throw new IllegalStateException("a mistake at " + line);
        }
        tx.afterCommit(() -> {
            synchronized (told) {
                told.add(line);
            }
        });
    }

    @Override
    public void sending(Tx tx, long deliveryId, String link, int attempts, Instant at) {
        tell(tx, "sending " + deliveryId + " " + link + " #" + attempts);
    }

    @Override
    public void begun(Tx tx, long deliveryId, Instant at) {
        tell(tx, "begun " + deliveryId);
    }

    @Override
    public void postponed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason) {
        tell(tx, "postponed " + deliveryId + " " + code.label());
    }

    @Override
    public void sent(Tx tx, long deliveryId, Instant at) {
        tell(tx, "sent " + deliveryId);
    }

    @Override
    public void delivered(Tx tx, long deliveryId, Instant at) {
        tell(tx, "delivered " + deliveryId);
    }

    @Override
    public void failed(Tx tx, long deliveryId, FailureCode code, Optional<Integer> network, String reason, Instant at) {
        tell(tx, "failed " + deliveryId + " " + code.label());
    }
}
