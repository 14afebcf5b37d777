package dev.parley.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An endpoint as the API shows it.
///
/// @param events the names of those it wants; empty for all
/// @param lastEvent the id of the last event that was delivered or passed over
/// @param lastStatus the HTTP status of the last try; empty where none came
/// @param secret for checking signatures; shown once, when it was made
public record WebhookView(
        String id,
        String url,
        List<String> events,
        String state,
        String lastEvent,
        int failures,
        Optional<Instant> nextTryAt,
        Optional<Integer> lastStatus,
        Optional<String> lastError,
        Optional<Instant> deliveredAt,
        Instant createdAt,
        Optional<String> secret) {

    WebhookView withSecret(String shown) {
        return with(Optional.of(shown));
    }

    /// The same for those who come later.
    public WebhookView withoutSecret() {
        return with(Optional.empty());
    }

    private WebhookView with(Optional<String> shown) {
        return new WebhookView(
                id,
                url,
                events,
                state,
                lastEvent,
                failures,
                nextTryAt,
                lastStatus,
                lastError,
                deliveredAt,
                createdAt,
                shown);
    }

    @Override
    public String toString() {
        return "WebhookView[id=" + id + ", url=" + url + ", state=" + state + "]";
    }
}
