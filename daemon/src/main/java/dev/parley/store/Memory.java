package dev.parley.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// What the writer knows of rows without asking for them. It holds at most so many entries; the one that was not used
/// for longest goes first, and is loaded again when it is asked for.
///
/// For the writer's thread alone. It changes together with the transaction: whoever changes a row that an entry was
/// made of says so by [#put] or [#forget] in the same work, and when that comes to nothing, all is forgotten.
///
/// @param <V> immutable
public final class Memory<K, V> {

    /// Reads what is not in memory.
    @FunctionalInterface
    public interface Loader<K, V> {

        /// Asks no other memory: what is missing may be read apart from `tx`'s own connection, while the transaction
        /// before it is being committed.
        ///
        /// @param keys one or more
        /// @return a value for each key; a key without one is not remembered
        Map<K, V> load(Tx tx, List<K> keys);
    }

    private final LinkedHashMap<K, V> entries;
    private final Loader<K, V> loader;

    /// @param entriesMax how many are remembered
    public Memory(Store store, int entriesMax, Loader<K, V> loader) {
        this.loader = loader;
        entries = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > entriesMax;
            }
        };
        store.onUnknown(entries::clear);
    }

    /// The values of `keys` that have one; what is not in memory is loaded, all at once, and together with what other
    /// works of the transaction need.
    public Map<K, V> get(Tx tx, Collection<K> keys) {
        var found = new HashMap<K, V>();
        var missing = new ArrayList<K>();
        for (var key : new LinkedHashSet<>(keys)) {
            var known = entries.get(key);
            if (known != null) {
                found.put(key, known);
            } else {
                missing.add(key);
            }
        }
        if (!missing.isEmpty()) {
            tx.waitsFor(this, missing);
            var loaded = tx.load(this, loader, missing);
            entries.putAll(loaded);
            found.putAll(loaded);
        }
        return found;
    }

    /// Loads what works were found to need. What is there already stays as it is.
    void load(Tx tx, Collection<?> keys) {
        @SuppressWarnings("unchecked") // what get() has asked for
        var missing = ((Collection<K>) keys)
                .stream().filter(key -> !entries.containsKey(key)).toList();
        if (!missing.isEmpty()) {
            entries.putAll(tx.load(this, loader, missing));
        }
    }

    /// The row behind `key` was written by `tx`, and is `value` now.
    public void put(Tx tx, K key, V value) {
        forget(tx, key);
        entries.put(key, value);
    }

    /// The row behind `key` is being changed by `tx`.
    public void forget(Tx tx, K key) {
        tx.changes(this, key);
        tx.onRollback(entries::clear);
        entries.remove(key);
    }
}
