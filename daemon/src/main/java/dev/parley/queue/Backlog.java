package dev.parley.queue;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// What waits to be sent, for who looks at a line.
public final class Backlog {

    /// Parts are counted up to this.
    public static final int MAX = 1_000;

    private static final String ONE = "SELECT ? AS line_id, COUNT(*) AS waiting FROM (SELECT 1 FROM part"
            + " WHERE work = 1 AND line_id = ? LIMIT " + MAX + ") AS some";

    private final Store store;

    public Backlog(Store store) {
        this.store = store;
    }

    /// Parts of each line that are not with its SMSC yet, up to [#MAX].
    public Map<Long, Integer> of(Collection<Long> lines) {
        if (lines.isEmpty()) {
            return Map.of();
        }
        var values = lines.stream().flatMap(line -> Stream.of(line, line)).toList();
        return store.read(connection -> {
            var waiting = new HashMap<Long, Integer>();
            Sql.list(
                    connection,
                    String.join(" UNION ALL ", Collections.nCopies(lines.size(), ONE)),
                    row -> waiting.put(row.getLong("line_id"), row.getInt("waiting")),
                    values);
            return waiting;
        });
    }
}
