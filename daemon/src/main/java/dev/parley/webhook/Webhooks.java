package dev.parley.webhook;

import dev.parley.account.Account;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The endpoints: made, changed and read by their owners; an admin sees all.
public final class Webhooks {

    /// Endpoints of one user: each is a reader of its own.
    static final int PER_ACCOUNT_MAX = 20;

    /// 24 octets, as Standard Webhooks recommend (between 24 and 64).
    private static final int SECRET_OCTETS = 24;

    private static final int ERROR_CHARACTERS_MAX = 500;

    private final Store store;
    private final EventLog events;
    private final Clock clock;
    private final SecureRandom random;
    private final Targets targets;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public Webhooks(Store store, EventLog events, Clock clock, SecureRandom random, WebhookSettings settings) {
        this(store, events, clock, random, new Targets(settings.allowPrivate(), settings.allowLoopback()));
    }

    Webhooks(Store store, EventLog events, Clock clock, SecureRandom random, Targets targets) {
        this.store = store;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.targets = targets;
    }

    /// Told after endpoints have changed.
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    Targets targets() {
        return targets;
    }

    private static final String COLUMNS = """
            webhook.id, webhook.account_id, webhook.url, webhook.secret, webhook.events, webhook.state,
            webhook.last_event, webhook.failures, webhook.next_try_at, webhook.last_status, webhook.last_error,
            webhook.delivered_at, webhook.created_at
            """;

    private static Webhook read(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        var names = row.getString("events");
        long lastEvent = row.getLong("last_event");
        int failures = row.getInt("failures");
        var view = new WebhookView(
                Long.toString(id),
                row.getString("url"),
                names.isEmpty() ? List.of() : List.of(names.split(",", -1)),
                row.getString("state"),
                Long.toString(lastEvent),
                failures,
                Times.maybe(row, "next_try_at"),
                Sql.maybeInt(row, "last_status"),
                Sql.maybeText(row, "last_error"),
                Times.maybe(row, "delivered_at"),
                Times.instant(row, "created_at"),
                Optional.empty());
        return new Webhook(id, row.getLong("account_id"), row.getString("secret"), lastEvent, failures, view);
    }

    private static final String LIVE = "SELECT COUNT(*) FROM webhook WHERE account_id = ? AND deleted_at IS NULL";

    private static final String INSERT = """
            INSERT INTO webhook (account_id, url, secret, events, state, last_event, failures, created_at)
            VALUES (?, ?, ?, ?, 'active', ?, 0, ?)
            """;

    /// Does now what takes long, which is to look up where the name of the URL leads: its name server is
    /// whoever's, and may take its time. What is returned makes an endpoint that gets what happens from then on,
    /// as part of whatever transaction it is called in. Its secret is in the view, this once.
    ///
    /// @param wanted names of events; empty for all
    public Supplier<Outcome<WebhookView>> creating(Account owner, String url, List<String> wanted) {
        var fault = targets.fault(url).or(() -> unknown(wanted));
        return fault.isPresent()
                ? () -> Outcome.refused(fault.get())
                : () -> store.transaction(tx -> create(tx, owner, url, wanted));
    }

    private Outcome<WebhookView> create(Tx tx, Account owner, String url, List<String> wanted) {
        if (tx.first(LIVE, row -> row.getInt(1), owner.id()).orElse(0) >= PER_ACCOUNT_MAX) {
            return Outcome.refused(Problem.conflict(
                    "too-many-webhooks",
                    "This user has " + PER_ACCOUNT_MAX + " webhooks, the most there may be. Delete some first."));
        }
        var octets = new byte[SECRET_OCTETS];
        random.nextBytes(octets);
        long id = tx.insert(
                INSERT,
                owner.id(),
                url,
                "whsec_" + Base64.getEncoder().encodeToString(octets),
                joined(wanted),
                events.latest(),
                clock.instant());
        var webhook = changed(tx, id);
        return Outcome.done(webhook.view().withSecret(webhook.secret()));
    }

    private static String joined(List<String> names) {
        return String.join(",", names.stream().distinct().toList());
    }

    private static Optional<Problem> unknown(List<String> wanted) {
        return IntStream.range(0, wanted.size())
                .filter(i -> EventType.ofLabel(wanted.get(i)).isEmpty())
                .mapToObj(i -> Problem.invalid(
                        "events[" + i + "]",
                        "unknown-event",
                        "There is no event \"" + wanted.get(i) + "\"; there are: "
                                + Arrays.stream(EventType.values())
                                        .map(EventType::label)
                                        .collect(Collectors.joining(", "))
                                + "."))
                .findFirst();
    }

    private static final String LIST = "SELECT " + COLUMNS + """
              FROM webhook
             WHERE webhook.deleted_at IS NULL AND webhook.id < ? AND (? OR webhook.account_id = ?)
             ORDER BY webhook.id DESC
             LIMIT ?
            """;

    /// Newest first.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public List<WebhookView> list(Account viewer, long before, int limit) {
        return store.read(connection ->
                Sql.list(connection, LIST, row -> read(row).view(), before, viewer.isAdmin(), viewer.id(), limit));
    }

    private static final String BY_ID =
            "SELECT " + COLUMNS + " FROM webhook WHERE webhook.id = ? AND webhook.deleted_at IS NULL";

    private static Optional<Webhook> byId(Connection connection, long id) {
        return Sql.first(connection, BY_ID, Webhooks::read, id);
    }

    private static Outcome<Webhook> lock(Tx tx, Account actor, long id) {
        return Outcome.found(
                tx.first(BY_ID + " FOR UPDATE", Webhooks::read, id).filter(webhook -> isSeenBy(actor, webhook)));
    }

    private static boolean isSeenBy(Account viewer, Webhook webhook) {
        return viewer.isAdmin() || webhook.accountId() == viewer.id();
    }

    public Outcome<WebhookView> get(Account viewer, long id) {
        return Outcome.found(
                        store.read(connection -> byId(connection, id)).filter(webhook -> isSeenBy(viewer, webhook)))
                .map(Webhook::view);
    }

    private static final String CHANGE = "UPDATE webhook SET url = ?, events = ?, state = ? WHERE id = ?";

    /// Looks up now where the name of the URL leads, as [#creating]. What is returned changes what is given, as
    /// part of whatever transaction it is called in.
    ///
    /// @param paused true stops an active endpoint, false lets a paused one go on where it stopped
    public Supplier<Outcome<WebhookView>> changing(
            Account actor, long id, Optional<String> url, Optional<List<String>> wanted, Optional<Boolean> paused) {
        var known = get(actor, id)
                .then(view -> Outcome.unless(
                        url.flatMap(targets::fault).or(() -> wanted.flatMap(Webhooks::unknown)),
                        () -> Outcome.done(view)));
        return () -> known.then(_ -> store.transaction(tx -> lock(tx, actor, id).map(before -> {
            var view = before.view();
            var state = paused.filter(_ -> !view.state().equals(WebhookState.DEAD.label()))
                    .map(stop -> (stop ? WebhookState.PAUSED : WebhookState.ACTIVE).label())
                    .orElse(view.state());
            tx.update(CHANGE, url.orElse(view.url()), joined(wanted.orElse(view.events())), state, id);
            return changed(tx, id).view();
        })));
    }

    private static final String RESUME = """
            UPDATE webhook
               SET state = 'active', failures = 0, failing_since = NULL, next_try_at = NULL, last_event = ?
             WHERE id = ?
            """;

    /// Lets a dead or paused endpoint go on, or one that waits try at once.
    ///
    /// @param from the id of the event after which to go on; empty for where it stopped
    public Outcome<WebhookView> resume(Tx tx, Account actor, long id, Optional<Long> from) {
        return lock(tx, actor, id).then(webhook -> {
            long after = from.orElse(webhook.lastEvent());
            if (from.isPresent() && (after < 0 || after > events.latest())) {
                return Outcome.refused(Problem.invalid(
                        "from", "bad-cursor", "from is the id of an event, 0 to " + events.latest() + "."));
            }
            tx.update(RESUME, after, id);
            return Outcome.done(changed(tx, id).view());
        });
    }

    /// The event after which an endpoint has to go on to get all since a time.
    public long lastBefore(Instant time) {
        return events.lastBefore(time);
    }

    private static final String DELETE = "UPDATE webhook SET deleted_at = ? WHERE id = ?";

    /// Deletes an endpoint: nothing is posted to it any more.
    ///
    /// @return whether there was one that `actor` may see
    public boolean delete(Account actor, long id) {
        return store.transaction(tx -> lock(tx, actor, id).map(_ -> {
                    tellAfter(tx);
                    return tx.update(DELETE, clock.instant(), id);
                }))
                instanceof Outcome.Done;
    }

    private void tellAfter(Tx tx) {
        tx.afterCommit(() -> listeners.forEach(Runnable::run));
    }

    private Webhook changed(Tx tx, long id) {
        tellAfter(tx);
        return byId(tx.connection(), id).orElseThrow();
    }

    // ---- for who posts ----

    private static final String ACTIVE =
            "SELECT " + COLUMNS + " FROM webhook WHERE webhook.deleted_at IS NULL AND webhook.state = 'active'";

    List<Webhook> active() {
        return store.read(connection -> Sql.list(connection, ACTIVE, Webhooks::read));
    }

    /// As it is now, if it is still to be posted to.
    Optional<Webhook> current(long id) {
        return store.read(connection -> Sql.first(connection, ACTIVE + " AND webhook.id = ?", Webhooks::read, id));
    }

    private static final String ADVANCE = """
            UPDATE webhook
               SET last_event = ?, failures = 0, failing_since = NULL, next_try_at = NULL,
                   last_status = COALESCE(?, last_status), last_error = NULL, delivered_at = COALESCE(?, delivered_at)
             WHERE id = ? AND last_event = ? AND state = 'active'
            """;

    /// Moves the cursor, unless somebody moved it meanwhile.
    ///
    /// @param status of the delivery; empty where events were only passed over
    boolean advanced(Webhook webhook, long lastEvent, Optional<Integer> status) {
        return store.transaction(tx -> {
            int moved = tx.update(
                    ADVANCE, lastEvent, status, status.map(_ -> clock.instant()), webhook.id(), webhook.lastEvent());
            if (status.isPresent()) {
                WebhookDeliveries.note(tx, webhook, lastEvent, clock.instant(), status, Optional.empty());
            }
            return moved == 1;
        });
    }

    private static final String FAILED = """
            UPDATE webhook
               SET failures = failures + 1, failing_since = COALESCE(failing_since, ?), next_try_at = ?, last_status = ?,
                   last_error = ?, state = ?
             WHERE id = ? AND last_event = ? AND state = 'active'
            """;

    /// @param event the id of the event that could not be posted
    /// @param nextTryAt empty for never: it is dead
    void failed(Webhook webhook, long event, Optional<Instant> nextTryAt, Optional<Integer> status, String error) {
        store.transaction(tx -> {
            var cut = error.substring(0, Math.min(error.length(), ERROR_CHARACTERS_MAX));
            WebhookDeliveries.note(tx, webhook, event, clock.instant(), status, Optional.of(cut));
            return tx.update(
                    FAILED,
                    clock.instant(),
                    nextTryAt,
                    status,
                    cut,
                    (nextTryAt.isPresent() ? WebhookState.ACTIVE : WebhookState.DEAD).label(),
                    webhook.id(),
                    webhook.lastEvent());
        });
    }
}
