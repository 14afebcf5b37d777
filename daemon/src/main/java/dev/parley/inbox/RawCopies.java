package dev.parley.inbox;

import dev.parley.link.Inbound;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The raw copies: what a link got, as it got it, and whether the link has let go of it.
final class RawCopies {
    private static final int REASON_MAX = 500;

    private RawCopies() {}

    private static String place(Inbound inbound) {
        return inbound.place().orElse("");
    }

    private static final String KNOWN = """
            SELECT id, received_at
              FROM inbound
             WHERE account = ? AND place = ? AND digest = ? AND unreleased = 1
               FOR UPDATE
            """;

    /// The copy that this is, if it was stored before and is not surely gone.
    ///
    /// @param account of the link: what one session did not acknowledge, another may get
    /// @param redelivery after this long equal octets over SMPP, which hold no time of their own, are
    /// another text
    static Optional<Long> known(Tx tx, String account, Inbound inbound, CopyKey key, Duration redelivery)
            throws SQLException {
        if (key.dated()) {
            return knownAnywhere(tx, account, inbound, key);
        }
        try (var query = tx.connection().prepareStatement(KNOWN)) {
            query.setString(1, account);
            query.setString(2, place(inbound));
            query.setBytes(3, key.digest());
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long id = row.getLong("id");
                var storedAt = Times.instant(row, "received_at");
                boolean isAnother =
                        inbound.notACopyOf().filter(storedAt::isBefore).isPresent();
                var age = Duration.between(storedAt, inbound.receivedAt());
                if (isAnother || (inbound.kind().forgetsCopies() && age.compareTo(redelivery) > 0)) {
                    release(tx, id);
                    return Optional.empty();
                }
                return Optional.of(id);
            }
        }
    }

    private static final String KNOWN_ANYWHERE = """
            SELECT id, received_at, unreleased IS NULL AS released
              FROM inbound
             WHERE account = ? AND digest = ?
             ORDER BY unreleased DESC, id DESC
             LIMIT 1
               FOR UPDATE
            """;

    private static final String THERE_AGAIN = "UPDATE inbound SET place = ?, unreleased = 1 WHERE id = ?";

    /// Wherever it lies. One that its link had let go of and that lies there again was not deleted:
    /// until it is, it is known for ever.
    private static Optional<Long> knownAnywhere(Tx tx, String account, Inbound inbound, CopyKey key)
            throws SQLException {
        try (var query = tx.connection().prepareStatement(KNOWN_ANYWHERE)) {
            query.setString(1, account);
            query.setBytes(2, key.digest());
            try (var row = query.executeQuery()) {
                if (!row.next()
                        || !CopyKey.isTheSame(
                                Times.instant(row, "received_at"), row.getBoolean("released"), inbound.receivedAt())) {
                    return Optional.empty();
                }
                long id = row.getLong("id");
                try (var again = tx.connection().prepareStatement(THERE_AGAIN)) {
                    again.setString(1, place(inbound));
                    again.setLong(2, id);
                    again.executeUpdate();
                }
                return Optional.of(id);
            }
        }
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
    static long store(Tx tx, String account, Inbound inbound, CopyKey key, String what, boolean unread, String reason)
            throws SQLException {
        if (inbound.place().isPresent()) {
            try (var overwritten = tx.connection().prepareStatement(OVERWRITTEN)) {
                overwritten.setString(1, account);
                overwritten.setString(2, place(inbound));
                overwritten.executeUpdate();
            }
        }
        try (var insert = tx.connection().prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, inbound.link());
            insert.setString(2, account);
            insert.setString(3, inbound.kind().label());
            insert.setString(4, place(inbound));
            insert.setBytes(5, key.digest());
            insert.setBytes(6, inbound.pdu());
            insert.setObject(7, Times.bind(inbound.receivedAt()));
            insert.setString(8, what);
            insert.setBoolean(9, unread);
            insert.setString(10, reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX));
            insert.executeUpdate();
            try (var keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static final String RELEASE = "UPDATE inbound SET unreleased = NULL WHERE id = ?";

    static int release(Tx tx, long id) throws SQLException {
        try (var release = tx.connection().prepareStatement(RELEASE)) {
            release.setLong(1, id);
            return release.executeUpdate();
        }
    }

    private static final String UNREAD = """
            SELECT id, link, what, reason, pdu, received_at
              FROM inbound
             WHERE unread = TRUE AND id < ?
             ORDER BY id DESC
             LIMIT ?
            """;

    static List<RawInbound> unread(Connection connection, long before, int limit) throws SQLException {
        try (var query = connection.prepareStatement(UNREAD)) {
            query.setLong(1, before);
            query.setInt(2, limit);
            var unread = new ArrayList<RawInbound>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    unread.add(new RawInbound(
                            row.getLong("id"),
                            row.getString("link"),
                            row.getString("what"),
                            row.getString("reason"),
                            HexFormat.of().withUpperCase().formatHex(row.getBytes("pdu")),
                            Times.instant(row, "received_at")));
                }
            }
            return unread;
        }
    }

    private static final String DELETE = """
            DELETE FROM inbound WHERE received_at < ? AND unreleased IS NULL ORDER BY received_at LIMIT ?
            """;

    static int delete(Tx tx, Instant before, int bite) throws SQLException {
        try (var delete = tx.connection().prepareStatement(DELETE)) {
            delete.setObject(1, Times.bind(before));
            delete.setInt(2, bite);
            return delete.executeUpdate();
        }
    }
}
