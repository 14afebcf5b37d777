package dev.parley.conversation;

import dev.parley.account.Condition;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import java.time.Instant;
import java.util.Comparator;

/// A place in a list that is in the order of a time, and of ids where that is the same.
///
/// The names of columns are those of the time and of the id.
record Place(Instant at, long id) {

    /// Behind everything.
    static final Place END = new Place(Instant.parse("9999-12-31T00:00:00Z"), Long.MAX_VALUE);

    static final Comparator<Place> ORDER = Comparator.comparing(Place::at).thenComparing(Place::id);

    static Sql.Reader<Place> reader(String at, String id) {
        return row -> new Place(Times.instant(row, at), row.getLong(id));
    }

    /// What comes before it.
    Condition before(String atColumn, String idColumn) {
        return Condition.of("(%1$s <= ? AND (%1$s < ? OR %2$s < ?))".formatted(atColumn, idColumn), at, at, id);
    }

    /// What comes behind it.
    Condition behind(String atColumn, String idColumn) {
        return Condition.of("(%1$s >= ? AND (%1$s > ? OR %2$s > ?))".formatted(atColumn, idColumn), at, at, id);
    }

    /// It, and what comes behind it.
    Condition from(String atColumn, String idColumn) {
        return new Place(at, id - 1).behind(atColumn, idColumn);
    }
}
