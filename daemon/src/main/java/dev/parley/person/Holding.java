package dev.parley.person;

import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

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
        Page after(Connection connection, String number, long after) throws SQLException;
    }

    /// @param end where the next page begins; empty for the last
    record Page(List<Map<String, Object>> items, OptionalLong end) {

        /// The only page.
        public static Page all(List<Map<String, Object>> items) {
            return new Page(items, OptionalLong.empty());
        }

        /// One of several, known by the ids of its items.
        ///
        /// @param limit how many were asked for
        /// @param lastId of the last item
        public static Page upTo(List<Map<String, Object>> items, int limit, long lastId) {
            return new Page(items, items.size() < limit ? OptionalLong.empty() : OptionalLong.of(lastId));
        }
    }

    /// Items of a page.
    int PAGE = 500;

    /// What this feature has about a number.
    List<Section> sections();

    /// Closes the doors, in the one transaction that all features begin in: afterwards this one writes nothing new
    /// about the number. Memory has been forgotten before.
    ///
    /// @return the subject, with what is known of it here
    default Subject begin(Tx tx, Subject subject) throws SQLException {
        return subject;
    }

    /// Erases what there is, in transactions of its own, each a small one. May run again, from the beginning.
    ///
    /// @return whether all of it is gone; false while something is at a link at this moment
    boolean erase(Subject subject);
}
