package dev.parley.account;

import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions of users whom an identity provider vouches for. The first sign-in makes the user; each one gives it the
/// role
/// that its groups stand for then.
///
/// A user that was here before is nobody's to take over: a name that the provider says is what somebody typed there.
public final class Vouching {
    private static final Logger LOG = LoggerFactory.getLogger(Vouching.class);

    private final Store store;
    private final Accounts accounts;
    private final Sessions sessions;

    public Vouching(Store store, Accounts accounts, Sessions sessions) {
        this.store = store;
        this.accounts = accounts;
        this.sessions = sessions;
    }

    private static final String FIND = """
            SELECT account_oidc.account_id
              FROM account_oidc
              JOIN account ON account.id = account_oidc.account_id AND account.deleted_at IS NULL
             WHERE issuer = ? AND subject = ?
            """;

    private static final String LINK = """
            INSERT INTO account_oidc (issuer, subject, account_id) VALUES (?, ?, ?)
            ON DUPLICATE KEY UPDATE account_id = VALUE(account_id)
            """;

    /// Opens a session.
    ///
    /// @param origin where the request came from
    /// @return refused with `name-taken` where another user has the name
    public Outcome<Sessions.Opened> signIn(Identity identity, Sessions.Origin origin) {
        var account = store.transaction(tx -> {
            var known = tx.first(FIND, row -> row.getLong("account_id"), identity.issuer(), identity.subject());
            return known.isPresent() ? as(known.get(), identity) : create(identity);
        });
        return account.map(user -> sessions.open(user, origin));
    }

    private Outcome<Account> create(Identity identity) {
        if (accounts.byName(identity.name()).isPresent()) {
            return Outcome.refused(Problem.conflict(
                    "name-taken",
                    "There is a user named " + identity.name() + " already who signs in otherwise. Ask an admin to"
                            + " rename that one."));
        }
        var wanted =
                new NewAccount(identity.name(), Optional.empty(), identity.role(), identity.scope(), identity.lines());
        return accounts.creating(wanted).get().map(user -> {
            store.transaction(tx -> tx.update(LINK, identity.issuer(), identity.subject(), user.id()));
            LOG.info("user={} was made for who signed in by an identity provider", user.id());
            return user;
        });
    }

    private Outcome<Account> as(long id, Identity identity) {
        var user = accounts.byId(id).orElseThrow();
        if (user.role() == identity.role()
                && user.scope() == identity.scope()
                && user.lines().equals(identity.lines())) {
            return Outcome.done(user);
        }
        var change = new AccountChange(
                Optional.empty(),
                Optional.empty(),
                Optional.of(identity.role()),
                Optional.of(identity.scope()),
                Optional.of(identity.lines()));
        var changed = accounts.changing(id, change, 0).get();
        if (changed instanceof Outcome.Refused<Account>(var problem)
                && problem.code().equals("last-admin")) {
            LOG.warn("user={} stays an admin, though its groups say otherwise: there is no other", id);
            return Outcome.done(user);
        }
        return changed;
    }

    /// Whom the provider gives no access any more loses its sessions.
    public void refused(String issuer, String subject) {
        store.read(connection -> Sql.first(connection, FIND, row -> row.getLong("account_id"), issuer, subject))
                .ifPresent(sessions::endAllOf);
    }
}
