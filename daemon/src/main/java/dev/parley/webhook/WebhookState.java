package dev.parley.webhook;

import java.util.Arrays;

/// Whether events are posted to an endpoint.
public enum WebhookState {
    ACTIVE("active"),
    /// Its owner stopped it.
    PAUSED("paused"),
    /// It failed for too long, or said that it is gone. Nothing is lost: a resume goes on where it stopped.
    DEAD("dead");

    private final String label;

    WebhookState(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static WebhookState ofLabel(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("webhook state " + label));
    }
}
