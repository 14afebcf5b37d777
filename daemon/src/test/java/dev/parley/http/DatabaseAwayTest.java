package dev.parley.http;

import dev.parley.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class DatabaseAwayTest {

    @Test
    void theApiSaysToComeBackAndGoesOnWhenTheDatabaseDoes() throws Exception {
        var database = TestDatabase.fresh();
        try (var way = new Forwarder(database);
                var daemon = new Daemon(way.settings(database), Daemon.LOOPBACK)) {
            var admin = daemon.admin();
            var body = "{\"name\":\"Ann\",\"primaryNumber\":\"+12025550111\"}";
            way.cut();
            var refused = admin.once("key", "/api/v1/contacts", body);
            refused.refused(503, "store-unavailable");
            assertFalse(refused.header("Retry-After").isEmpty());
            assertEquals("down", daemon.anonymous().get("/readyz").is(503).text("/database"));
            daemon.anonymous().get("/healthz").is(200);
            way.mend();
            var deadline = Instant.now().plus(Duration.ofSeconds(30));
            Client.Answer answer;
            do {
                assertTrue(Instant.now().isBefore(deadline), "the API did not come back");
                answer = admin.once("key", "/api/v1/contacts", body);
            } while (answer.status() == 503);
            answer.is(201);
            assertEquals(
                    1,
                    admin.get("/api/v1/contacts").is(200).body().path("items").size());
        }
    }
}
