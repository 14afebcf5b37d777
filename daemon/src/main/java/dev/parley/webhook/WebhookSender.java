package dev.parley.webhook;

import dev.parley.account.Access;
import dev.parley.account.Accounts;
import dev.parley.event.Event;
import dev.parley.event.EventLog;
import dev.parley.lock.Held;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;

/// Posts events to the endpoints: one virtual thread each, so that a slow one delays nothing but itself.
public final class WebhookSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final WebhookNews NEWS = new WebhookNews(LOG);

    /// Events read at once.
    private static final int BATCH = 100;

    /// How long a reader waits for news before it looks at its endpoint again.
    private static final Duration LOOK = Duration.ofSeconds(30);

    /// How soon it notices that its endpoint was changed while nothing happens.
    private static final Duration CHANGE = Duration.ofMillis(500);

    /// How long to wait while the database is away.
    private static final Duration AWAY = Duration.ofSeconds(2);

    private static final int GONE = 410;

    private final Webhooks webhooks;
    private final Accounts accounts;
    private final EventLog events;
    private final Store store;
    private final Clock clock;
    private final WebhookSettings settings;
    private final ObjectMapper json;
    private final Poster poster = new Poster();
    private final Counter delivered;
    private final Counter failed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Thread> readers = new HashMap<>(); // under the lock
    private volatile boolean closed;
    private volatile int changes;
    private @Nullable Thread supervisor;

    public WebhookSender(
            Webhooks webhooks,
            Accounts accounts,
            EventLog events,
            Store store,
            Clock clock,
            WebhookSettings settings,
            ObjectMapper json,
            MeterRegistry metrics) {
        this.webhooks = webhooks;
        this.accounts = accounts;
        this.events = events;
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.json = json;
        this.delivered = posts(metrics, "delivered");
        this.failed = posts(metrics, "failed");
        webhooks.listen(this::noteChange);
    }

    private static Counter posts(MeterRegistry metrics, String outcome) {
        return Counter.builder("parley.webhook.posts")
                .tag("outcome", outcome)
                .description("Tries to post an event to an endpoint")
                .register(metrics);
    }

    public void start() {
        supervisor = Thread.ofVirtual().name("webhooks").start(this::supervise);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void noteChange() {
        try (var _ = Held.lock(lock)) {
            changes++;
            changed.signalAll();
        }
    }

    /// Sees to it that each active endpoint has its reader.
    private void supervise() {
        try {
            while (!closed) {
                int seen = changes;
                awaitChange(seen, startReaders() ? LOOK : AWAY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean startReaders() {
        List<Webhook> active;
        try {
            active = webhooks.active();
        } catch (StoreUnavailable e) {
            return false;
        }
        try (var _ = Held.lock(lock)) {
            readers.values().removeIf(thread -> !thread.isAlive());
            if (!closed) {
                active.forEach(webhook -> readers.computeIfAbsent(
                        webhook.id(),
                        id -> Thread.ofVirtual().name("webhook-" + id).start(() -> post(id))));
            }
        }
        return true;
    }

    /// The life of one endpoint's reader, until the endpoint is active no more.
    private void post(long id) {
        try {
            while (!closed) {
                try {
                    int seen = changes; // before it is read, so that no change is slept through
                    var webhook = webhooks.current(id);
                    if (webhook.isEmpty()) {
                        return;
                    }
                    step(webhook.get(), seen);
                } catch (StoreUnavailable e) {
                    Thread.sleep(AWAY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("webhook={} its reader ended and is started again soon", id, e);
        }
    }

    /// Waits for what is next, and posts it.
    private void step(Webhook webhook, int seen) throws InterruptedException {
        var wait = webhook.view()
                .nextTryAt()
                .map(at -> Duration.between(clock.instant(), at))
                .orElse(Duration.ZERO);
        if (wait.isPositive()) {
            awaitChange(seen, wait.compareTo(LOOK) < 0 ? wait : LOOK);
            return;
        }
        var batch = awaitEvent(webhook, seen) ? events.after(webhook.lastEvent(), BATCH) : List.<Event>of();
        if (batch.isEmpty()) {
            return;
        }
        var wanted = batch.stream()
                .filter(event -> webhook.wants(event.type().label()))
                .toList();
        var readable = accounts.byId(webhook.accountId())
                .map(owner -> Access.of(owner).readable(store, wanted))
                .orElse(List.of());
        var current = webhook;
        for (var event : readable) {
            var next = deliver(current, event);
            if (next.isEmpty()) {
                return;
            }
            current = next.get();
        }
        if (current.lastEvent() < batch.getLast().id()) {
            webhooks.advanced(current, batch.getLast().id(), Optional.empty());
        }
    }

    /// Waits for an event for the endpoint, or until somebody changes an endpoint: one that is replayed has events
    /// to post though nothing happens.
    ///
    /// @return whether there is an event
    private boolean awaitEvent(Webhook webhook, int seen) throws InterruptedException {
        long deadline = System.nanoTime() + LOOK.toNanos();
        while (changes == seen && System.nanoTime() < deadline) {
            if (events.await(webhook.lastEvent(), CHANGE)) {
                return true;
            }
        }
        return false;
    }

    /// Waits for the endpoint's next try, or until somebody changes an endpoint.
    private void awaitChange(int seen, Duration atMost) throws InterruptedException {
        try (var _ = Held.lock(lock)) {
            long until = System.nanoTime() + atMost.toNanos();
            for (long left = atMost.toNanos(); changes == seen && left > 0; left = until - System.nanoTime()) {
                var _ = changed.awaitNanos(left);
            }
        }
    }

    /// @return the endpoint with its cursor behind `event`; empty if it has to be read anew
    private Optional<Webhook> deliver(Webhook webhook, Event event) throws InterruptedException {
        Optional<Integer> status = Optional.empty();
        Duration retryAfter = Duration.ZERO;
        String error;
        try {
            var response = posted(webhook, event);
            status = Optional.of(response.status());
            retryAfter = response.retryAfter()
                    .filter(value -> value.matches("[0-9]{1,5}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                    .orElse(Duration.ZERO);
            error = "HTTP status " + response.status();
        } catch (UnknownHostException e) {
            error = "unknown host " + e.getMessage();
        } catch (IOException | RuntimeException e) {
            // Whatever it is, it is this endpoint's: it counts, and nothing else stops for it.
            error = Poster.said(e);
        }
        if (status.filter(code -> code / 100 == 2).isPresent()) {
            delivered.increment();
            NEWS.delivered(webhook.id(), webhook.failures());
            return webhooks.advanced(webhook, event.id(), status)
                    ? Optional.of(webhook.delivered(event.id()))
                    : Optional.empty();
        }
        failed.increment();
        boolean gone = status.filter(code -> code == GONE).isPresent();
        var next = gone || webhook.failures() >= settings.waits().size()
                ? Optional.<Instant>empty()
                : Optional.of(clock.instant().plus(longer(settings.waits().get(webhook.failures()), retryAfter)));
        webhooks.failed(webhook, event.id(), next, status, error);
        if (next.isEmpty()) {
            NEWS.givenUp(webhook.id(), webhook.failures() + 1, error);
        } else {
            NEWS.failed(webhook.id(), webhook.failures() + 1, error);
        }
        return Optional.empty();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Poster.Answer posted(Webhook webhook, Event event) throws IOException, InterruptedException {
        var uri = Targets.parsed(webhook.view().url()).orElseThrow(() -> new IOException("not a URL any more"));
        return switch (webhooks.targets().located(uri)) {
            case Targets.Located.Forbidden(var why) -> throw new IOException(why);
            case Targets.Located.At(var addresses) -> {
                var body = "{\"type\":" + json.writeValueAsString(event.type().label()) + ",\"timestamp\":"
                        + json.writeValueAsString(event.at().toString()) + ",\"data\":" + event.json() + "}";
                yield poster.post(uri, addresses, headers(webhook, event, body), body, settings.answer());
            }
        };
    }

    private Map<String, String> headers(Webhook webhook, Event event, String body) {
        var id = "evt_" + event.id();
        long timestamp = clock.instant().getEpochSecond();
        return Map.of(
                "Content-Type",
                "application/json; charset=utf-8",
                "User-Agent",
                "Parley",
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(timestamp),
                "webhook-signature",
                Signature.of(webhook.secret(), id, timestamp, body));
    }

    /// Ends the readers. What was being posted is posted again after the next start.
    @Override
    public void close() {
        var threads = new ArrayList<Thread>();
        try (var _ = Held.lock(lock)) {
            closed = true;
            noteChange();
            threads.addAll(readers.values());
        }
        threads.forEach(Thread::interrupt);
        if (supervisor != null) {
            threads.add(supervisor);
        }
        try {
            for (var thread : threads) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        poster.close();
    }
}
