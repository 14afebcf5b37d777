package dev.parley.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An endpoint that events are posted to.
///
/// @param accountId whose eyes it sees with
/// @param events the names of those it wants; empty for all
/// @param lastEvent the cursor: the id of the last event that was delivered or passed over
/// @param failures tries of the next event that failed so far
/// @param lastStatus the HTTP status of the last try; empty where none came
record Webhook(
        long id,
        long accountId,
        String url,
        String secret,
        List<String> events,
        WebhookState state,
        long lastEvent,
        int failures,
        Optional<Instant> failingSince,
        Optional<Instant> nextTryAt,
        Optional<Integer> lastStatus,
        Optional<String> lastError,
        Optional<Instant> deliveredAt,
        Instant createdAt) {

    Webhook {
        events = List.copyOf(events);
    }

    boolean wants(String event) {
        return events.isEmpty() || events.contains(event);
    }

    /// The same with its cursor behind an event that was delivered.
    Webhook delivered(long event, int status) {
        return new Webhook(
                id,
                accountId,
                url,
                secret,
                events,
                state,
                event,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(status),
                Optional.empty(),
                deliveredAt,
                createdAt);
    }

    @Override
    public String toString() {
        return "Webhook[id=" + id + ", url=" + url + ", state=" + state + "]";
    }
}
