package dev.parley.webhook;

import dev.parley.account.Account;
import dev.parley.problem.Outcome;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The latest tries to post events, for who wonders what became of one.
public final class WebhookDeliveries {

    /// Tries that are kept of an endpoint.
    static final int KEPT = 200;

    /// How often what is older goes.
    private static final int SWEEP_EVERY = 50;

    private final Store store;
    private final Webhooks webhooks;

    public WebhookDeliveries(Store store, Webhooks webhooks) {
        this.store = store;
        this.webhooks = webhooks;
    }

    /// One try.
    ///
    /// @param attempt from 1
    /// @param status the HTTP status; empty where no answer came
    /// @param error what went wrong; empty where the endpoint took it
    public record WebhookDelivery(
            String id,
            String event,
            String type,
            Instant at,
            int attempt,
            Optional<Integer> status,
            Optional<String> error) {}

    private static final String INSERT = """
            INSERT INTO webhook_delivery (webhook_id, event_id, type, at, attempt, status, error)
            SELECT ?, id, type, ?, ?, ?, ? FROM event WHERE id = ?
            """;

    private static final String SWEEP = """
            DELETE FROM webhook_delivery
             WHERE webhook_id = ?
               AND id <= (SELECT id FROM (SELECT id FROM webhook_delivery WHERE webhook_id = ?
                                           ORDER BY id DESC LIMIT 1 OFFSET ?) AS surplus)
            """;

    /// Notes a try, in the transaction that notes what came of it.
    static void note(Tx tx, Webhook webhook, long event, Instant at, Optional<Integer> status, Optional<String> error) {
        tx.update(INSERT, webhook.id(), at, webhook.failures() + 1, status, error, event);
        if (event % SWEEP_EVERY == 0) {
            tx.update(SWEEP, webhook.id(), webhook.id(), KEPT);
        }
    }

    private static final String LIST = """
            SELECT id, event_id, type, at, attempt, status, error
              FROM webhook_delivery
             WHERE webhook_id = ? AND id < ?
             ORDER BY id DESC
             LIMIT ?
            """;

    /// Newest first.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public Outcome<List<WebhookDelivery>> list(Account viewer, long webhookId, long before, int limit) {
        return webhooks.get(viewer, webhookId)
                .map(_ -> store.read(connection -> Sql.list(
                        connection,
                        LIST,
                        row -> new WebhookDelivery(
                                Long.toString(row.getLong("id")),
                                Long.toString(row.getLong("event_id")),
                                row.getString("type"),
                                Times.instant(row, "at"),
                                row.getInt("attempt"),
                                Sql.maybeInt(row, "status"),
                                Sql.maybeText(row, "error")),
                        webhookId,
                        before,
                        limit)));
    }
}
