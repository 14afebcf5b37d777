package dev.parley.account;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Turns a user name and a password into a session.
public final class SignIn {

    /// How a sign-in ended.
    public sealed interface Result {
        record SignedIn(Sessions.Opened opened) implements Result {}

        /// No such user, or not its password: which of the two is told to nobody, not even by the time
        /// it takes.
        record Wrong() implements Result {}

        /// Too many tries, or too many at once.
        record ComeBack(Duration after) implements Result {}
    }

    private static final Duration WHEN_BUSY = Duration.ofSeconds(5);

    private final Accounts accounts;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Clock clock;
    private final SignInLimits limits = new SignInLimits();

    public SignIn(Accounts accounts, Sessions sessions, Passwords passwords, Clock clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.passwords = passwords;
        this.clock = clock;
    }

    /// Checks the password and opens a session.
    ///
    /// @param origin where the request came from
    public Result signIn(String name, String password, Sessions.Origin origin) {
        return signingIn(name, password, origin).get();
    }

    /// Checks the password now. What is returned opens the session, as part of whatever transaction it is called in.
    ///
    /// @param origin where the request came from
    public Supplier<Result> signingIn(String name, String password, Sessions.Origin origin) {
        var from = origin.address();
        if (name.length() > 2 * Accounts.NAME_CHARACTERS_MAX) {
            return Result.Wrong::new;
        }
        var handle = Accounts.handle(name);
        var wait = limits.take(handle, from, clock.instant());
        if (wait.isPresent()) {
            return () -> new Result.ComeBack(wait.get());
        }
        var credentials = accounts.credentials(name);
        var hash = credentials.flatMap(Accounts.Credentials::passwordHash);
        return switch (passwords.check(hash, password)) {
            case WRONG -> Result.Wrong::new;
            case BUSY -> {
                limits.untried(handle, from, clock.instant());
                yield () -> new Result.ComeBack(WHEN_BUSY);
            }
            case RIGHT -> signedIn(credentials, handle, origin);
            case RIGHT_BUT_OLD -> {
                accounts.rehash(credentials.orElseThrow().account().id(), hash.orElseThrow(), password);
                yield signedIn(credentials, handle, origin);
            }
        };
    }

    private Supplier<Result> signedIn(
            Optional<Accounts.Credentials> credentials, String handle, Sessions.Origin origin) {
        limits.succeeded(handle, origin.address(), clock.instant());
        return () -> new Result.SignedIn(sessions.open(credentials.orElseThrow().account(), origin));
    }

    /// How a proof ended.
    public sealed interface Proof {
        record Right() implements Proof {}

        record Wrong() implements Proof {}

        /// Too many tries, or too many at once.
        record ComeBack(Duration after) implements Proof {}
    }

    /// Whether this is the password of a user who is signed in already, or sent a token. It is guessed
    /// no faster here than at the sign-in: both use up the same allowance.
    public Proof prove(Account account, String password, InetAddress from) {
        var handle = Accounts.handle(account.name());
        var wait = limits.take(handle, from, clock.instant());
        if (wait.isPresent()) {
            return new Proof.ComeBack(wait.get());
        }
        var hash = accounts.credentials(account.name()).flatMap(Accounts.Credentials::passwordHash);
        return switch (passwords.check(hash, password)) {
            case WRONG -> new Proof.Wrong();
            case BUSY -> {
                limits.untried(handle, from, clock.instant());
                yield new Proof.ComeBack(WHEN_BUSY);
            }
            case RIGHT, RIGHT_BUT_OLD -> {
                limits.succeeded(handle, from, clock.instant());
                yield new Proof.Right();
            }
        };
    }
}
