package dev.parley.webhook;

import com.sun.net.httpserver.HttpServer;
import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class WebhookTest {
    private static final int GONE = 410;

    private final Store store = TestDatabase.open();
    private final EventLog log = new EventLog(store, Clock.systemUTC(), JsonMapper.shared());
    private final Accounts accounts = new Accounts(store, new Passwords(new SecureRandom()), Clock.systemUTC());
    private final WebhookSettings settings =
            new WebhookSettings(true, true, Duration.ofSeconds(5), Collections.nCopies(8, Duration.ofMillis(1)));
    private final Webhooks webhooks = new Webhooks(store, log, Clock.systemUTC(), new SecureRandom(), settings);
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

    private record Received(String id, long timestamp, String signature, String body) {}

    private HttpServer server;
    private Account admin;
    private volatile IntUnaryOperator status = _ -> 204;

    @BeforeEach
    void start() throws IOException {
        admin = user("admin", Role.ADMIN, AccessScope.ALL);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var calls = new AtomicInteger();
        server.createContext("/hook", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int answer = status.applyAsInt(calls.incrementAndGet());
            if (answer / 100 == 2) {
                var headers = exchange.getRequestHeaders();
                received.add(new Received(
                        headers.getFirst("webhook-id"),
                        Long.parseLong(headers.getFirst("webhook-timestamp")),
                        headers.getFirst("webhook-signature"),
                        body));
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        store.close();
    }

    private Account user(String name, Role role, AccessScope scope) {
        return done(accounts.creating(new NewAccount(name, Optional.empty(), role, scope, Set.of()))
                .get());
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    private WebhookView hook(Account owner, List<String> events) {
        var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        return done(webhooks.creating(owner, url, events).get());
    }

    private WebhookSender sender() {
        var sender = new WebhookSender(
                webhooks,
                accounts,
                log,
                store,
                Clock.systemUTC(),
                settings,
                JsonMapper.shared(),
                new SimpleMeterRegistry());
        sender.start();
        return sender;
    }

    private void append(int first, int count, EventType type, Scope scope) {
        store.transaction(tx -> {
            for (int n = first; n < first + count; n++) {
                log.append(tx, type, scope, Map.of("n", n));
            }
            return count;
        });
    }

    private List<String> ids() {
        synchronized (received) {
            return received.stream().map(Received::id).toList();
        }
    }

    private WebhookView now(WebhookView hook) {
        return done(webhooks.get(admin, Long.parseLong(hook.id())));
    }

    @Test
    void tenThousandEventsArriveOnceAndInOrderThoughAThirdOfTheCallsFails() {
        hook(admin, List.of());
        status = call -> call % 3 == 0 ? 500 : 204;
        try (var _ = sender()) {
            for (int n = 0; n < 10_000; n += 500) {
                append(n, 500, EventType.MESSAGE_CREATED, Scope.NONE);
            }
            for (int n = 500; n <= 10_000; n += 500) { // in steps, as only a standstill is a fault
                int soFar = n;
                Await.until(n + " arrive", () -> received.size() >= soFar, () -> received.size() + " did");
            }
        }
        var wanted = LongStream.rangeClosed(1, 10_000).mapToObj(n -> "evt_" + n).toList();
        assertEquals(wanted, ids());
    }

    @Test
    void whatIsPostedIsSignedWithTheSecretThatWasShownOnce() {
        var hook = hook(admin, List.of());
        var secret = hook.secret().orElseThrow();
        assertTrue(now(hook).secret().isEmpty(), "shown once");
        try (var _ = sender()) {
            append(7, 1, EventType.LINK_UPDATED, Scope.NONE);
            Await.until("it arrives", () -> received.size() == 1);
        }
        var posted = received.getFirst();
        assertEquals(Signature.of(secret, posted.id(), posted.timestamp(), posted.body()), posted.signature());
        var body = JsonMapper.shared().readTree(posted.body());
        assertEquals("link.updated", body.path("type").asString(""));
        assertEquals(7, body.path("data").path("n").asInt(0));
        assertFalse(body.path("timestamp").asString("").isEmpty());
    }

    /// The example of the Standard Webhooks specification's reference libraries.
    @Test
    void signsAsTheReferenceLibrariesDo() {
        assertEquals(
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                Signature.of(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1_614_265_330L,
                        "{\"test\": 2432232314}"));
    }

    @Test
    void onlyWantedEventsThatTheOwnerMaySeeArePosted() {
        var member = user("member", Role.MEMBER, AccessScope.ASSIGNED);
        hook(member, List.of("message.created", "link.updated"));
        try (var _ = sender()) {
            append(1, 1, EventType.MESSAGE_CREATED, Scope.ofConversation(1, 99)); // nobody assigned: not the member's
            append(2, 1, EventType.CONTACT_UPDATED, Scope.NONE); // not wanted
            append(3, 1, EventType.LINK_UPDATED, Scope.NONE);
            Await.until("the third arrives", () -> !received.isEmpty());
        }
        assertEquals(List.of("evt_3"), ids());
    }

    @Test
    void anEndpointThatKeepsFailingDiesAndOneCallLetsItGoOnWithoutALoss() {
        var hook = hook(admin, List.of());
        status = _ -> 503;
        try (var _ = sender()) {
            append(1, 3, EventType.MESSAGE_CREATED, Scope.NONE);
            Await.until("it is dead", () -> now(hook).state().equals("dead"));
            assertEquals(Optional.of(503), now(hook).lastStatus());
            status = _ -> 200;
            done(store.transaction(tx -> webhooks.resume(tx, admin, Long.parseLong(hook.id()), Optional.empty())));
            Await.until("all arrive", () -> received.size() == 3);
            done(store.transaction(tx -> webhooks.resume(tx, admin, Long.parseLong(hook.id()), Optional.of(1L))));
            Await.until("two come again", () -> received.size() == 5);
        }
        assertEquals(List.of("evt_1", "evt_2", "evt_3", "evt_2", "evt_3"), ids());
    }

    /// Nothing happens meanwhile that would wake who waits for events.
    @Test
    void aReplayBeginsAtOnceAndByTimeToo() {
        var hook = hook(admin, List.of());
        try (var _ = sender()) {
            append(1, 2, EventType.MESSAGE_CREATED, Scope.NONE);
            var between = log.after(1, 1).getFirst().at().plusNanos(1_000);
            while (!Instant.now().isAfter(between)) {
                Thread.onSpinWait();
            }
            append(3, 2, EventType.MESSAGE_CREATED, Scope.NONE);
            Await.until("all arrive", () -> received.size() == 4);
            var begun = System.nanoTime();
            done(store.transaction(
                    tx -> webhooks.resume(tx, admin, Long.parseLong(hook.id()), Optional.of(log.lastBefore(between)))));
            Await.until("two come again", () -> received.size() == 6);
            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(20).toNanos(), "it waited for news");
        }
        assertEquals(List.of("evt_1", "evt_2", "evt_3", "evt_4", "evt_3", "evt_4"), ids());
        assertEquals(0, log.lastBefore(Instant.EPOCH));
        assertEquals(4, log.lastBefore(Instant.now().plusSeconds(60)));
    }

    @Test
    void anEndpointThatSaysItIsGoneDiesAtOnce() {
        var hook = hook(admin, List.of());
        status = _ -> GONE;
        try (var _ = sender()) {
            append(1, 1, EventType.MESSAGE_CREATED, Scope.NONE);
            Await.until("it is dead", () -> now(hook).state().equals("dead"));
        }
        assertEquals(1, now(hook).failures());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
                "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
                "2002:7f00:1::"
            })
    void addressesOfPrivateNetworksAreKnown(String address) throws IOException {
        assertTrue(Targets.isPrivate(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"93.184.216.34", "100.128.0.1", "172.32.0.1", "2606:2800:220:1::1"})
    void addressesOfTheInternetAreTaken(String address) throws IOException {
        assertFalse(Targets.isPrivate(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9/hook,          private-target",
        "https://[::1]/hook,               private-target",
        "ftp://example.com/,               bad-url",
        "http://192.0.0.170/hook,          private-target",
        "http://192.88.99.1/hook,          private-target",
        "https://[2001:0:53aa:64c:0:7d2:9acc:f4b5]/, private-target",
        "https://[2002:c0a8:101::1]/hook,  private-target",
        "https://[64:ff9b::7f00:1]/hook,   private-target",
        "https://[64:ff9b:1::7f00:1]/hook, private-target",
        "https://[::ffff:127.0.0.1]/hook,  private-target",
        "https://[::ffff:10.0.0.1]/hook,   private-target",
        "https://[::10.0.0.1]/hook,        private-target",
        "https://[fec0::1]/hook,           private-target",
        "https://[5f00::1]/hook,           private-target",
        "https://example.com:0/hook,       bad-url",
        "https://example.com:65536/hook,   bad-url",
        "https://example.com:99999/hook,   bad-url",
        "https://user:secret@example.com/, bad-url",
        "/hook,                            bad-url",
        "'not a url',                      bad-url"
    })
    void badTargetsAreRefused(String url, String code) {
        var strict =
                new Webhooks(store, log, Clock.systemUTC(), new SecureRandom(), WebhookSettings.usual(false, false));
        var refused = assertInstanceOf(
                Outcome.Refused.class, strict.creating(admin, url, List.of()).get());
        assertEquals(code, refused.problem().code());
        assertEquals(Optional.of("url"), refused.problem().field());
    }

    @Test
    void loopbackCanBeAllowedWithoutPrivateNetworks() {
        var local = new Webhooks(store, log, Clock.systemUTC(), new SecureRandom(), WebhookSettings.usual(false, true));
        assertInstanceOf(
                Outcome.Done.class,
                local.creating(admin, "http://127.0.0.1:9/hook", List.of()).get());
        for (var url :
                List.of("http://10.0.0.1/hook", "http://169.254.169.254/", "http://0.0.0.0/", "http://[fd00::1]/")) {
            var refused = assertInstanceOf(
                    Outcome.Refused.class, local.creating(admin, url, List.of()).get());
            assertEquals("private-target", refused.problem().code(), url);
        }
    }

    @Test
    void theLatestTriesAreListed() {
        var hook = hook(admin, List.of());
        status = call -> call == 1 ? 503 : 204;
        try (var _ = sender()) {
            append(1, 1, EventType.LINK_UPDATED, Scope.NONE);
            var tries = new WebhookDeliveries(store, webhooks);
            Await.until(
                    "it was taken",
                    () -> done(tries.list(admin, Long.parseLong(hook.id()), Long.MAX_VALUE, 10))
                                    .size()
                            == 2);
            var found = done(tries.list(admin, Long.parseLong(hook.id()), Long.MAX_VALUE, 10));
            assertEquals(Optional.of(204), found.get(0).status());
            assertEquals(2, found.get(0).attempt());
            assertEquals(Optional.empty(), found.get(0).error());
            assertEquals(Optional.of(503), found.get(1).status());
            assertEquals("link.updated", found.get(1).type());
            assertEquals(Optional.of("HTTP status 503"), found.get(1).error());
        }
    }

    @Test
    void anotherUsersEndpointDoesNotExist() {
        var hook = hook(admin, List.of());
        var member = user("member", Role.MEMBER, AccessScope.ALL);
        assertEquals(
                "not-found",
                assertInstanceOf(Outcome.Refused.class, webhooks.get(member, Long.parseLong(hook.id())))
                        .problem()
                        .code());
        assertFalse(webhooks.delete(member, Long.parseLong(hook.id())));
        assertEquals(List.of(), webhooks.list(member, Long.MAX_VALUE, 10));
    }
}
