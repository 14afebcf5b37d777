package dev.parley.queue;

import dev.parley.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// The leases of links: who drives which. Times are by the database's clock, the one that all nodes
/// share.
final class Leases {
    private final String node;
    private final long leaseMicros;

    Leases(String node, Duration leaseTime) {
        this.node = node;
        this.leaseMicros = leaseTime.toNanos() / 1_000;
    }

    private static final String KNOWN =
            "INSERT IGNORE INTO link_lease (link, node, epoch, expires_at) VALUES (?, '', 0, UTC_TIMESTAMP(6))";

    private static final String LOCKED =
            "SELECT node, epoch, expires_at > UTC_TIMESTAMP(6) AS fresh FROM link_lease WHERE link = ? FOR UPDATE";

    /// What the table says of a lease.
    private record Held(String node, long epoch, boolean isFresh) {}

    private static Held held(ResultSet row) throws SQLException {
        return new Held(row.getString("node"), row.getLong("epoch"), row.getBoolean("fresh"));
    }

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
    Optional<Lease> take(Tx tx, String link, boolean alsoOurs) {
        tx.update(KNOWN, link);
        var locked = tx.first(LOCKED, Leases::held, link).orElseThrow();
        boolean ours = locked.node.equals(node);
        if (locked.isFresh && !(ours && alsoOurs)) {
            return Optional.empty();
        }
        var lease = new Lease(link, locked.epoch + 1);
        tx.update(TAKEN, node, lease.epoch(), leaseMicros, link);
        return Optional.of(lease);
    }

    private static final String RENEWED = """
            UPDATE link_lease
               SET expires_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
             WHERE link = ? AND epoch = ?
            """;

    /// Puts off the end of a lease. False if somebody has taken it.
    boolean renew(Tx tx, Lease lease) {
        return tx.update(RENEWED, leaseMicros, lease.link(), lease.epoch()) == 1;
    }

    private static final String RELEASED =
            "UPDATE link_lease SET expires_at = UTC_TIMESTAMP(6) WHERE link = ? AND epoch = ?";

    /// Lets another node take it at once.
    boolean release(Tx tx, Lease lease) {
        return tx.update(RELEASED, lease.link(), lease.epoch()) == 1;
    }

    private static final String FENCE = "SELECT epoch FROM link_lease WHERE link = ? LOCK IN SHARE MODE";

    /// Whether the lease is still ours. It stays so until `tx` ends: who wants to take it waits that
    /// long.
    boolean holds(Tx tx, Lease lease) {
        return tx.first(FENCE, row -> row.getLong("epoch"), lease.link()).orElse(0L) == lease.epoch();
    }
}
