package dev.parley.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What secrets proved lately, so that a request in a busy hour costs the database nothing.
///
/// What this node changes is forgotten at once. What another node or a command changes is seen when an entry is
/// [#TRUST] old and is looked up again.
final class Remembered<V> {

    /// How old an answer of the database may be: the longest that a revocation made elsewhere takes.
    static final Duration TRUST = Duration.ofSeconds(1);

    /// Secrets remembered at most; beyond, all are forgotten and those in use are looked up again.
    static final int SECRETS_MAX = 10_000;

    private record Entry<V>(V value, Instant lookedUpAt) {
        boolean isFresh(Instant now) {
            return !now.isBefore(lookedUpAt) && now.isBefore(lookedUpAt.plus(TRUST));
        }
    }

    private final Clock clock;

    private final ConcurrentHashMap<String, Entry<V>> entries = new ConcurrentHashMap<>();

    /// Raised by each [#forget], so that an answer read before a change is not remembered after it.
    private final AtomicLong changes = new AtomicLong();

    Remembered(Clock clock) {
        this.clock = clock;
    }

    /// What `secret` proves, by memory or else by `lookup`. That it proves nothing is not remembered: what is guessed
    /// must not push out what is used.
    Optional<V> get(byte[] digest, Supplier<Optional<V>> lookup) {
        var name = HexFormat.of().formatHex(digest);
        var known = entries.get(name);
        if (known != null && known.isFresh(clock.instant())) {
            return Optional.of(known.value);
        }
        long before = changes.get();
        var now = clock.instant();
        var found = lookup.get();
        if (found.isEmpty()) {
            entries.remove(name);
            return found;
        }
        if (entries.size() >= SECRETS_MAX) {
            entries.clear();
        }
        entries.put(name, new Entry<>(found.get(), now));
        if (changes.get() != before) {
            entries.remove(name);
        }
        return found;
    }

    /// To be called when what any secret proves may have changed, once that is committed.
    void forget() {
        changes.incrementAndGet();
        entries.clear();
    }
}
