package dev.parley.account;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;

/// Proves by a password who somebody is, and lets nobody guess fast.
public final class SignIn {
    private static final Duration WHEN_BUSY = Duration.ofSeconds(5);

    private final Accounts accounts;
    private final Passwords passwords;
    private final Clock clock;
    private final SignInLimits limits = new SignInLimits();

    public SignIn(Accounts accounts, Passwords passwords, Clock clock) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.clock = clock;
    }

    /// How a proof ended.
    public sealed interface Proof {
        record Right(Account account) implements Proof {}

        /// No such user, or not its password: which of the two is told to nobody, not even by the time
        /// it takes.
        record Wrong() implements Proof {}

        /// Too many tries, or too many at once.
        record ComeBack(Duration after) implements Proof {}
    }

    /// Checks the password of who signs in, or is signed in already, or sent a token. It is guessed no faster in one
    /// way than in another: all use up the same allowance.
    ///
    /// @param from the address that the request came from
    public Proof prove(String name, String password, InetAddress from) {
        if (name.length() > 2 * Accounts.NAME_CHARACTERS_MAX) {
            return new Proof.Wrong();
        }
        var handle = Accounts.handle(name);
        var wait = limits.take(handle, from, clock.instant());
        if (wait.isPresent()) {
            return new Proof.ComeBack(wait.get());
        }
        var credentials = accounts.credentials(name);
        var hash = credentials.flatMap(Accounts.Credentials::passwordHash);
        var verdict = passwords.check(hash, password);
        return switch (verdict) {
            case WRONG -> new Proof.Wrong();
            case BUSY -> {
                limits.untried(handle, from, clock.instant());
                yield new Proof.ComeBack(WHEN_BUSY);
            }
            case RIGHT, RIGHT_BUT_OLD -> {
                var account = credentials.orElseThrow().account();
                if (verdict == Passwords.Verdict.RIGHT_BUT_OLD) {
                    accounts.rehash(account.id(), hash.orElseThrow(), password);
                }
                limits.succeeded(handle, from, clock.instant());
                yield new Proof.Right(account);
            }
        };
    }
}
