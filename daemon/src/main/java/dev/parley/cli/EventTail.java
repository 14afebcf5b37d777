package dev.parley.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the daemon's stream of events (server-sent events, HTML Standard §9.2) and goes on where
/// it was whenever the connection ends.
final class EventTail {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String base;
    private final String token;
    private Optional<String> cursor;

    /// @param cursor behind which event to begin; from now on where empty
    EventTail(String base, String token, Optional<String> cursor) {
        this.base = base;
        this.token = token;
        this.cursor = cursor;
    }

    /// One event: its id, its name, and the object that it carries.
    record Event(String id, String name, JsonNode data) {}

    /// What is done with an event. Only when this returns is the next one read.
    interface Reader {
        void read(Event event) throws IOException, InterruptedException;
    }

    /// Reads until the thread is interrupted, or the daemon refuses.
    ///
    /// @throws Failure when the daemon does not let us read
    void follow(Reader reader) throws InterruptedException {
        try (var http = HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build()) {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    read(http, reader);
                } catch (IOException _) {
                    Thread.sleep(PAUSE); // it may be restarting; nothing is missed meanwhile
                }
            }
        }
    }

    private void read(HttpClient http, Reader reader) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + "/api/v1/events"))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream");
        cursor.ifPresent(id -> request.header("Last-Event-ID", id));
        HttpResponse<Stream<String>> response = http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        try (var lines = response.body()) {
            if (response.statusCode() == 401 || response.statusCode() == 403) {
                throw new Failure(
                        "the daemon does not let this token read events (HTTP status " + response.statusCode() + ")");
            }
            if (response.statusCode() != 200) {
                throw new IOException("HTTP status " + response.statusCode());
            }
            dispatch(lines, reader);
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void dispatch(Stream<String> lines, Reader reader) throws IOException, InterruptedException {
        var id = "";
        var name = "";
        var data = new StringBuilder();
        for (var each = lines.iterator(); each.hasNext(); ) {
            var line = each.next();
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line, 6, line.length());
            } else if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    reader.read(new Event(id, name, JsonMapper.shared().readTree(data.toString())));
                }
                if (!id.isEmpty()) {
                    cursor = Optional.of(id);
                }
                name = "";
                data.setLength(0);
            }
        }
    }
}
