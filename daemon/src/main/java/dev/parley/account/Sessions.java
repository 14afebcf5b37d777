package dev.parley.account;

import dev.parley.store.Store;
import dev.parley.store.Times;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sessions of browsers: an opaque secret in a cookie, its digest in the database.
public final class Sessions {

    /// A session ends when it was not used for so long.
    static final Duration IDLE_MAX = Duration.ofHours(12);

    /// And at the latest so long after the sign-in.
    static final Duration AGE_MAX = Duration.ofDays(7);

    /// How exactly the last use is known; a session in use costs one write in this time.
    static final Duration USED_AT_STEP = Duration.ofMinutes(1);

    /// Sessions of one user; the oldest ends when there is one more.
    static final int PER_ACCOUNT_MAX = 20;

    /// Expired rows that one call of [#deleteExpired] deletes.
    static final int DELETE_BITE = 1_000;

    private final Store store;
    private final Clock clock;
    private final SecureRandom random;
    private final Remembered<Session> remembered;

    public Sessions(Store store, Accounts accounts, Clock clock, SecureRandom random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.remembered = new Remembered<>(clock);
        accounts.onChange(remembered::forget);
    }

    /// A session just opened.
    ///
    /// @param secret for the cookie
    public record Opened(Session session, String secret) {
        @Override
        public String toString() {
            return "Opened[session=" + session + "]";
        }
    }

    private static final String INSERT = """
            INSERT INTO session (account_id, secret_digest, csrf, created_at, used_at, expires_at, from_address, agent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String DROP_OLDEST = """
            DELETE FROM session
             WHERE account_id = ?
               AND id <= (SELECT id FROM (SELECT id FROM session WHERE account_id = ?
                                           ORDER BY id DESC LIMIT 1 OFFSET ?) AS surplus)
            """;

    /// Where a session was opened.
    ///
    /// @param agent what the browser says of itself, cut to what fits
    public record Origin(InetAddress address, String agent) {
        static final int AGENT_CHARACTERS_MAX = 200;

        public Origin {
            if (agent.length() > AGENT_CHARACTERS_MAX) {
                agent = agent.substring(0, AGENT_CHARACTERS_MAX);
            }
        }
    }

    Opened open(Account account, Origin origin) {
        var now = clock.instant();
        var secret = Secret.random(random);
        var csrf = Secret.random(random);
        var expiresAt = now.plus(IDLE_MAX);
        return store.transaction(tx -> {
            tx.afterCommit(remembered::forget); // the oldest may have ended
            try (var insert = tx.connection().prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS);
                    var drop = tx.connection().prepareStatement(DROP_OLDEST)) {
                insert.setLong(1, account.id());
                insert.setBytes(2, Secret.digest(secret));
                insert.setString(3, csrf);
                insert.setObject(4, Times.bind(now));
                insert.setObject(5, Times.bind(now));
                insert.setObject(6, Times.bind(expiresAt));
                insert.setString(7, origin.address().getHostAddress());
                insert.setString(8, origin.agent());
                insert.executeUpdate();
                long id;
                try (var keys = insert.getGeneratedKeys()) {
                    keys.next();
                    id = keys.getLong(1);
                }
                drop.setLong(1, account.id());
                drop.setLong(2, account.id());
                drop.setInt(3, PER_ACCOUNT_MAX);
                drop.executeUpdate();
                return new Opened(new Session(id, account, csrf, expiresAt), secret);
            }
        });
    }

    private static final String AUTHENTICATE = "SELECT " + Accounts.columns() + """
                   , session.id AS session_id, session.csrf, session.created_at AS opened_at, session.used_at, session.expires_at
              FROM session
              JOIN account ON account.id = session.account_id AND account.deleted_at IS NULL
             WHERE session.secret_digest = ? AND session.expires_at > ?
            """;

    /// The session with this secret, if it may be used now. Its use moves its end. A sign-out counts at
    /// once on this node, and within [Remembered#TRUST] on another.
    public Optional<Session> authenticate(String secret) {
        var digest = Secret.digest(secret);
        return remembered
                .get(digest, () -> lookUp(digest))
                .filter(session -> session.expiresAt().isAfter(clock.instant()));
    }

    /// The same without using it: its end stays where it is.
    public Optional<Session> find(String secret) {
        var digest = Secret.digest(secret);
        return store.read(
                connection -> find(connection, digest, clock.instant()).map(Found::session));
    }

    private Optional<Session> lookUp(byte[] digest) {
        var now = clock.instant();
        return store.read(connection -> {
            var found = find(connection, digest, now);
            if (found.isEmpty() || found.get().usedAt().isAfter(now.minus(USED_AT_STEP))) {
                return found.map(Found::session);
            }
            var session = found.get().session();
            var last = found.get().openedAt().plus(AGE_MAX);
            var idle = now.plus(IDLE_MAX);
            var expiresAt = idle.isBefore(last) ? idle : last;
            noteUse(connection, found.get().id(), now, expiresAt);
            return Optional.of(new Session(session.id(), session.account(), session.csrf(), expiresAt));
        });
    }

    private record Found(long id, Session session, Instant openedAt, Instant usedAt) {}

    private static Optional<Found> find(Connection connection, byte[] digest, Instant now) throws SQLException {
        try (var query = connection.prepareStatement(AUTHENTICATE)) {
            query.setBytes(1, digest);
            query.setObject(2, Times.bind(now));
            try (var row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Found(
                                row.getLong("session_id"),
                                new Session(
                                        row.getLong("session_id"),
                                        Accounts.read(row),
                                        row.getString("csrf"),
                                        Times.instant(row, "expires_at")),
                                Times.instant(row, "opened_at"),
                                Times.instant(row, "used_at")))
                        : Optional.empty();
            }
        }
    }

    private static final String USED = """
            UPDATE session SET used_at = ?, expires_at = ? WHERE id = ? AND used_at <= ?
            """;

    private static void noteUse(Connection connection, long id, Instant now, Instant expiresAt) throws SQLException {
        try (var used = connection.prepareStatement(USED)) {
            used.setObject(1, Times.bind(now));
            used.setObject(2, Times.bind(expiresAt));
            used.setLong(3, id);
            used.setObject(4, Times.bind(now.minus(USED_AT_STEP)));
            used.executeUpdate();
        }
    }

    private static final String END = "DELETE FROM session WHERE secret_digest = ?";

    /// Signs out. Ending a session that is not there does nothing.
    public void end(String secret) {
        store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            try (var delete = tx.connection().prepareStatement(END)) {
                delete.setBytes(1, Secret.digest(secret));
                return delete.executeUpdate();
            }
        });
    }

    private static final String END_ALL = "DELETE FROM session WHERE account_id = ? AND id <> ?";

    /// Ends all sessions of a user, at once on this node.
    void endAllOf(long accountId) {
        store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            endAllOf(tx.connection(), accountId);
            return accountId;
        });
    }

    static void endAllOf(Connection tx, long accountId) throws SQLException {
        endOthersOf(tx, accountId, 0);
    }

    /// @param except the id of a session that goes on
    static void endOthersOf(Connection tx, long accountId, long except) throws SQLException {
        try (var delete = tx.prepareStatement(END_ALL)) {
            delete.setLong(1, accountId);
            delete.setLong(2, except);
            delete.executeUpdate();
        }
    }

    /// A session as its owner sees it in a list.
    public record Listed(
            long id,
            long accountId,
            String accountName,
            Instant createdAt,
            Instant usedAt,
            Instant expiresAt,
            String from,
            String agent) {}

    private static final String LIST = """
            SELECT session.id, session.account_id, account.name AS account_name, session.created_at, session.used_at,
                   session.expires_at, session.from_address, session.agent
              FROM session
              JOIN account ON account.id = session.account_id
             WHERE session.expires_at > ? AND session.id < ? AND (? OR session.account_id = ?)
             ORDER BY session.id DESC
             LIMIT ?
            """;

    /// The sessions that `viewer` may see, newest first: an admin all, a member its own.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public List<Listed> list(Account viewer, long before, int limit) {
        return store.read(connection -> {
            try (var query = connection.prepareStatement(LIST)) {
                query.setObject(1, Times.bind(clock.instant()));
                query.setLong(2, before);
                query.setBoolean(3, viewer.isAdmin());
                query.setLong(4, viewer.id());
                query.setInt(5, limit);
                var listed = new ArrayList<Listed>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        listed.add(new Listed(
                                row.getLong("id"),
                                row.getLong("account_id"),
                                row.getString("account_name"),
                                Times.instant(row, "created_at"),
                                Times.instant(row, "used_at"),
                                Times.instant(row, "expires_at"),
                                row.getString("from_address"),
                                row.getString("agent")));
                    }
                }
                return listed;
            }
        });
    }

    private static final String END_ONE = "DELETE FROM session WHERE id = ? AND (? OR account_id = ?)";

    /// Ends a session, at once.
    ///
    /// @return whether there was such a session that `viewer` may see
    public boolean end(Account viewer, long id) {
        return store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            try (var delete = tx.connection().prepareStatement(END_ONE)) {
                delete.setLong(1, id);
                delete.setBoolean(2, viewer.isAdmin());
                delete.setLong(3, viewer.id());
                return delete.executeUpdate() == 1;
            }
        });
    }

    private static final String DELETE_EXPIRED = "DELETE FROM session WHERE expires_at <= ? LIMIT ?";

    /// Deletes rows of sessions that have ended, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteExpired() {
        return store.transaction(tx -> {
            try (var delete = tx.connection().prepareStatement(DELETE_EXPIRED)) {
                delete.setObject(1, Times.bind(clock.instant()));
                delete.setInt(2, DELETE_BITE);
                return delete.executeUpdate();
            }
        });
    }
}
