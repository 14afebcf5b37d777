package dev.parley.cli;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.account.Tokens;
import dev.parley.problem.Outcome;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Users and tokens, made in the database itself: that works whether or not the daemon runs, and is how the first admin
/// comes to be.
final class AccountDesk implements AutoCloseable {

    /// No letters or digits that look alike: these are read from a screen.
    private static final String PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    /// 80 bits.
    private static final int PASSWORD_CHARACTERS = 16;

    private final Store store;
    private final SecureRandom random = new SecureRandom();
    private final Accounts accounts;
    private final Tokens tokens;

    private AccountDesk(Store store) {
        this.store = store;
        this.accounts = new Accounts(store, new Passwords(random), Clock.systemUTC());
        this.tokens = new Tokens(store, accounts, Clock.systemUTC(), random);
    }

    /// Starts the embedded server for as long as the desk is open, unless it runs already.
    static AccountDesk open(DatabaseSettings database) {
        try {
            return new AccountDesk(Store.open(database, new SimpleMeterRegistry()));
        } catch (StoreUnavailable e) {
            throw new Failure(e);
        }
    }

    Account addUser(String name, Optional<String> password, Role role, AccessScope scope) {
        return done(accounts.create(new NewAccount(name, password, role, scope, Set.of())));
    }

    /// The new token's secret, which nobody can be told again.
    String addToken(String user, String name, Optional<Instant> expiresAt) {
        var account = accounts.byName(user)
                .orElseThrow(() -> new Failure("there is no user \"" + user + "\"; parley user add makes one"));
        return done(tokens.issue(account, name, expiresAt)).secret();
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
        var password = new StringBuilder(PASSWORD_CHARACTERS);
        for (int i = 0; i < PASSWORD_CHARACTERS; i++) {
            password.append(PASSWORD_ALPHABET.charAt(random.nextInt(PASSWORD_ALPHABET.length())));
        }
        return password.toString();
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new Failure(problem.detail());
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
