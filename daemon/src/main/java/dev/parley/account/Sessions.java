package dev.parley.account;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    /// Opens a session for somebody who has proven to be this user.
    public Opened open(Account account, Origin origin) {
        var now = clock.instant();
        var secret = Secret.random(random);
        var csrf = Secret.random(random);
        var expiresAt = now.plus(IDLE_MAX);
        return store.transaction(tx -> {
            tx.afterCommit(remembered::forget); // the oldest may have ended
            long id = tx.insert(
                    INSERT,
                    account.id(),
                    Secret.digest(secret),
                    csrf,
                    now,
                    now,
                    expiresAt,
                    origin.address().getHostAddress(),
                    origin.agent());
            tx.update(DROP_OLDEST, account.id(), account.id(), PER_ACCOUNT_MAX);
            return new Opened(new Session(id, account, csrf, expiresAt), secret);
        });
    }

    private static final String AUTHENTICATE = "SELECT " + Accounts.COLUMNS + """
                   , session.id AS session_id, session.csrf, session.created_at AS opened_at, session.used_at, session.expires_at
              FROM session
              JOIN account ON account.id = session.account_id AND account.deleted_at IS NULL
             WHERE session.secret_digest = ? AND session.expires_at > ?
            """;

    private static final String USED = """
            UPDATE session SET used_at = ?, expires_at = ? WHERE id = ? AND used_at <= ?
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
            Sql.update(connection, USED, now, expiresAt, session.id(), now.minus(USED_AT_STEP));
            return Optional.of(new Session(session.id(), session.account(), session.csrf(), expiresAt));
        });
    }

    private record Found(Session session, Instant openedAt, Instant usedAt) {}

    private static Optional<Found> find(Connection connection, byte[] digest, Instant now) {
        return Sql.first(
                connection,
                AUTHENTICATE,
                row -> new Found(
                        new Session(
                                row.getLong("session_id"),
                                Accounts.read(row),
                                row.getString("csrf"),
                                Times.instant(row, "expires_at")),
                        Times.instant(row, "opened_at"),
                        Times.instant(row, "used_at")),
                digest,
                now);
    }

    private static final String END = "DELETE FROM session WHERE secret_digest = ?";

    /// Signs out. Ending a session that is not there does nothing.
    public void end(String secret) {
        store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            return tx.update(END, Secret.digest(secret));
        });
    }

    private static final String END_ALL = "DELETE FROM session WHERE account_id = ? AND id <> ?";

    /// Ends all sessions of a user, at once on this node.
    void endAllOf(long accountId) {
        store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            endAllOf(tx, accountId, 0);
            return accountId;
        });
    }

    /// @param except the id of a session that goes on; 0 for none
    static void endAllOf(Tx tx, long accountId, long except) {
        tx.update(END_ALL, accountId, except);
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
        return store.read(connection -> Sql.list(
                connection, LIST, Sessions::listed, clock.instant(), before, viewer.isAdmin(), viewer.id(), limit));
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                row.getLong("id"),
                row.getLong("account_id"),
                row.getString("account_name"),
                Times.instant(row, "created_at"),
                Times.instant(row, "used_at"),
                Times.instant(row, "expires_at"),
                row.getString("from_address"),
                row.getString("agent"));
    }

    private static final String END_ONE = "DELETE FROM session WHERE id = ? AND (? OR account_id = ?)";

    /// Ends a session, at once.
    ///
    /// @return whether there was such a session that `viewer` may see
    public boolean end(Account viewer, long id) {
        return store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            return tx.update(END_ONE, id, viewer.isAdmin(), viewer.id()) == 1;
        });
    }

    private static final String DELETE_EXPIRED = "DELETE FROM session WHERE expires_at <= ? LIMIT ?";

    /// Deletes rows of sessions that have ended, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteExpired() {
        return store.transaction(tx -> tx.update(DELETE_EXPIRED, clock.instant(), DELETE_BITE));
    }
}
