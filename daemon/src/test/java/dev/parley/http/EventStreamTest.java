package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The live stream, read as programs and browsers do.
@Timeout(120)
class EventStreamTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterAll
    static void close() {
        HTTP.close();
        DAEMON.close();
    }

    record Seen(String id, String name, String data) {}

    /// A reader of server-sent events (WHATWG HTML §9.2.6), as far as we use them.
    private static final class Reader implements AutoCloseable {
        private final BufferedReader lines;
        private String lastId;

        private Reader(HttpRequest.Builder request, Optional<String> lastEventId) throws IOException {
            this.lastId = lastEventId.orElse("");
            lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
            try {
                var answer = HTTP.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofInputStream());
                assertEquals(200, answer.statusCode());
                assertEquals(
                        "text/event-stream",
                        answer.headers().firstValue("Content-Type").orElse(""));
                lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        static Reader of(Client client, String lastEventId) throws IOException {
            return new Reader(client.to("/api/v1/events"), Optional.of(lastEventId));
        }

        static Reader fromNow(Client client) throws IOException {
            return new Reader(client.to("/api/v1/events"), Optional.empty());
        }

        /// The next event, or null at the end of the stream.
        @Nullable
        Seen next() throws IOException {
            var name = "message";
            var data = new ArrayList<String>();
            while (true) {
                @Nullable String line = lines.readLine();
                if (line == null) {
                    return null;
                }
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        return new Seen(lastId, name, String.join("\n", data));
                    }
                    name = "message";
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.add(line.substring(6));
                }
            }
        }

        Seen event() throws IOException {
            var seen = next();
            if (seen == null) {
                throw new IOException("the stream ended");
            }
            return seen;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static void happen(int count) {
        DAEMON.store.transaction(tx -> {
            for (int i = 0; i < count; i++) {
                DAEMON.events.append(tx, EventType.LINK_UPDATED, Scope.NONE, Map.of("n", i));
            }
            return count;
        });
    }

    @Test
    void whatHappensIsSeenAtOnce() throws IOException {
        try (var reader = Reader.fromNow(ADMIN)) {
            var contact = ADMIN.post("/api/v1/contacts", "{\"name\":\"Live\",\"primaryNumber\":\"+12025550111\"}")
                    .is(201);
            var seen = reader.event();
            assertEquals("contact.updated", seen.name());
            assertEquals(contact.body(), Json.mapper().readTree(seen.data()));
        }
    }

    @Test
    void tenThousandEventsAreSeenOnceInOrderByAReaderThatIsCutOffTwentyTimes() throws IOException {
        long before = DAEMON.events.latest();
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            tasks.execute(() -> {
                for (int i = 0; i < 100; i++) {
                    happen(100);
                }
            });
            var seen = new ArrayList<Long>();
            var last = Long.toString(before);
            if (before == 0) {
                last = "0";
            }
            for (int cut = 0; cut <= 20; cut++) {
                try (var reader = Reader.of(ADMIN, last)) {
                    int until = cut == 20 ? 10_000 : (cut + 1) * 480;
                    while (seen.size() < until) {
                        last = reader.event().id();
                        seen.add(Long.parseLong(last));
                    }
                }
            }
            assertEquals(
                    LongStream.rangeClosed(before + 1, before + 10_000).boxed().toList(), seen);
        }
    }

    @Test
    void aReaderThatComesTooLateIsToldToLoadAfresh() throws IOException {
        try (var daemon = new Daemon()) {
            var admin = daemon.admin();
            for (int i = 0; i < 10; i++) {
                daemon.store.transaction(tx -> {
                    daemon.events.append(tx, EventType.LINK_UPDATED, Scope.NONE, Map.of());
                    return 0;
                });
            }
            daemon.clock.advance(Duration.ofDays(1));
            daemon.events.deleteBite(daemon.clock.instant().minus(Duration.ofHours(1)));
            daemon.store.transaction(tx -> {
                daemon.events.append(tx, EventType.LINK_UPDATED, Scope.NONE, Map.of());
                return 0;
            });
            try (var reader = Reader.of(admin, "3")) {
                assertEquals("reset", reader.event().name());
                assertEquals("11", reader.event().id());
            }
            try (var reader = Reader.of(admin, "0")) {
                assertEquals("11", reader.event().id());
            }
            try (var reader = Reader.of(admin, "999")) {
                assertEquals("reset", reader.event().name());
            }
            admin.send(admin.to("/api/v1/events").header("Last-Event-ID", "x"))
                    .refused(400, "bad-event-id", "Last-Event-ID");
            admin.get("/api/v1/events?lastEventId=-1").refused(400, "bad-event-id", "Last-Event-ID");
        }
    }

    @Test
    void aMemberSeesWhatItMaySeeAndKeepsItsPlacePastTheRest() throws IOException {
        var max = DAEMON.user("max", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        var member = DAEMON.client(max);
        long before = DAEMON.events.latest();
        ADMIN.post("/api/v1/contacts", "{\"name\":\"Hidden\",\"primaryNumber\":\"+12025550112\"}")
                .is(201);
        ADMIN.post(
                        "/api/v1/contacts",
                        "{\"name\":\"Shown\",\"primaryNumber\":\"+12025550113\",\"assignedTo\":\"" + max.id() + "\"}")
                .is(201);
        try (var reader = Reader.of(member, Long.toString(before))) {
            var data = reader.event().data();
            assertTrue(data.contains("Shown") && !data.contains("Hidden"), data);
        }
    }

    @Test
    void aRevokedTokenEndsItsStream() throws IOException {
        var issued = ADMIN.post("/api/v1/tokens", "{\"name\":\"reader\"}").is(201);
        var client = new Client(DAEMON.server.url(), Optional.of(issued.text("/secret")));
        try (var reader = Reader.fromNow(client)) {
            ADMIN.delete("/api/v1/tokens/" + issued.id()).is(204);
            // At the next heartbeat at the latest.
            while (true) {
                var seen = reader.next();
                if (seen == null) {
                    return;
                }
            }
        }
    }

    @Test
    void aMemberHearsThatItsAccessHasChanged() throws IOException {
        var mia = DAEMON.user("mia", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        var contact = ADMIN.post(
                        "/api/v1/contacts",
                        "{\"name\":\"Mine\",\"primaryNumber\":\"+12025550114\",\"assignedTo\":\"" + mia.id() + "\"}")
                .is(201)
                .id();
        try (var reader = Reader.fromNow(DAEMON.client(mia));
                var other = Reader.fromNow(ADMIN)) {
            ADMIN.patch("/api/v1/contacts/" + contact, "{\"assignedTo\":null}").is(200);
            var lost = reader.event();
            assertEquals("access.updated", lost.name());
            assertTrue(lost.data().contains("\"scope\":\"assigned\""), lost.data());
            ADMIN.patch("/api/v1/users/" + mia.id(), "{\"scope\":\"all\"}").is(200);
            assertTrue(reader.event().data().contains("\"scope\":\"all\""));
            // From here on it sees what it did not see before, without asking again.
            ADMIN.patch("/api/v1/contacts/" + contact, "{\"name\":\"Nobody's\"}")
                    .is(200);
            assertEquals("contact.updated", reader.event().name());
            ADMIN.patch("/api/v1/users/" + mia.id(), "{\"name\":\"Mia\"}").is(200);
            happen(1);
            assertEquals("link.updated", reader.event().name());
            assertEquals("contact.updated", other.event().name());
        }
    }

    @Test
    void itsFirstBlockSaysWhereInTheLogItIs() throws IOException {
        happen(1);
        var answer = ADMIN.get("/api/v1/session").header("Parley-Event");
        try (var raw = new Raw(DAEMON.server.address())) {
            var token = DAEMON.tokenOf(DAEMON.user("admin", Role.ADMIN, AccessScope.ALL, Set.of()));
            raw.send("GET /api/v1/events HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                    .head();
            assertEquals("retry: 1000", raw.line());
            assertEquals("id: " + answer, raw.line());
        }
    }

    @Test
    void manyReadersShareTheLog() throws IOException {
        var readers = new ArrayList<Reader>();
        for (int i = 0; i < 50; i++) {
            readers.add(Reader.fromNow(ADMIN));
        }
        assertTrue(DAEMON.metrics.scrape().contains("parley_http_streams "));
        happen(3);
        var ids = new ArrayList<List<String>>();
        for (var reader : readers) {
            ids.add(List.of(
                    reader.event().id(), reader.event().id(), reader.event().id()));
            reader.close();
        }
        assertEquals(1, Set.copyOf(ids).size());
    }

    @Test
    void aReaderThatReadsNothingHoldsNobodyUp() throws IOException {
        var token = DAEMON.tokenOf(DAEMON.user("admin", Role.ADMIN, AccessScope.ALL, Set.of()));
        try (var lazy = new Raw(DAEMON.server.address());
                var reader = Reader.fromNow(ADMIN)) {
            lazy.send("GET /api/v1/events?lastEventId=0 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                            + "\r\n\r\n")
                    .head();
            var big = "x".repeat(100_000);
            for (int i = 0; i < 100; i++) {
                DAEMON.store.transaction(tx -> {
                    DAEMON.events.append(tx, EventType.LINK_UPDATED, Scope.NONE, Map.of("big", big));
                    return 0;
                });
            }
            for (int i = 0; i < 100; i++) {
                assertTrue(reader.event().data().length() > 100_000);
            }
        }
    }
}
