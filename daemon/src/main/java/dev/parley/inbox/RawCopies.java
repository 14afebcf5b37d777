package dev.parley.inbox;

import dev.parley.link.Inbound;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The raw copies: what a link got, as it got it, and whether the link has let go of it. They belong to the account of
/// the link: what one session did not acknowledge, another may get.
record RawCopies(InboxSettings settings) {
    private static final int REASON_MAX = 500;

    private String account(Inbound inbound) {
        return settings.account(inbound.link());
    }

    private static String place(Inbound inbound) {
        return inbound.place().orElse("");
    }

    /// A copy that was stored before.
    ///
    /// @param released whether its link has let go of it
    private record Stored(long id, Instant receivedAt, boolean released) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(row.getLong("id"), Times.instant(row, "received_at"), row.getBoolean("released"));
        }
    }

    private static final String STORED = "SELECT id, received_at, unreleased IS NULL AS released FROM inbound ";

    private static final String KNOWN =
            STORED + "WHERE account = ? AND place = ? AND digest = ? AND unreleased = 1 FOR UPDATE";

    /// The copy that this is, if it was stored before and is not surely gone.
    Optional<Long> known(Tx tx, Inbound inbound, CopyKey key) {
        if (key.dated()) {
            return knownAnywhere(tx, inbound, key);
        }
        var stored = tx.first(KNOWN, Stored::read, account(inbound), place(inbound), key.digest());
        if (stored.isPresent() && isAnother(inbound, stored.get())) {
            release(tx, stored.get().id());
            return Optional.empty();
        }
        return stored.map(Stored::id);
    }

    private boolean isAnother(Inbound inbound, Stored stored) {
        var age = Duration.between(stored.receivedAt(), inbound.receivedAt());
        return inbound.notACopyOf().filter(stored.receivedAt()::isBefore).isPresent()
                || (inbound.kind().forgetsCopies() && age.compareTo(settings.redelivery()) > 0);
    }

    private static final String KNOWN_ANYWHERE =
            STORED + "WHERE account = ? AND digest = ? ORDER BY unreleased DESC, id DESC LIMIT 1 FOR UPDATE";

    private static final String THERE_AGAIN = "UPDATE inbound SET place = ?, unreleased = 1 WHERE id = ?";

    /// Wherever it lies. One that its link had let go of and that lies there again was not deleted:
    /// until it is, it is known for ever.
    private Optional<Long> knownAnywhere(Tx tx, Inbound inbound, CopyKey key) {
        var known = tx.first(KNOWN_ANYWHERE, Stored::read, account(inbound), key.digest())
                .filter(stored -> CopyKey.isTheSame(stored.receivedAt(), stored.released(), inbound.receivedAt()))
                .map(Stored::id);
        if (known.isPresent()) {
            tx.update(THERE_AGAIN, place(inbound), known.get());
        }
        return known;
    }

    private static final String OVERWRITTEN = """
            UPDATE inbound SET unreleased = NULL WHERE account = ? AND place = ? AND unreleased = 1
            """;

    private static final String INSERT = """
            INSERT INTO inbound (link, account, kind, place, digest, pdu, received_at, unreleased, what, unread, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
            """;

    /// Stores a copy. Whatever else lay in its place on the modem is gone.
    ///
    /// @param unread whether it is given to nobody
    long store(Tx tx, Inbound inbound, CopyKey key, String what, boolean unread, String reason) {
        if (inbound.place().isPresent()) {
            tx.update(OVERWRITTEN, account(inbound), place(inbound));
        }
        return tx.insert(
                INSERT,
                inbound.link(),
                account(inbound),
                inbound.kind().label(),
                place(inbound),
                key.digest(),
                inbound.pdu(),
                inbound.receivedAt(),
                what,
                unread,
                reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX));
    }

    private static final String RELEASE = "UPDATE inbound SET unreleased = NULL WHERE id = ?";

    static int release(Tx tx, long id) {
        return tx.update(RELEASE, id);
    }

    private static final String UNREAD = """
            SELECT id, link, what, reason, pdu, received_at
              FROM inbound
             WHERE unread = TRUE AND id < ?
             ORDER BY id DESC
             LIMIT ?
            """;

    static List<RawInbound> unread(Connection connection, long before, int limit) {
        return Sql.list(connection, UNREAD, RawCopies::raw, before, limit);
    }

    private static RawInbound raw(ResultSet row) throws SQLException {
        return new RawInbound(
                row.getLong("id"),
                row.getString("link"),
                row.getString("what"),
                row.getString("reason"),
                HexFormat.of().withUpperCase().formatHex(row.getBytes("pdu")),
                Times.instant(row, "received_at"));
    }

    private static final String DELETE = """
            DELETE FROM inbound WHERE received_at < ? AND unreleased IS NULL ORDER BY received_at LIMIT ?
            """;

    static int delete(Tx tx, Instant before, int bite) {
        return tx.update(DELETE, before, bite);
    }
}
