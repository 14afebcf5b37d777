package dev.parley.person;

import dev.parley.store.Tx;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/// What one feature keeps about people.
public interface Holding {

    /// A kind of thing that is kept.
    ///
    /// @param name as the export calls it
    record Section(String name, Pages pages) {}

    /// Reads a section a page at a time, so that none need fit into memory.
    @FunctionalInterface
    interface Pages {

        /// @param after the place that the page before ended at; 0 for the first
        Page after(Connection connection, String number, long after);
    }

    /// @param end where the next page begins; empty for the last
    record Page(List<Map<String, Object>> items, OptionalLong end) {

        /// The only page.
        public static Page all(List<Map<String, Object>> items) {
            return new Page(items, OptionalLong.empty());
        }

        /// One of several, of at most [#PAGE] items, which have an `id` each.
        public static Page of(List<Map<String, Object>> items) {
            return new Page(
                    items,
                    items.size() < PAGE
                            ? OptionalLong.empty()
                            : OptionalLong.of(
                                    Long.parseLong((String) items.getLast().get("id"))));
        }
    }

    /// An item as the export writes it, in this order.
    static Map<String, Object> item(Object... namesAndValues) {
        var item = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            item.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return item;
    }

    /// Items of a page.
    int PAGE = 500;

    /// What this feature has about a number.
    List<Section> sections();

    /// Closes the doors, in the one transaction that all features begin in: afterwards this one writes nothing new
    /// about the number. Memory has been forgotten before.
    ///
    /// @return the subject, with what is known of it here
    default Subject begin(Tx tx, Subject subject) {
        return subject;
    }

    /// Goes through rows a bite at a time, in the order of a key that they have.
    ///
    /// @param first before every key
    /// @param next reads the rows behind a key; none at the end
    /// @param erase does with them what is to be done
    /// @return whether `erase` said of each bite that all of it is gone
    static <T, K> boolean inBites(K first, Function<K, List<T>> next, Function<T, K> key, Predicate<List<T>> erase) {
        boolean all = true;
        for (var bite = next.apply(first); !bite.isEmpty(); bite = next.apply(key.apply(bite.getLast()))) {
            all &= erase.test(bite);
        }
        return all;
    }

    /// Erases what there is, in transactions of its own, each a small one. May run again, from the beginning.
    ///
    /// @return whether all of it is gone; false while something is at a link at this moment
    boolean erase(Subject subject);
}
