package dev.parley.account;

import dev.parley.store.Sql;
import java.util.ArrayList;
import java.util.List;

/// A piece of SQL that stands in a `WHERE`, with the values of its question marks.
///
/// @param sql in parentheses of its own, so that it can stand next to `AND`
public record Condition(String sql, List<Object> parameters) {
    static final Condition ALWAYS = new Condition("(TRUE)", List.of());

    public Condition {
        parameters = List.copyOf(parameters);
    }

    Condition and(Condition other) {
        if (equals(ALWAYS)) {
            return other;
        }
        if (other.equals(ALWAYS)) {
            return this;
        }
        var all = new ArrayList<>(parameters);
        all.addAll(other.parameters);
        return new Condition("(" + sql + " AND " + other.sql + ")", all);
    }

    /// `column IN (…)`; never true for no values.
    public static Condition in(String column, List<Long> values) {
        return values.isEmpty()
                ? new Condition("(FALSE)", List.of())
                : new Condition("(" + column + " IN (" + Sql.marks(values.size()) + "))", List.copyOf(values));
    }
}
