package dev.parley.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What transactions have set that is in the journal, and not in the tables yet. A row that several of them have made
/// and changed is here once, as the last has left it, and is written once.
///
/// For one thread at a time.
final class Unwritten {

    /// A row of a table: one to be made, or what is to be changed of one that is there.
    private static final class Image {
        private final Rows kind;
        private final List<String> columns;

        /// Columns that were set and are not of the kind's own, or, where nothing is made, all but the key.
        private final ArrayList<String> more = new ArrayList<>();

        private @Nullable Object[] values;

        Image(Rows kind, List<String> columns, @Nullable Object[] values) {
            this.kind = kind;
            this.columns = columns;
            this.values = values;
        }

        void set(String column, @Nullable Object value) {
            int place = columns.indexOf(column);
            if (place < 0) {
                int after = more.indexOf(column);
                place = columns.size() + (after < 0 ? more.size() : after);
                if (after < 0) {
                    more.add(column);
                    values = Arrays.copyOf(values, place + 1);
                }
            }
            values[place] = value;
        }
    }

    /// What has the same statement.
    private record Shape(Rows kind, List<String> more) {}

    private final List<Image> images = new ArrayList<>();
    private final Map<String, Map<Object, Image>> byKey = new HashMap<>();
    private final List<Long> ids = new ArrayList<>();
    private final Map<Memory<?, ?>, Set<Object>> changed = new HashMap<>();
    private long octets;

    /// Takes in a transaction, which is later than all those before. Its rows are this one's from then on.
    void add(Journal.Entry entry, Tx tx) {
        ids.add(entry.id());
        octets += entry.octets();
        entry.rows()
                .forEach((kind, rows) ->
                        rows.forEach(row -> add(kind, kind.target().orElseThrow(), row)));
        tx.changed()
                .forEach((memory, keys) ->
                        changed.computeIfAbsent(memory, _ -> new HashSet<>()).addAll(keys));
    }

    private void add(Rows kind, Rows.Target target, @Nullable Object[] row) {
        var key = Objects.requireNonNull(row[0], () -> "a row of " + target.table() + " without a key");
        var rows = byKey.computeIfAbsent(target.table(), _ -> new HashMap<>());
        if (target.isNew()) {
            var made = new Image(kind, target.columns(), row);
            images.add(made);
            rows.put(key, made);
            return;
        }
        var image = rows.computeIfAbsent(key, _ -> {
            var change = new Image(kind, List.of(target.key()), new @Nullable Object[] {key});
            images.add(change);
            return change;
        });
        target.constants().forEach((column, value) -> image.set(column, value.orElse(null)));
        for (int i = 0; i < target.columns().size(); i++) {
            image.set(target.columns().get(i), row[i + 1]);
        }
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    /// Rows of the journal.
    List<Long> ids() {
        return Collections.unmodifiableList(ids);
    }

    /// Rows of tables.
    int size() {
        return images.size();
    }

    /// What the journal holds of it.
    long octets() {
        return octets;
    }

    /// Whether a row behind one of these keys is not as the tables have it.
    boolean hasChanged(Memory<?, ?> memory, Collection<?> keys) {
        return !Collections.disjoint(changed.getOrDefault(memory, Set.of()), keys);
    }

    /// All of it by statements.
    ///
    /// @param known kinds that were made before, which grows
    SortedMap<Rows, List<@Nullable Object[]>> rows(Map<Object, Rows> known) {
        var shapes = new LinkedHashMap<Shape, List<@Nullable Object[]>>();
        for (var image : images) {
            shapes.computeIfAbsent(new Shape(image.kind, image.more), _ -> new ArrayList<>())
                    .add(image.values);
        }
        var rows = new TreeMap<Rows, List<@Nullable Object[]>>();
        shapes.forEach((shape, of) -> rows.computeIfAbsent(
                        known.computeIfAbsent(name(shape), _ -> kind(shape)), _ -> new ArrayList<>())
                .addAll(of));
        return rows;
    }

    /// Changes of a table's rows that set the same columns are one kind, whichever they began as.
    private static Object name(Shape shape) {
        var target = shape.kind.target().orElseThrow();
        return target.isNew() ? shape : List.of(target.table(), List.copyOf(shape.more));
    }

    private static Rows kind(Shape shape) {
        var target = shape.kind.target().orElseThrow();
        if (!target.isNew()) {
            return shape.kind.with(shape.more);
        }
        if (shape.more.isEmpty()) {
            return shape.kind;
        }
        return shape.kind.with(
                Stream.concat(target.columns().stream(), shape.more.stream()).toList());
    }
}
