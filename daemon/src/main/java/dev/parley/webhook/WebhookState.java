package dev.parley.webhook;

import java.util.Locale;

/// Whether events are posted to an endpoint.
public enum WebhookState {
    ACTIVE,
    /// Its owner stopped it.
    PAUSED,
    /// It failed for too long, or said that it is gone. Nothing is lost: a resume goes on where it stopped.
    DEAD;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
