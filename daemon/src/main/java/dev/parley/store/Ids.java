package dev.parley.store;

import java.sql.SQLException;

/// Ids of one kind of row, made in the process and so known before anything is written. A node takes
/// them from the database in blocks of [#BLOCK], each in a statement of its own; what is left of a
/// block at an end is lost. They grow, on one node in the order of the calls. Safe for threads.
public final class Ids {

    /// Rows between two statements for ids.
    static final int BLOCK = 10_000;

    private static final String KNOWN = "INSERT IGNORE INTO id_block (name, next) VALUES (?, 1)";

    private static final String TAKEN = "UPDATE id_block SET next = LAST_INSERT_ID(next) + ? WHERE name = ?";

    private static final String BEGIN = "SELECT LAST_INSERT_ID()";

    private final Store store;
    private final String name;
    private long next;
    private long end;

    Ids(Store store, String name) {
        this.store = store;
        this.name = name;
    }

    /// @throws StoreUnavailable when a new block is needed and the database is away
    public synchronized long next() {
        if (next == end) {
            next = store.apart(connection -> {
                if (Sql.update(connection, TAKEN, BLOCK, name) == 0) {
                    Sql.update(connection, KNOWN, name);
                    Sql.update(connection, TAKEN, BLOCK, name);
                }
                return Sql.first(connection, BEGIN, row -> row.getLong(1))
                        .orElseThrow(() -> new SQLException("no id of " + name));
            });
            end = next + BLOCK;
        }
        return next++;
    }
}
