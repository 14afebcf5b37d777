package dev.parley.account;

import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.TestClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AccountsTest {
    private static final String PASSWORD = "correct horse battery";

    private final Store store = TestDatabase.open();
    private final TestClock clock = TestClock.still();
    private final SecureRandom random = new SecureRandom();
    private final Passwords passwords = new Passwords(random);
    private final Accounts accounts = new Accounts(store, passwords, clock);
    private final Tokens tokens = new Tokens(store, accounts, clock, random);
    private final Sessions sessions = new Sessions(store, accounts, clock, random);
    private final SignIn signIn = new SignIn(accounts, passwords, clock);
    private static final Sessions.Origin ORIGIN = new Sessions.Origin(address("192.0.2.7"), "a browser");

    @AfterEach
    void close() {
        store.close();
    }

    private Account user(String name, Role role) {
        return done(accounts.creating(new NewAccount(name, Optional.of(PASSWORD), role, AccessScope.ALL, Set.of()))
                .get());
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    private static String refusal(Outcome<?> outcome) {
        return assertInstanceOf(Outcome.Refused.class, outcome).problem().code();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private SignIn.Proof attempt(String name, String password) {
        return signIn.prove(name, password, ORIGIN.address());
    }

    private Sessions.Opened signedIn(String name) {
        var right = assertInstanceOf(SignIn.Proof.Right.class, attempt(name, PASSWORD));
        return sessions.open(right.account(), ORIGIN);
    }

    private static AccountChange nothing() {
        return new AccountChange(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static AccountChange toMember() {
        return new AccountChange(
                Optional.empty(), Optional.empty(), Optional.of(Role.MEMBER), Optional.empty(), Optional.empty());
    }

    @Test
    void aUserSignsInWithItsNameInAnyCaseAndIsKnownByItsSession() {
        var zoe = user("Zoë", Role.ADMIN);
        var opened = signedIn("zOË");
        assertEquals(zoe, sessions.authenticate(opened.secret()).orElseThrow().account());
        sessions.end(opened.secret());
        assertEquals(Optional.empty(), sessions.authenticate(opened.secret()));
    }

    @Test
    void wrongPasswordsUnknownUsersAndUsersWithoutPasswordAreTheSame() {
        user("ann", Role.ADMIN);
        done(accounts.creating(new NewAccount("robot", Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of()))
                .get());
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("ann", "incorrect horse"));
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("nobody", PASSWORD));
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("robot", ""));
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("ann", "x".repeat(100_000)));
    }

    @Test
    void guessingIsSlowedDownForANameAndForAnAddressAndTheRightPasswordDoesNotHelpMeanwhile() {
        user("ann", Role.ADMIN);
        for (int i = 0; i < SignInLimits.NAME_TRIES; i++) {
            assertInstanceOf(SignIn.Proof.Wrong.class, attempt("ann", "guess number " + i));
        }
        var wait = assertInstanceOf(SignIn.Proof.ComeBack.class, attempt("Ann", PASSWORD))
                .after();
        assertEquals(SignInLimits.NAME_REFILL, wait);
        clock.advance(wait);
        signedIn("ann");
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("ann", "a success made the allowance whole"));
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("ann", "so there are more than one"));
    }

    @Test
    void oneAddressCannotTryManyNames() {
        var limits = new SignInLimits();
        for (int i = 0; i < SignInLimits.ADDRESS_TRIES; i++) {
            // Addresses of one IPv6 network are one.
            assertEquals(Optional.empty(), limits.take("name " + i, address("2001:db8::" + i), clock.instant()));
        }
        assertTrue(limits.take("another", address("2001:db8::ffff"), clock.instant())
                .isPresent());
        assertEquals(Optional.empty(), limits.take("another", address("2001:db8:0:1::1"), clock.instant()));
    }

    @Test
    void aSessionLivesWhileItIsUsedButNotForEver() {
        user("ann", Role.ADMIN);
        var secret = signedIn("ann").secret();
        var opened = clock.instant();
        while (clock.instant().isBefore(opened.plus(Sessions.AGE_MAX).minus(Duration.ofHours(10)))) {
            clock.advance(Duration.ofHours(10));
            assertTrue(
                    sessions.authenticate(secret).isPresent(), clock.instant().toString());
        }
        clock.advance(Duration.ofHours(10));
        assertEquals(Optional.empty(), sessions.authenticate(secret));
        assertEquals(1, sessions.deleteExpired());

        var idle = signedIn("ann").secret();
        clock.advance(Sessions.IDLE_MAX);
        assertEquals(Optional.empty(), sessions.authenticate(idle));
    }

    @Test
    void theOldestSessionEndsWhenAUserHasTooMany() {
        var ann = user("ann", Role.ADMIN);
        var first = sessions.open(ann, ORIGIN).secret();
        var second = sessions.open(ann, ORIGIN).secret();
        for (int i = 2; i < Sessions.PER_ACCOUNT_MAX + 1; i++) {
            sessions.open(ann, ORIGIN);
        }
        assertEquals(Optional.empty(), sessions.authenticate(first));
        assertTrue(sessions.authenticate(second).isPresent());
    }

    @Test
    void aTokenWorksUntilItExpiresOrIsRevoked() {
        var ann = user("ann", Role.ADMIN);
        var lasting = done(tokens.issue(ann, "for ever", Optional.empty()));
        var brief =
                done(tokens.issue(ann, "an hour", Optional.of(clock.instant().plus(Duration.ofHours(1)))));
        assertTrue(lasting.secret().matches("parley_[0-9A-Za-z]{43}"), lasting.secret());
        assertEquals(Optional.of(ann), tokens.authenticate(brief.secret()));
        clock.advance(Duration.ofHours(1));
        assertEquals(Optional.empty(), tokens.authenticate(brief.secret()));
        assertEquals(Optional.of(ann), tokens.authenticate(lasting.secret()));
        assertTrue(tokens.revoke(ann, lasting.token().id()));
        assertFalse(tokens.revoke(ann, lasting.token().id()));
        assertEquals(Optional.empty(), tokens.authenticate(lasting.secret()));
        assertEquals(Optional.empty(), tokens.authenticate("parley_" + "0".repeat(43)));
        assertEquals("in-the-past", refusal(tokens.issue(ann, "late", Optional.of(clock.instant()))));
    }

    /// Who found a token for an hour must not have one for ever, and none at all once it is revoked.
    @Test
    void aTokenMakesNoneThatOutlivesIt() {
        var ann = user("ann", Role.ADMIN);
        var end = clock.instant().plus(Duration.ofHours(1));
        var found = done(tokens.issue(ann, "an hour", Optional.of(end)));
        assertEquals(
                "outlives-its-maker", refusal(tokens.issueWith(ann, "for ever", Optional.empty(), found.secret())));
        assertEquals(
                "outlives-its-maker",
                refusal(tokens.issueWith(ann, "later", Optional.of(end.plusSeconds(1)), found.secret())));
        var child = done(tokens.issueWith(ann, "child", Optional.of(end), found.secret()));
        var grandchild = done(tokens.issueWith(ann, "grandchild", Optional.of(end), child.secret()));
        assertEquals(Optional.of(ann), tokens.authenticate(grandchild.secret()));
        assertTrue(tokens.revoke(ann, found.token().id()));
        assertEquals(Optional.empty(), tokens.authenticate(child.secret()));
        assertEquals(Optional.empty(), tokens.authenticate(grandchild.secret()));
    }

    @Test
    void theLastUseOfATokenIsWrittenAtMostOnceAMinute() {
        var ann = user("ann", Role.ADMIN);
        var secret = done(tokens.issue(ann, "t", Optional.empty())).secret();
        var first = clock.instant();
        tokens.authenticate(secret);
        clock.advance(Duration.ofSeconds(59));
        tokens.authenticate(secret);
        assertEquals(Optional.of(first), usedAt(ann));
        clock.advance(Duration.ofSeconds(1));
        tokens.authenticate(secret);
        assertEquals(Optional.of(clock.instant()), usedAt(ann));
    }

    private Optional<Instant> usedAt(Account viewer) {
        return tokens.list(viewer, Long.MAX_VALUE, 10).getFirst().usedAt();
    }

    @Test
    void aMemberSeesAndRevokesItsOwnTokensOnlyAndAnAdminAll() {
        var ann = user("ann", Role.ADMIN);
        var bob = user("bob", Role.MEMBER);
        var anns = done(tokens.issue(ann, "a", Optional.empty())).token();
        var bobs = done(tokens.issue(bob, "b", Optional.empty())).token();
        assertEquals(1, tokens.list(bob, Long.MAX_VALUE, 10).size());
        assertEquals(2, tokens.list(ann, Long.MAX_VALUE, 10).size());
        assertFalse(tokens.revoke(bob, anns.id()));
        assertTrue(tokens.revoke(ann, bobs.id()));
    }

    @Test
    void aDeletedUserIsGoneAtOnceAndItsNameIsFree() throws SQLException {
        user("ann", Role.ADMIN);
        var bob = user("Bob", Role.MEMBER);
        var token = done(tokens.issue(bob, "b", Optional.empty())).secret();
        var session = signedIn("bob").secret();
        assertEquals(
                "name-taken",
                refusal(accounts.creating(
                                new NewAccount("BOB", Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of()))
                        .get()));
        done(accounts.delete(bob.id()));
        assertEquals(Optional.empty(), tokens.authenticate(token));
        assertEquals(Optional.empty(), sessions.authenticate(session));
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("bob", PASSWORD));
        assertEquals("not-found", refusal(accounts.delete(bob.id())));
        assertEquals(Map.of(bob.id(), "Bob"), store.read(connection -> accounts.names(connection, List.of(bob.id()))));
        assertNotEquals(bob.id(), user("bob", Role.MEMBER).id());
    }

    @Test
    void twoAdminsWhoRemoveEachOtherAtOnceLeaveOne() throws Exception {
        for (int round = 0; round < 5; round++) {
            var one = user("one" + round, Role.ADMIN);
            var two = user("two" + round, Role.ADMIN);
            for (var other : accounts.list(Long.MAX_VALUE, 200)) {
                if (other.id() != one.id() && other.id() != two.id()) {
                    accounts.delete(other.id());
                }
            }
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var removals = new ArrayList<Future<Outcome<Account>>>();
                for (Callable<Outcome<Account>> removal : java.util.List.<Callable<Outcome<Account>>>of(
                        () -> accounts.delete(one.id()),
                        () -> accounts.changing(two.id(), toMember(), 0).get())) {
                    removals.add(threads.submit(removal));
                }
                int refused = 0;
                for (var removal : removals) {
                    refused += removal.get() instanceof Outcome.Refused<Account> ? 1 : 0;
                }
                assertEquals(1, refused);
            }
            assertEquals(
                    1,
                    accounts.list(Long.MAX_VALUE, 200).stream()
                            .filter(Account::isAdmin)
                            .count());
        }
    }

    @Test
    void aNewPasswordEndsTheSessionsAndLeavesTheTokens() {
        var ann = user("ann", Role.ADMIN);
        var session = signedIn("ann").secret();
        var token = done(tokens.issue(ann, "t", Optional.empty())).secret();
        var change = new AccountChange(
                Optional.empty(),
                Optional.of("another long one"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        done(accounts.changing(ann.id(), change, 0).get());
        assertEquals(Optional.empty(), sessions.authenticate(session));
        assertTrue(tokens.authenticate(token).isPresent());
        assertInstanceOf(SignIn.Proof.Wrong.class, attempt("ann", PASSWORD));
        assertInstanceOf(SignIn.Proof.Right.class, attempt("ann", "another long one"));
    }

    @Test
    void badNamesPasswordsAndLinesAreRefusedWithTheirField() {
        for (var name : new String[] {"", " ann", "a\nb", "x".repeat(65), "\u202Eann"}) {
            assertEquals(
                    "bad-name",
                    refusal(accounts.creating(
                                    new NewAccount(name, Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of()))
                            .get()));
        }
        assertEquals(
                "bad-password",
                refusal(accounts.creating(
                                new NewAccount("ann", Optional.of("seven c"), Role.MEMBER, AccessScope.ALL, Set.of()))
                        .get()));
        assertEquals(
                "unknown-line",
                refusal(accounts.creating(
                                new NewAccount("ann", Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of(77L)))
                        .get()));
        assertEquals("not-found", refusal(accounts.changing(4711, nothing(), 0).get()));
    }

    @Test
    void noSecretIsShownByAToString() {
        var ann = user("ann", Role.ADMIN);
        var issued = done(tokens.issue(ann, "t", Optional.empty()));
        assertFalse(issued.toString().contains(issued.secret()));
        var opened = signedIn("ann");
        assertFalse(opened.toString().contains(opened.secret()));
        assertFalse(new NewAccount("a", Optional.of(PASSWORD), Role.ADMIN, AccessScope.ALL, Set.of())
                .toString()
                .contains(PASSWORD));
    }
}
