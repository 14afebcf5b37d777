package dev.parley.webhook;

/// An endpoint that events are posted to.
///
/// @param accountId whose eyes it sees with
/// @param lastEvent the cursor: the id of the last event that was delivered or passed over
/// @param failures tries of the next event that failed so far
/// @param view the rest, and how it was when it was read
record Webhook(long id, long accountId, String secret, long lastEvent, int failures, WebhookView view) {

    boolean wants(String event) {
        return view.events().isEmpty() || view.events().contains(event);
    }

    /// The same with its cursor behind an event that was delivered.
    Webhook delivered(long event) {
        return new Webhook(id, accountId, secret, event, 0, view);
    }

    @Override
    public String toString() {
        return view.toString();
    }
}
