package dev.parley.conversation;

import java.util.Arrays;
import java.util.Optional;

/// Where a delivery stands. The order is the order of its life: it never goes back, except that a
/// failed one that is tried again is queued once more.
public enum DeliveryStatus {
    QUEUED("queued"),
    SENDING("sending"),
    SENT("sent"),
    DELIVERED("delivered"),
    FAILED("failed"),
    /// Its recipient does not get texts; nothing was handed over.
    BLOCKED("blocked"),
    CANCELLED("cancelled");

    private final String label;

    DeliveryStatus(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<DeliveryStatus> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(status -> status.label.equals(label))
                .findFirst();
    }
}
