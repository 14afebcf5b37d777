package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.audit.AuditLog;
import dev.parley.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// `Idempotency-Key` on any `POST`.
@Timeout(120)
class IdempotencyTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static int contacts(Client client, String query) {
        return client.get("/api/v1/contacts?limit=200&query=" + query)
                .is(200)
                .body()
                .path("items")
                .size();
    }

    private static String contact(String name) {
        return "{\"name\":\"" + name + "\",\"primaryNumber\":\"+12025550111\"}";
    }

    @Test
    void aRepeatGetsTheFirstAnswer() {
        var first = ADMIN.once("key-1", "/api/v1/contacts", contact("Once")).is(201);
        var second = ADMIN.once("key-1", "/api/v1/contacts", contact("Once")).is(201);
        assertEquals(first.http().body(), second.http().body());
        assertEquals(first.header("Location"), second.header("Location"));
        assertEquals("true", second.header("Idempotent-Replayed"));
        assertEquals(1, contacts(ADMIN, "once"));
        ADMIN.once("key-1", "/api/v1/contacts", contact("Twice"))
                .refused(409, "idempotency-key-reused", "Idempotency-Key");
        // Another path, another user: another key.
        ADMIN.once("key-1", "/api/v1/preview", "{\"text\":\"a\"}").is(200);
        var other = DAEMON.client(DAEMON.user("mia", Role.MEMBER, AccessScope.ALL, Set.of()));
        other.once("key-1", "/api/v1/contacts", contact("Once")).is(201);
        assertEquals(2, contacts(ADMIN, "once"));
    }

    @Test
    void anAnswerIsRepeatedOnlyToWhoMaySeeItStill() {
        var mel = DAEMON.user("mel", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        var client = DAEMON.client(mel);
        var mine = contact("Mel's").replace("0111", "0119");
        var ann = client.once("mine", "/api/v1/contacts", mine).is(201).id();
        var conversation = "{\"participants\":[{\"contact\":\"" + ann + "\"}],\"line\":\"auto\"}";
        var direct = client.once("talk", "/api/v1/conversations", conversation).is(201);
        var path = "/api/v1/conversations/" + direct.id() + "/messages";
        client.once("said", path, "{\"text\":\"hello\"}").is(202);
        ADMIN.patch("/api/v1/contacts/" + ann, "{\"assignedTo\":null}").is(200);
        client.once("mine", "/api/v1/contacts", mine).refused(404, "not-found");
        client.once("talk", "/api/v1/conversations", conversation).refused(404, "not-found");
        client.once("said", path, "{\"text\":\"hello\"}").refused(404, "not-found");
        ADMIN.patch("/api/v1/contacts/" + ann, "{\"assignedTo\":\"" + mel.id() + "\"}")
                .is(200);
        assertEquals(
                "true",
                client.once("said", path, "{\"text\":\"hello\"}").is(202).header("Idempotent-Replayed"));
    }

    @Test
    void aRefusalIsRepeatedToo() {
        var first = ADMIN.once("bad", "/api/v1/contacts", "{\"name\":\"\",\"primaryNumber\":\"1\"}")
                .is(422);
        var second = ADMIN.once("bad", "/api/v1/contacts", "{\"name\":\"\",\"primaryNumber\":\"1\"}")
                .is(422);
        assertEquals(first.http().body(), second.http().body());
        ADMIN.once("k".repeat(256), "/api/v1/contacts", contact("x"))
                .refused(400, "bad-idempotency-key", "Idempotency-Key");
        ADMIN.once("a b", "/api/v1/contacts", contact("x")).refused(400, "bad-idempotency-key", "Idempotency-Key");
    }

    @Test
    void twoHundredRepeatsAtOnceMakeOne() throws Exception {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<String>>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> ADMIN.once("storm", "/api/v1/messages", """
                        {"line":"%s","to":"+12025550112","text":"only once"}""".formatted(
                                        DAEMON.lines.all().getFirst().id()))
                        .is(202)
                        .id());
            }
            var ids = new HashSet<String>();
            for (var answer : tasks.invokeAll(calls)) {
                ids.add(answer.get());
            }
            assertEquals(1, ids.size());
        }
        assertEquals(
                1,
                ADMIN.get("/api/v1/messages?query=once")
                        .is(200)
                        .body()
                        .path("items")
                        .size());
    }

    @Test
    void aSecretIsNotShownAgain() {
        var first = ADMIN.once("token", "/api/v1/tokens", "{\"name\":\"cron\"}").is(201);
        var second =
                ADMIN.once("token", "/api/v1/tokens", "{\"name\":\"cron\"}").is(201);
        assertFalse(first.text("/secret").isEmpty());
        assertTrue(second.body().path("secret").isNull());
        assertEquals(first.id(), second.id());
    }

    @Test
    void anAnswerOutlivesARestartAndIsForgottenAfterADay() {
        var database = TestDatabase.fresh();
        String id;
        try (var daemon = new Daemon(database, Daemon.LOOPBACK)) {
            id = daemon.admin()
                    .once("key", "/api/v1/contacts", contact("Kept"))
                    .is(201)
                    .id();
        }
        try (var daemon = new Daemon(database, Daemon.LOOPBACK)) {
            var admin = daemon.admin();
            assertEquals(
                    id,
                    admin.once("key", "/api/v1/contacts", contact("Kept"))
                            .is(201)
                            .id());
            daemon.clock.advance(Duration.ofHours(25));
            var again = admin.once("key", "/api/v1/contacts", contact("Kept")).is(201);
            assertFalse(id.equals(again.id()));
            daemon.clock.advance(Duration.ofHours(25));
            assertEquals(
                    1,
                    new Idempotency(
                                    daemon.store,
                                    new Deeds(
                                            daemon.store,
                                            new Audit(new AuditLog(daemon.store, daemon.clock), daemon.clock)),
                                    daemon.clock)
                            .deleteBite());
        }
    }
}
