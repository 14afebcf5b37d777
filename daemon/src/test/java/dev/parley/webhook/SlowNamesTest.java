package dev.parley.webhook;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.event.EventLog;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Whose name server answers when it likes holds up himself, and not whoever writes meanwhile.
@Timeout(120)
class SlowNamesTest {
    private static final String URL = "https://slow.invalid/hook";

    private final Store store = TestDatabase.open();
    private final Accounts accounts = new Accounts(store, new Passwords(new SecureRandom()), Clock.systemUTC());
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final Webhooks webhooks = new Webhooks(
            store,
            new EventLog(store, Clock.systemUTC(), JsonMapper.shared()),
            Clock.systemUTC(),
            new SecureRandom(),
            new Targets(false, false, this::addresses));

    @AfterEach
    void close() {
        store.close();
    }

    private InetAddress[] addresses(String host) throws UnknownHostException {
        if (host.equals("slow.invalid")) {
            asked.countDown();
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
        }
        return new InetAddress[] {InetAddress.ofLiteral("93.184.216.34")};
    }

    private Account user(String name) {
        return done(accounts.creating(new NewAccount(name, Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of()))
                .get());
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    @Test
    void nobodyElseWaitsForTheNameOfANewEndpoint() throws Exception {
        var owner = user("owner");
        holdsUpNobody(() -> webhooks.creating(owner, URL, List.of()).get());
    }

    @Test
    void norForThatOfAChangedOne() throws Exception {
        var owner = user("owner");
        long hook = Long.parseLong(done(webhooks.creating(owner, "https://quick.invalid/hook", List.of())
                        .get())
                .id());
        holdsUpNobody(() -> webhooks.changing(owner, hook, Optional.of(URL), Optional.empty(), Optional.empty())
                .get());
    }

    private void holdsUpNobody(Supplier<Outcome<WebhookView>> asking) throws Exception {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = tasks.submit(asking::get);
            try {
                assertTrue(asked.await(60, TimeUnit.SECONDS));
                user("somebody else");
            } finally {
                answered.countDown();
            }
            assertEquals(URL, done(waiting.get()).url());
        }
    }
}
