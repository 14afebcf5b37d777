package dev.parley.cli;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.AccountChange;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.account.Token;
import dev.parley.account.Tokens;
import dev.parley.audit.AuditLog;
import dev.parley.audit.AuditNote;
import dev.parley.audit.AuditOutcome;
import dev.parley.contact.Contacts;
import dev.parley.event.EventLog;
import dev.parley.http.Json;
import dev.parley.problem.Outcome;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Users and tokens, made in the database itself: that works whether or not the daemon runs, and is how
/// the first admin comes to be.
final class AccountDesk implements AutoCloseable {

    /// No letters or digits that look alike: these are read from a screen.
    private static final String PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    /// More than any installation has.
    private static final int MOST = 10_000;

    /// 80 bits.
    private static final int PASSWORD_CHARACTERS = 16;

    private final Store store;
    private final SecureRandom random = new SecureRandom();
    private final AuditLog audit;
    private final Accounts accounts;
    private final Tokens tokens;

    private AccountDesk(Store store) {
        this.store = store;
        this.audit = new AuditLog(store, Clock.systemUTC());
        this.accounts = new Accounts(store, new Passwords(random), Clock.systemUTC());
        this.tokens = new Tokens(store, accounts, Clock.systemUTC(), random);
    }

    /// Starts the embedded server for as long as the desk is open, unless it runs already.
    static AccountDesk open(DatabaseSettings database) {
        return new AccountDesk(Store.beside(database, new SimpleMeterRegistry()));
    }

    Account addUser(String name, Optional<String> password, Role role, AccessScope scope) {
        var creating = accounts.creating(new NewAccount(name, password, role, scope, Set.of()));
        return noted("user add", name, creating);
    }

    /// The new token's secret, which nobody can be told again.
    String addToken(String user, String name, Optional<Instant> expiresAt) {
        var account = accounts.byName(user)
                .orElseThrow(() -> new Failure("there is no user \"" + user + "\"; parley user add makes one"));
        return noted("token add", user, () -> tokens.issue(account, name, expiresAt))
                .secret();
    }

    /// Newest last, as they were made.
    List<Account> users() {
        return accounts.list(Long.MAX_VALUE, MOST).reversed();
    }

    void setPassword(String user, String password) {
        var changing = accounts.changing(
                named(user).id(),
                new AccountChange(
                        Optional.empty(), Optional.of(password), Optional.empty(), Optional.empty(), Optional.empty()),
                0);
        var _ = noted("user password", user, changing);
    }

    void removeUser(String user) {
        // Listens, so that contacts that were assigned to the user are nobody's afterwards.
        var _ = new Contacts(
                store, new EventLog(store, Clock.systemUTC(), Json.mapper()), accounts, Clock.systemUTC(), "US");
        long id = named(user).id();
        var _ = noted("user remove", user, () -> accounts.delete(id));
    }

    private Account named(String user) {
        return accounts.byName(user).orElseThrow(() -> new Failure("there is no user \"" + user + "\""));
    }

    List<Token> tokens() {
        return tokens.list(everybody(), Long.MAX_VALUE, MOST).reversed();
    }

    boolean revokeToken(long id) {
        return store.transaction(tx -> {
            boolean revoked = tokens.revoke(everybody(), id);
            if (revoked) {
                audit.append(tx, note("token revoke", Long.toString(id)));
            }
            return revoked;
        });
    }

    /// Who may read the configuration may see every token: what an admin sees.
    private static Account everybody() {
        return new Account(0, "command line", Role.ADMIN, AccessScope.ALL, Set.of(), Instant.EPOCH);
    }

    /// The demo's admin and its member of scope `assigned`, made anew or, where they are there already, with another
    /// token.
    DemoWorld.Access demoAccess() {
        var password = password();
        var memberPassword = password();
        if (accounts.byName("admin").isEmpty()) {
            addUser("admin", Optional.of(password), Role.ADMIN, AccessScope.ALL);
        }
        if (accounts.byName("member").isEmpty()) {
            addUser("member", Optional.of(memberPassword), Role.MEMBER, AccessScope.ASSIGNED);
        }
        return new DemoWorld.Access(
                addToken("admin", "demo", Optional.empty()),
                addToken("member", "demo", Optional.empty()),
                "admin",
                password,
                "member",
                memberPassword,
                false);
    }

    private String password() {
        return random.ints(PASSWORD_CHARACTERS, 0, PASSWORD_ALPHABET.length())
                .mapToObj(at -> PASSWORD_ALPHABET.substring(at, at + 1))
                .collect(Collectors.joining());
    }

    /// Does something, together with the entry that tells of it.
    private <T> T noted(String command, String target, Supplier<Outcome<T>> work) {
        var outcome = store.transaction(tx -> {
            var came = work.get();
            if (came instanceof Outcome.Done) {
                audit.append(tx, note(command, target));
            }
            return came;
        });
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new Failure(problem.detail());
        };
    }

    /// Who may write to the database from this machine needs no name here; what was done does.
    private static AuditNote note(String command, String target) {
        return new AuditNote(
                Optional.empty(),
                System.getProperty("user.name", ""),
                "command:" + command,
                target,
                AuditOutcome.DONE,
                "command line",
                "{}");
    }

    @Override
    public void close() {
        store.close();
    }
}
