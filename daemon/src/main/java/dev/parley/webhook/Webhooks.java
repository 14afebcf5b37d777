package dev.parley.webhook;

import dev.parley.account.Account;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

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
            webhook.last_event, webhook.failures, webhook.failing_since, webhook.next_try_at, webhook.last_status,
            webhook.last_error, webhook.delivered_at, webhook.created_at
            """;

    private static Webhook read(ResultSet row) throws SQLException {
        var names = row.getString("events");
        return new Webhook(
                row.getLong("id"),
                row.getLong("account_id"),
                row.getString("url"),
                row.getString("secret"),
                names.isEmpty() ? List.of() : Arrays.asList(names.split(",", -1)),
                WebhookState.ofLabel(row.getString("state")),
                row.getLong("last_event"),
                row.getInt("failures"),
                Times.maybe(row, "failing_since"),
                Times.maybe(row, "next_try_at"),
                Optional.ofNullable(row.getObject("last_status", Integer.class)),
                Optional.ofNullable(row.getString("last_error")),
                Times.maybe(row, "delivered_at"),
                Times.instant(row, "created_at"));
    }

    private static List<Webhook> readAll(PreparedStatement query) throws SQLException {
        var webhooks = new ArrayList<Webhook>();
        try (var row = query.executeQuery()) {
            while (row.next()) {
                webhooks.add(read(row));
            }
        }
        return webhooks;
    }

    private static final String LIVE = "SELECT COUNT(*) FROM webhook WHERE account_id = ? AND deleted_at IS NULL";

    private static final String INSERT = """
            INSERT INTO webhook (account_id, url, secret, events, state, last_event, failures, created_at)
            VALUES (?, ?, ?, ?, 'active', ?, 0, ?)
            """;

    /// Makes an endpoint that gets what happens from now on. Its secret is in the view, this once.
    ///
    /// @param wanted names of events; empty for all
    public Outcome<WebhookView> create(Account owner, String url, List<String> wanted) {
        return creating(owner, url, wanted).get();
    }

    /// Does now what takes long, which is to look up where the name of the URL leads: its name server is whoever's, and
    /// may take its time. What is returned makes the endpoint, as part of whatever transaction it is called in.
    ///
    /// @param wanted as in [#create]
    public Supplier<Outcome<WebhookView>> creating(Account owner, String url, List<String> wanted) {
        var fault = targets.fault(url).or(() -> unknown(wanted));
        return fault.isPresent()
                ? () -> Outcome.refused(fault.get())
                : () -> store.transaction(tx -> create(tx, owner, url, wanted));
    }

    private Outcome<WebhookView> create(Tx tx, Account owner, String url, List<String> wanted) throws SQLException {
        try (var live = tx.connection().prepareStatement(LIVE)) {
            live.setLong(1, owner.id());
            try (var row = live.executeQuery()) {
                row.next();
                if (row.getInt(1) >= PER_ACCOUNT_MAX) {
                    return Outcome.refused(Problem.conflict(
                            "too-many-webhooks",
                            "This user has " + PER_ACCOUNT_MAX
                                    + " webhooks, the most there may be. Delete some first."));
                }
            }
        }
        var octets = new byte[SECRET_OCTETS];
        random.nextBytes(octets);
        try (var insert = tx.connection().prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
            insert.setLong(1, owner.id());
            insert.setString(2, url);
            insert.setString(3, "whsec_" + Base64.getEncoder().encodeToString(octets));
            insert.setString(4, String.join(",", wanted.stream().distinct().toList()));
            insert.setLong(5, events.latest());
            insert.setObject(6, Times.bind(clock.instant()));
            insert.executeUpdate();
            try (var keys = insert.getGeneratedKeys()) {
                keys.next();
                changed(tx);
                return Outcome.done(WebhookView.withSecret(
                        byId(tx.connection(), keys.getLong(1)).orElseThrow()));
            }
        }
    }

    private static Optional<Problem> unknown(List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (EventType.ofLabel(wanted.get(i)).isEmpty()) {
                return Optional.of(Problem.invalid(
                        "events[" + i + "]",
                        "unknown-event",
                        "There is no event \"" + wanted.get(i) + "\"; there are: "
                                + String.join(
                                        ", ",
                                        Arrays.stream(EventType.values())
                                                .map(EventType::label)
                                                .toList())
                                + "."));
            }
        }
        return Optional.empty();
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
        return store.read(connection -> {
            try (var query = connection.prepareStatement(LIST)) {
                query.setLong(1, before);
                query.setBoolean(2, viewer.isAdmin());
                query.setLong(3, viewer.id());
                query.setInt(4, limit);
                return readAll(query).stream().map(WebhookView::of).toList();
            }
        });
    }

    private static final String BY_ID =
            "SELECT " + COLUMNS + " FROM webhook WHERE webhook.id = ? AND webhook.deleted_at IS NULL";

    private static Optional<Webhook> byId(Connection connection, long id) throws SQLException {
        try (var query = connection.prepareStatement(BY_ID)) {
            query.setLong(1, id);
            return readAll(query).stream().findFirst();
        }
    }

    private static Optional<Webhook> lock(Tx tx, Account actor, long id) throws SQLException {
        try (var query = tx.connection().prepareStatement(BY_ID + " FOR UPDATE")) {
            query.setLong(1, id);
            return readAll(query).stream()
                    .filter(webhook -> actor.isAdmin() || webhook.accountId() == actor.id())
                    .findFirst();
        }
    }

    public Outcome<WebhookView> get(Account viewer, long id) {
        return store.read(connection -> byId(connection, id)
                .filter(webhook -> viewer.isAdmin() || webhook.accountId() == viewer.id())
                .map(webhook -> Outcome.done(WebhookView.of(webhook)))
                .orElseGet(() -> Outcome.refused(Problem.notFound())));
    }

    private static final String CHANGE = "UPDATE webhook SET url = ?, events = ?, state = ? WHERE id = ?";

    /// Changes what is given.
    ///
    /// @param paused true stops an active endpoint, false lets a paused one go on where it stopped
    public Outcome<WebhookView> change(
            Account actor, long id, Optional<String> url, Optional<List<String>> wanted, Optional<Boolean> paused) {
        return changing(actor, id, url, wanted, paused).get();
    }

    /// Looks up now where the name of the URL leads, as [#creating]. What is returned changes the endpoint, as part of
    /// whatever transaction it is called in.
    ///
    /// @param paused as in [#change]
    public Supplier<Outcome<WebhookView>> changing(
            Account actor, long id, Optional<String> url, Optional<List<String>> wanted, Optional<Boolean> paused) {
        if (!(get(actor, id) instanceof Outcome.Done)) {
            return () -> Outcome.refused(Problem.notFound());
        }
        var fault = url.flatMap(targets::fault).or(() -> wanted.flatMap(Webhooks::unknown));
        return fault.isPresent()
                ? () -> Outcome.refused(fault.get())
                : () -> store.transaction(tx -> change(tx, actor, id, url, wanted, paused));
    }

    private Outcome<WebhookView> change(
            Tx tx,
            Account actor,
            long id,
            Optional<String> url,
            Optional<List<String>> wanted,
            Optional<Boolean> paused)
            throws SQLException {
        var found = lock(tx, actor, id);
        if (found.isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        var before = found.get();
        var state = paused.map(stop -> stop ? WebhookState.PAUSED : WebhookState.ACTIVE)
                .filter(_ -> before.state() != WebhookState.DEAD)
                .orElse(before.state());
        try (var change = tx.connection().prepareStatement(CHANGE)) {
            change.setString(1, url.orElse(before.url()));
            change.setString(
                    2,
                    String.join(
                            ",",
                            wanted.orElse(before.events()).stream().distinct().toList()));
            change.setString(3, state.label());
            change.setLong(4, id);
            change.executeUpdate();
        }
        changed(tx);
        return Outcome.done(WebhookView.of(byId(tx.connection(), id).orElseThrow()));
    }

    private static final String RESUME = """
            UPDATE webhook
               SET state = 'active', failures = 0, failing_since = NULL, next_try_at = NULL, last_event = ?
             WHERE id = ?
            """;

    /// Lets a dead or paused endpoint go on, or one that waits try at once.
    ///
    /// @param from the id of the event after which to go on; empty for where it stopped
    public Outcome<WebhookView> resume(Tx tx, Account actor, long id, Optional<Long> from) throws SQLException {
        var found = lock(tx, actor, id);
        if (found.isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        if (from.isPresent() && (from.get() < 0 || from.get() > events.latest())) {
            return Outcome.refused(
                    Problem.invalid("from", "bad-cursor", "from is the id of an event, 0 to " + events.latest() + "."));
        }
        try (var resume = tx.connection().prepareStatement(RESUME)) {
            resume.setLong(1, from.orElse(found.get().lastEvent()));
            resume.setLong(2, id);
            resume.executeUpdate();
        }
        changed(tx);
        return Outcome.done(WebhookView.of(byId(tx.connection(), id).orElseThrow()));
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
        return store.transaction(tx -> {
            if (lock(tx, actor, id).isEmpty()) {
                return false;
            }
            try (var delete = tx.connection().prepareStatement(DELETE)) {
                delete.setObject(1, Times.bind(clock.instant()));
                delete.setLong(2, id);
                delete.executeUpdate();
            }
            changed(tx);
            return true;
        });
    }

    private void changed(Tx tx) {
        tx.afterCommit(() -> listeners.forEach(Runnable::run));
    }

    // ---- for who posts ----

    private static final String ACTIVE =
            "SELECT " + COLUMNS + " FROM webhook WHERE webhook.deleted_at IS NULL AND webhook.state = 'active'";

    List<Webhook> active() {
        return store.read(connection -> {
            try (var query = connection.prepareStatement(ACTIVE)) {
                return readAll(query);
            }
        });
    }

    /// As it is now, if it is still to be posted to.
    Optional<Webhook> current(long id) {
        return store.read(connection -> byId(connection, id)).filter(each -> each.state() == WebhookState.ACTIVE);
    }

    private static final String ADVANCE = """
            UPDATE webhook
               SET last_event = ?, failures = 0, failing_since = NULL, next_try_at = NULL, last_status = ?,
                   last_error = NULL, delivered_at = COALESCE(?, delivered_at)
             WHERE id = ? AND last_event = ? AND state = 'active'
            """;

    /// Moves the cursor, unless somebody moved it meanwhile.
    ///
    /// @param status of the delivery; empty where events were only passed over
    boolean advanced(Webhook webhook, long lastEvent, Optional<Integer> status) {
        return store.transaction(tx -> {
            try (var advance = tx.connection().prepareStatement(ADVANCE)) {
                advance.setLong(1, lastEvent);
                setStatus(advance, 2, status.or(webhook::lastStatus));
                advance.setObject(3, Times.bind(status.map(_ -> clock.instant())));
                advance.setLong(4, webhook.id());
                advance.setLong(5, webhook.lastEvent());
                boolean moved = advance.executeUpdate() == 1;
                if (status.isPresent()) {
                    WebhookDeliveries.note(tx, webhook, lastEvent, clock.instant(), status, Optional.empty());
                }
                return moved;
            }
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
            try (var failed = tx.connection().prepareStatement(FAILED)) {
                failed.setObject(1, Times.bind(clock.instant()));
                failed.setObject(2, Times.bind(nextTryAt));
                setStatus(failed, 3, status);
                failed.setString(4, cut);
                failed.setString(5, (nextTryAt.isPresent() ? WebhookState.ACTIVE : WebhookState.DEAD).label());
                failed.setLong(6, webhook.id());
                failed.setLong(7, webhook.lastEvent());
                return failed.executeUpdate();
            }
        });
    }

    private static void setStatus(PreparedStatement statement, int index, Optional<Integer> status)
            throws SQLException {
        if (status.isPresent()) {
            statement.setInt(index, status.get());
        } else {
            statement.setNull(index, Types.INTEGER);
        }
    }
}
