package dev.parley.conversation;

/// Where a delivery stands. The order is the order of its life: it never goes back, except that a
/// failed one that is tried again is queued once more.
public enum DeliveryStatus implements Labelled {
    QUEUED,
    SENDING,
    SENT,
    DELIVERED,
    FAILED,
    /// Its recipient does not get texts; nothing was handed over.
    BLOCKED,
    CANCELLED
}
