package dev.parley.queue;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How long the oldest text of each line has waited to be handed over, which is what an operator
/// wants to be woken for whatever the reason is, and which links have used up their limits. Asked
/// of the database now and then, and never by whoever reads the metric.
public final class QueueAges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueAges.class);

    private static final Duration EVERY = Duration.ofSeconds(5);

    /// The first of the line in the order of the index: however many wait, few rows are read.
    private static final String OLDEST = """
            SELECT TIMESTAMPDIFF(MICROSECOND, due_at, UTC_TIMESTAMP(6)) / 1e6
              FROM part
             WHERE work = 1 AND line_id = ? AND state = 'queued' AND held = FALSE
             ORDER BY place
             LIMIT 1
            """;

    private final Store store;
    private final Map<Long, Double> ages = new ConcurrentHashMap<>();
    private final Map<String, LinkTerms> terms;
    private final Map<String, Boolean> limited = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /// @param lines their numbers by the line's id
    /// @param terms by the link's name
    public QueueAges(Store store, Map<Long, String> lines, Map<String, LinkTerms> terms, MeterRegistry registry) {
        this.store = store;
        this.terms = Map.copyOf(terms);
        terms.forEach((link, its) -> {
            if (its.limits().any()) {
                limited.put(link, false);
                Gauge.builder("parley.link.limited", limited, all -> all.getOrDefault(link, false) ? 1 : 0)
                        .description("1 while the link has used up its limits")
                        .tag("link", link)
                        .register(registry);
            }
        });
        lines.forEach((id, number) -> {
            ages.put(id, 0.0);
            Gauge.builder("parley.queue.oldest.age", ages, all -> all.getOrDefault(id, 0.0))
                    .description("How long the oldest text that is due waits to be handed over")
                    .baseUnit("seconds")
                    .tag("line", number)
                    .register(registry);
        });
        this.thread = Thread.ofVirtual().name("queue-ages").unstarted(this::measure);
    }

    public void start() {
        thread.start();
    }

    private void measure() {
        do {
            try {
                ages.replaceAll((line, _) -> store.read(connection -> Sql.first(
                                connection, OLDEST, row -> Math.max(0, row.getDouble(1)), line)
                        .orElse(0.0)));
                limited.replaceAll((link, _) -> isUsedUp(link));
            } catch (StoreUnavailable e) {
                LOG.debug("ages are old while the database is away: {}", e.getMessage());
            }
        } while (!isClosed());
    }

    private boolean isUsedUp(String link) {
        var limits = terms.getOrDefault(link, LinkTerms.NONE).limits();
        return isTaken(link, limits.perMinute(), Allowance.MINUTE) || isTaken(link, limits.perDay(), Allowance.DAY);
    }

    private static final String TAKEN =
            "SELECT COUNT(*) >= ? FROM link_use WHERE link = ? AND taken_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND";

    private boolean isTaken(String link, OptionalInt limit, Duration within) {
        return limit.isPresent()
                && store.read(connection -> Sql.first(
                                connection, TAKEN, row -> row.getBoolean(1), limit.getAsInt(), link, within.toSeconds())
                        .orElseThrow());
    }

    /// Waits for the next time to look.
    private boolean isClosed() {
        try {
            return closed.await(EVERY.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Lets a query end: to interrupt one would break its connection, and be told of as a lost database.
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(EVERY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
