package dev.parley.sim.smpp;

import dev.parley.sim.network.Parcel;
import dev.parley.sim.network.ShortMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// What the SMPP systems have submitted: for `query_sm` and `cancel_sm`, and so that a receipt
/// knows what its message's response called it, and whether that has gone out.
final class Register {

    /// The oldest are forgotten.
    private static final int MESSAGES_MAX = 200_000;

    /// A message of a system.
    static final class Entry {
        final String systemId;
        final ShortMessage message;

        /// The number under which response and receipt know it: the first one's of a
        /// `submit_multi`.
        final long shownId;

        private volatile int status = Parcel.Report.STILL_TRYING;
        private volatile @Nullable Instant endedAt;

        private Entry(String systemId, ShortMessage message, long shownId) {
            this.systemId = systemId;
            this.message = message;
            this.shownId = shownId;
        }

        int status() {
            return status;
        }

        Optional<Instant> endedAt() {
            return Optional.ofNullable(endedAt);
        }
    }

    /// Response and receipt of a message, whose order is a matter of taste.
    static final class Order {
        final CompletableFuture<@Nullable Void> responded = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> reported = new CompletableFuture<>();
    }

    private final ConcurrentMap<Long, Order> orders = new ConcurrentHashMap<>();
    private final Map<Long, Integer> outcomes = bounded();
    private final Map<Long, Entry> entries = bounded();
    private final Map<String, Entry> byResponse = bounded();

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MESSAGES_MAX;
            }
        };
    }

    /// Whoever comes first, the submitter or the report, makes it.
    Order order(long id) {
        return orders.computeIfAbsent(id, _ -> new Order());
    }

    /// Nobody will ask for the order any more.
    void forgetOrder(ShortMessage message) {
        orders.remove(message.id());
    }

    synchronized void submitted(String systemId, ShortMessage message, long shownId, String response) {
        var entry = new Entry(systemId, message, shownId);
        var outcome = outcomes.remove(message.id());
        if (outcome != null) {
            ended(entry, outcome);
        }
        entries.put(message.id(), entry);
        byResponse.put(response, entry);
    }

    /// What the SMSC tells of every message, perhaps before its submitter has come around to
    /// [#submitted].
    synchronized void outcome(ShortMessage message, int status) {
        var entry = entries.get(message.id());
        if (entry == null) {
            if (message.wish().any()) {
                outcomes.put(message.id(), status);
            }
        } else {
            ended(entry, status);
        }
    }

    private static void ended(Entry entry, int status) {
        entry.status = status;
        if (new Parcel.Report(entry.message, status, Instant.now()).isFinal()) {
            entry.endedAt = Instant.now();
        }
    }

    synchronized Optional<Entry> entry(long id) {
        return Optional.ofNullable(entries.get(id));
    }

    synchronized Optional<Entry> ofResponse(String systemId, String messageId) {
        return Optional.ofNullable(byResponse.get(messageId)).filter(entry -> entry.systemId.equals(systemId));
    }

    /// What a system has submitted from one number to another.
    synchronized List<Entry> between(String systemId, String from, String to) {
        return all().stream()
                .filter(entry -> entry.systemId.equals(systemId)
                        && entry.message.from().number().equals(from)
                        && entry.message.to().number().equals(to))
                .toList();
    }

    private Collection<Entry> all() {
        return entries.values();
    }
}
