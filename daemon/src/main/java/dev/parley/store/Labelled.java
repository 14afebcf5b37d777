package dev.parley.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A constant of an enumeration for which the database and the API have a word: its name, `OPTED_OUT` as `opted-out`.
public interface Labelled {

    /// Made once: what goes through the daemon has several of them.
    Map<Labelled, String> LABELS = new ConcurrentHashMap<>();

    String name();

    default String label() {
        return LABELS.computeIfAbsent(
                this, each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /// The constant with this label, if there is one.
    static <E extends Enum<E> & Labelled> Optional<E> find(Class<E> type, String label) {
        return EnumSet.allOf(type).stream()
                .filter(each -> each.label().equals(label))
                .findFirst();
    }

    /// The constant whose label a row has.
    static <E extends Enum<E> & Labelled> E read(Class<E> type, ResultSet row, String column) throws SQLException {
        var label = row.getString(column);
        return find(type, label).orElseThrow(() -> new IllegalStateException(column + " " + label));
    }
}
