package dev.parley.queue;

import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;

/// The leases of links: who drives which. Times are by the database's clock, the one that all nodes
/// share.
final class Leases {
    /// What the writer takes for a conflict, after which a transaction runs again.
    static final int CONFLICT = 1213;

    private final String node;
    private final Duration leaseTime;

    Leases(String node, Duration leaseTime) {
        this.node = node;
        this.leaseTime = leaseTime;
    }

    private static final String KNOWN = """
            INSERT IGNORE INTO link_lease (link, node, epoch, expires_at) VALUES (?, '', 0, UTC_TIMESTAMP(6))
            """;

    private static final String LOCKED = """
            SELECT node, epoch, expires_at > UTC_TIMESTAMP(6) AS fresh FROM link_lease WHERE link = ? FOR UPDATE
            """;

    private static final String TAKEN = """
            UPDATE link_lease
               SET node = ?, epoch = ?, expires_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
             WHERE link = ?
            """;

    /// Takes the lease of a link whose lease is stale.
    ///
    /// @param alsoOurs whether a fresh one under our own name is taken too: at the start, when it
    /// belongs to the process before this one
    /// @return empty while another node holds it
    Optional<Lease> take(Tx tx, String link, boolean alsoOurs) throws SQLException {
        try (var known = tx.connection().prepareStatement(KNOWN);
                var locked = tx.connection().prepareStatement(LOCKED);
                var taken = tx.connection().prepareStatement(TAKEN)) {
            known.setString(1, link);
            known.executeUpdate();
            locked.setString(1, link);
            long epoch;
            try (var row = locked.executeQuery()) {
                row.next();
                boolean ours = row.getString("node").equals(node);
                if (row.getBoolean("fresh") && !(ours && alsoOurs)) {
                    return Optional.empty();
                }
                epoch = row.getLong("epoch") + 1;
            }
            taken.setString(1, node);
            taken.setLong(2, epoch);
            taken.setLong(3, leaseTime.toNanos() / 1_000);
            taken.setString(4, link);
            taken.executeUpdate();
            return Optional.of(new Lease(link, epoch));
        }
    }

    private static final String RENEWED = """
            UPDATE link_lease
               SET expires_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
             WHERE link = ? AND epoch = ?
            """;

    /// Puts off the end of a lease. False if somebody has taken it.
    boolean renew(Tx tx, Lease lease) throws SQLException {
        try (var renewed = tx.connection().prepareStatement(RENEWED)) {
            renewed.setLong(1, leaseTime.toNanos() / 1_000);
            renewed.setString(2, lease.link());
            renewed.setLong(3, lease.epoch());
            return renewed.executeUpdate() == 1;
        }
    }

    private static final String RELEASED = """
            UPDATE link_lease SET expires_at = UTC_TIMESTAMP(6) WHERE link = ? AND epoch = ?
            """;

    /// Lets another node take it at once.
    boolean release(Tx tx, Lease lease) throws SQLException {
        try (var released = tx.connection().prepareStatement(RELEASED)) {
            released.setString(1, lease.link());
            released.setLong(2, lease.epoch());
            return released.executeUpdate() == 1;
        }
    }

    private static final String FENCE = "SELECT epoch FROM link_lease WHERE link = ? LOCK IN SHARE MODE";

    /// Whether the lease is still ours. It stays so until `tx` ends: who wants to take it waits that
    /// long.
    boolean holds(Tx tx, Lease lease) throws SQLException {
        var looked = tx.kept(this, HashMap<String, Long>::new); // one look for all writes of a group commit
        var epoch = looked.get(lease.link());
        if (epoch == null) {
            epoch = tx.first(FENCE, row -> row.getLong("epoch"), lease.link()).orElse(0L);
            looked.put(lease.link(), epoch);
        }
        return epoch == lease.epoch();
    }
}
