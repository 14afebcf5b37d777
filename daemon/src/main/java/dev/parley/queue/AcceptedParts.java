package dev.parley.queue;

import dev.parley.store.Tx;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Accepted parts whose reports are awaited, by link and reference: the latest, as the table answers
/// for all. Changed by works alone; what comes to nothing is forgotten.
final class AcceptedParts {

    /// Parts remembered: a receipt comes within seconds, or hours later.
    static final int REMEMBERED_MAX = 50_000;

    private record Key(String link, String reference) {}

    private final Map<Key, Candidate> parts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Candidate> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /// References that several unsettled parts have: the table tells them apart.
    private final Set<Key> several = new HashSet<>();

    Optional<Candidate> find(String link, String reference) {
        return Optional.ofNullable(parts.get(new Key(link, reference)));
    }

    void put(Tx tx, Candidate part) {
        var key = new Key(part.link(), part.reference().orElseThrow());
        tx.onRollback(this::clear);
        if (several.contains(key) || parts.putIfAbsent(key, part) != null) {
            parts.remove(key);
            if (several.size() < REMEMBERED_MAX) {
                several.add(key);
            }
        }
    }

    void remove(Tx tx, String link, String reference) {
        tx.onRollback(this::clear);
        parts.remove(new Key(link, reference));
    }

    void clear() {
        parts.clear();
        several.clear();
    }
}
