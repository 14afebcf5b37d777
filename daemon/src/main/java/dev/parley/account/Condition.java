package dev.parley.account;

import dev.parley.store.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A piece of SQL that stands in a `WHERE`, with the values of its question marks.
///
/// @param sql in parentheses of its own, so that it can stand next to `AND`
public record Condition(String sql, List<Object> parameters) {
    public static final Condition ALWAYS = new Condition("(TRUE)", List.of());

    public Condition {
        parameters = List.copyOf(parameters);
    }

    public static Condition of(String sql, Object... parameters) {
        return new Condition(sql, List.of(parameters));
    }

    /// All of those that there are.
    @SafeVarargs
    public static Condition all(Optional<Condition>... conditions) {
        var all = ALWAYS;
        for (var each : conditions) {
            all = each.map(all::and).orElse(all);
        }
        return all;
    }

    public Condition and(Condition other) {
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
