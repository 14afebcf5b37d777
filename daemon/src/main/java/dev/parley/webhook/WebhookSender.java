package dev.parley.webhook;

import dev.parley.account.Access;
import dev.parley.account.Accounts;
import dev.parley.event.Event;
import dev.parley.event.EventLog;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;

/// Posts events to the endpoints: one virtual thread each, so that a slow one delays nothing but itself.
public final class WebhookSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

    /// Events read at once.
    private static final int BATCH = 100;

    /// How long a reader waits for news before it looks at its endpoint again.
    private static final Duration LOOK = Duration.ofSeconds(30);

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
    private final HttpClient http;
    private final Counter delivered;
    private final Counter failed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Thread> readers = new HashMap<>(); // under lock
    private boolean closed; // under lock
    private int changes; // under lock
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
        this.http = HttpClient.newBuilder()
                .connectTimeout(settings.answer())
                .followRedirects(HttpClient.Redirect.NEVER) // a redirect could lead where no endpoint may be
                .build();
        this.delivered = Counter.builder("parley.webhook.posts")
                .tag("outcome", "delivered")
                .description("Tries to post an event to an endpoint")
                .register(metrics);
        this.failed = Counter.builder("parley.webhook.posts")
                .tag("outcome", "failed")
                .description("Tries to post an event to an endpoint")
                .register(metrics);
        webhooks.listen(this::noteChange);
    }

    public void start() {
        supervisor = Thread.ofVirtual().name("webhooks").start(this::supervise);
    }

    private void noteChange() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Sees to it that each active endpoint has its reader.
    private void supervise() {
        while (true) {
            int seen;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                seen = changes;
            } finally {
                lock.unlock();
            }
            boolean looked = startReaders();
            lock.lock();
            try {
                if (!closed && changes == seen) {
                    var _ = changed.await((looked ? LOOK : AWAY).toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean startReaders() {
        List<Webhook> active;
        try {
            active = webhooks.active();
        } catch (StoreUnavailable e) {
            return false;
        }
        lock.lock();
        try {
            readers.values().removeIf(thread -> !thread.isAlive());
            for (var webhook : active) {
                if (!closed && !readers.containsKey(webhook.id())) {
                    readers.put(
                            webhook.id(),
                            Thread.ofVirtual().name("webhook-" + webhook.id()).start(() -> post(webhook.id())));
                }
            }
        } finally {
            lock.unlock();
        }
        return true;
    }

    /// The life of one endpoint's reader, until the endpoint is active no more.
    private void post(long id) {
        try {
            while (true) {
                try {
                    var webhook = webhooks.current(id);
                    if (webhook.isEmpty()) {
                        return;
                    }
                    step(webhook.get());
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
    private void step(Webhook webhook) throws InterruptedException {
        var wait = webhook.nextTryAt()
                .map(at -> Duration.between(clock.instant(), at))
                .orElse(Duration.ZERO);
        if (wait.isPositive()) {
            awaitChange(wait.compareTo(LOOK) < 0 ? wait : LOOK);
            return;
        }
        if (!events.await(webhook.lastEvent(), LOOK)) {
            return;
        }
        var batch = events.after(webhook.lastEvent(), BATCH);
        if (batch.isEmpty()) {
            return;
        }
        var wanted = batch.stream()
                .filter(event -> webhook.wants(event.type().label()))
                .toList();
        var owner = accounts.byId(webhook.accountId());
        var readable = owner.isEmpty()
                ? List.<Event>of()
                : store.read(connection -> Access.of(owner.get()).readable(connection, wanted));
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

    /// Waits for the endpoint's next try, or until somebody changes an endpoint.
    private void awaitChange(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            int seen = changes;
            while (changes == seen && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// @return the endpoint with its cursor behind `event`; empty if it has to be read anew
    private Optional<Webhook> deliver(Webhook webhook, Event event) throws InterruptedException {
        Optional<Integer> status = Optional.empty();
        Duration retryAfter = Duration.ZERO;
        String error;
        try {
            var uri = Targets.parsed(webhook.url()).orElseThrow(() -> new IOException("not a URL any more"));
            var refusal = webhooks.targets().refusal(uri);
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
            var response = http.send(request(webhook, event, uri), BodyHandlers.discarding());
            status = Optional.of(response.statusCode());
            if (response.statusCode() / 100 == 2) {
                delivered.increment();
                return webhooks.advanced(webhook, event.id(), status)
                        ? Optional.of(webhook.delivered(event.id(), response.statusCode()))
                        : Optional.empty();
            }
            retryAfter = response.headers()
                    .firstValue("Retry-After")
                    .filter(value -> value.matches("[0-9]{1,5}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                    .orElse(Duration.ZERO);
            error = "HTTP status " + response.statusCode();
        } catch (UnknownHostException e) {
            error = "unknown host " + e.getMessage();
        } catch (IOException e) {
            error = String.valueOf(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
        failed.increment();
        boolean gone = status.filter(code -> code == GONE).isPresent();
        var next = gone || webhook.failures() >= settings.waits().size()
                ? Optional.<Instant>empty()
                : Optional.of(clock.instant().plus(longer(settings.waits().get(webhook.failures()), retryAfter)));
        webhooks.failed(webhook, next, status, error);
        if (next.isEmpty()) {
            LOG.warn("webhook={} is dead after {} failures: {}", webhook.id(), webhook.failures() + 1, error);
        }
        return Optional.empty();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private HttpRequest request(Webhook webhook, Event event, java.net.URI uri) {
        var body = "{\"type\":" + json.writeValueAsString(event.type().label()) + ",\"timestamp\":"
                + json.writeValueAsString(event.at().toString()) + ",\"data\":" + event.json() + "}";
        var id = "evt_" + event.id();
        long timestamp = clock.instant().getEpochSecond();
        return HttpRequest.newBuilder(uri)
                .timeout(settings.answer())
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "Parley")
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(timestamp))
                .header("webhook-signature", Signature.of(webhook.secret(), id, timestamp, body))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    /// Ends the readers. What was being posted is posted again after the next start.
    @Override
    public void close() {
        List<Thread> threads;
        lock.lock();
        try {
            closed = true;
            threads = List.copyOf(readers.values());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) {
                thread.join(Duration.ofSeconds(5));
            }
            var supervising = supervisor;
            if (supervising != null) {
                supervising.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
