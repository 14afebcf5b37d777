package dev.parley.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An endpoint as the API shows it.
///
/// @param events the names of those it wants; empty for all
/// @param lastEvent the id of the last event that was delivered or passed over
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

    static WebhookView of(Webhook webhook) {
        return of(webhook, Optional.empty());
    }

    static WebhookView withSecret(Webhook webhook) {
        return of(webhook, Optional.of(webhook.secret()));
    }

    private static WebhookView of(Webhook webhook, Optional<String> secret) {
        return new WebhookView(
                Long.toString(webhook.id()),
                webhook.url(),
                webhook.events(),
                webhook.state().label(),
                Long.toString(webhook.lastEvent()),
                webhook.failures(),
                webhook.nextTryAt(),
                webhook.lastStatus(),
                webhook.lastError(),
                webhook.deliveredAt(),
                webhook.createdAt(),
                secret);
    }

    /// The same for those who come later.
    public WebhookView withoutSecret() {
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
                Optional.empty());
    }

    @Override
    public String toString() {
        return "WebhookView[id=" + id + ", url=" + url + ", state=" + state + "]";
    }
}
