package dev.parley.account;

import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Bearer tokens for programs.
public final class Tokens {

    /// What every secret begins with, so that people and secret scanners know one when they see it.
    public static final String PREFIX = "parley_";

    static final int NAME_CHARACTERS_MAX = 100;

    /// Live tokens of one user: more are a program that forgets them.
    static final int PER_ACCOUNT_MAX = 100;

    /// How exactly the last use is known; a token in use costs one write in this time.
    static final Duration USED_AT_STEP = Duration.ofMinutes(1);

    private final Store store;
    private final Clock clock;
    private final SecureRandom random;
    private final Remembered<Known> remembered;

    public Tokens(Store store, Accounts accounts, Clock clock, SecureRandom random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.remembered = new Remembered<>(clock);
        accounts.onChange(remembered::forget);
    }

    /// A token just issued.
    ///
    /// @param secret shown this once and never again
    public record Issued(Token token, String secret) {
        @Override
        public String toString() {
            return "Issued[token=" + token + "]";
        }
    }

    private static final String LIVE = "SELECT COUNT(*) FROM token WHERE account_id = ? AND revoked_at IS NULL";

    private static final String INSERT = """
            INSERT INTO token (account_id, name, secret_digest, created_at, expires_at, issued_by) VALUES (?, ?, ?, ?, ?, ?)
            """;

    /// Issues a token for this user.
    ///
    /// @param name what the user will know it by
    /// @param expiresAt empty for a token that lives until it is revoked
    public Outcome<Issued> issue(Account account, String name, Optional<Instant> expiresAt) {
        return issue(account, name, expiresAt, Optional.empty());
    }

    /// Issues a token that another one asks for. It may do what that one may, for as long and no longer: it ends with
    /// it at the latest, and is revoked with it. So who found a token gets nothing that is left when it is gone.
    ///
    /// @param with the secret of the token that asks
    public Outcome<Issued> issueWith(Account account, String name, Optional<Instant> expiresAt, String with) {
        var maker = lookUp(Secret.digest(with));
        var end = maker.flatMap(Known::expiresAt);
        if (end.isPresent()
                && expiresAt.filter(each -> !each.isAfter(end.get())).isEmpty()) {
            return Outcome.refused(Problem.invalid(
                    "expiresAt",
                    "outlives-its-maker",
                    "A token that is made with another one ends with it at the latest: give expiresAt, at most "
                            + end.get() + "."));
        }
        return issue(account, name, expiresAt, maker.map(Known::tokenId));
    }

    private Outcome<Issued> issue(Account account, String name, Optional<Instant> expiresAt, Optional<Long> issuedBy) {
        var now = clock.instant();
        int characters = name.codePointCount(0, name.length());
        if (name.isBlank() || characters > NAME_CHARACTERS_MAX) {
            return Outcome.refused(Problem.invalid(
                    "name", "bad-name", "A token's name has 1 to " + NAME_CHARACTERS_MAX + " characters."));
        }
        if (expiresAt.isPresent() && !expiresAt.get().isAfter(now)) {
            return Outcome.refused(Problem.invalid(
                    "expiresAt", "in-the-past", "expiresAt must lie in the future; it is now " + now + "."));
        }
        var secret = PREFIX + Secret.random(random);
        return store.transaction(tx -> {
            int live = tx.first(LIVE, row -> row.getInt(1), account.id()).orElseThrow();
            if (live >= PER_ACCOUNT_MAX) {
                return Outcome.refused(Problem.conflict(
                        "too-many-tokens",
                        "This user has " + PER_ACCOUNT_MAX + " tokens, the most there may be. Revoke some first."));
            }
            long id = tx.insert(INSERT, account.id(), name, Secret.digest(secret), now, expiresAt, issuedBy);
            return Outcome.done(new Issued(
                    new Token(id, account.id(), account.name(), name, now, expiresAt, Optional.empty()), secret));
        });
    }

    private static final String AUTHENTICATE = "SELECT " + Accounts.COLUMNS + """
                   , token.id AS token_id, token.expires_at, token.used_at
              FROM token
              JOIN account ON account.id = token.account_id AND account.deleted_at IS NULL
             WHERE token.secret_digest = ? AND token.revoked_at IS NULL
            """;

    private static final String USED = """
            UPDATE token SET used_at = ? WHERE id = ? AND (used_at IS NULL OR used_at <= ?)
            """;

    /// A token that is not revoked, and its user.
    private record Known(Account account, long tokenId, Optional<Instant> expiresAt, Optional<Instant> usedAt) {
        static Known read(ResultSet row) throws SQLException {
            return new Known(
                    Accounts.read(row),
                    row.getLong("token_id"),
                    Times.maybe(row, "expires_at"),
                    Times.maybe(row, "used_at"));
        }

        boolean lives(Instant now) {
            return expiresAt.filter(end -> !end.isAfter(now)).isEmpty();
        }

        boolean usedAfter(Instant time) {
            return usedAt.filter(used -> used.isAfter(time)).isPresent();
        }
    }

    /// The user whose token this is, if it is one that may be used now. A revocation counts at once on this node, and
    /// within [Remembered#TRUST] on another.
    public Optional<Account> authenticate(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        var digest = Secret.digest(secret);
        return remembered
                .get(digest, () -> lookUp(digest))
                .filter(known -> known.lives(clock.instant()))
                .map(Known::account);
    }

    private Optional<Known> lookUp(byte[] digest) {
        var now = clock.instant();
        return store.readUnsettled(connection -> {
            var known = Sql.first(connection, AUTHENTICATE, Known::read, digest);
            var before = now.minus(USED_AT_STEP);
            if (known.isPresent() && known.get().lives(now) && !known.get().usedAfter(before)) {
                Sql.update(connection, USED, now, known.get().tokenId, before);
            }
            return known;
        });
    }

    private static final String LIST = """
            SELECT token.id, token.account_id, account.name AS account_name, token.name, token.created_at,
                   token.expires_at, token.used_at
              FROM token
              JOIN account ON account.id = token.account_id
             WHERE token.revoked_at IS NULL AND token.id < ? AND (? OR token.account_id = ?)
             ORDER BY token.id DESC
             LIMIT ?
            """;

    /// The tokens that `viewer` may see, newest first: an admin all, a member its own.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public List<Token> list(Account viewer, long before, int limit) {
        return store.read(
                connection -> Sql.list(connection, LIST, Tokens::read, before, viewer.isAdmin(), viewer.id(), limit));
    }

    private static Token read(ResultSet row) throws SQLException {
        return new Token(
                row.getLong("id"),
                row.getLong("account_id"),
                row.getString("account_name"),
                row.getString("name"),
                Times.instant(row, "created_at"),
                Times.maybe(row, "expires_at"),
                Times.maybe(row, "used_at"));
    }

    private static final String REVOKE = """
            UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL AND (? OR account_id = ?)
            """;

    private static final String REVOKE_MADE = """
            UPDATE token SET revoked_at = ? WHERE revoked_at IS NULL AND id IN (
                WITH RECURSIVE made (id) AS (
                    SELECT id FROM token WHERE issued_by = ?
                    UNION
                    SELECT token.id FROM token JOIN made ON token.issued_by = made.id)
                SELECT id FROM made)
            """;

    /// Revokes a token, at once, and those that were made with it.
    ///
    /// @return whether there was such a token that `viewer` may see
    public boolean revoke(Account viewer, long id) {
        return store.transaction(tx -> {
            tx.afterCommit(remembered::forget);
            var now = clock.instant();
            boolean was = tx.update(REVOKE, now, id, viewer.isAdmin(), viewer.id()) == 1;
            if (was) {
                tx.update(REVOKE_MADE, now, id);
            }
            return was;
        });
    }

    private static final String REVOKE_ALL =
            "UPDATE token SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL";

    static void revokeAllOf(Tx tx, long accountId, Instant now) {
        tx.update(REVOKE_ALL, now, accountId);
    }
}
