package dev.parley.account;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Turns a user name and a password into a session.
public final class SignIn {

    /// How a sign-in ended.
    public sealed interface Result {
        record SignedIn(Sessions.Opened opened) implements Result {}

        /// No such user, or not its password: which of the two is told to nobody, not even by the time it takes.
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
    /// @param from where the request came from
    public Result signIn(String name, String password, InetAddress from) {
        if (name.length() > 2 * Accounts.NAME_CHARACTERS_MAX) {
            return new Result.Wrong();
        }
        var handle = Accounts.handle(name);
        var wait = limits.take(handle, from, clock.instant());
        if (wait.isPresent()) {
            return new Result.ComeBack(wait.get());
        }
        var credentials = accounts.credentials(name);
        var hash = credentials.flatMap(Accounts.Credentials::passwordHash);
        return switch (passwords.check(hash, password)) {
            case WRONG -> new Result.Wrong();
            case BUSY -> {
                limits.untried(handle, from, clock.instant());
                yield new Result.ComeBack(WHEN_BUSY);
            }
            case RIGHT -> signedIn(credentials, handle, from);
            case RIGHT_BUT_OLD -> {
                accounts.rehash(credentials.orElseThrow().account().id(), hash.orElseThrow(), password);
                yield signedIn(credentials, handle, from);
            }
        };
    }

    private Result signedIn(Optional<Accounts.Credentials> credentials, String handle, InetAddress from) {
        limits.succeeded(handle, from, clock.instant());
        return new Result.SignedIn(sessions.open(credentials.orElseThrow().account()));
    }
}
