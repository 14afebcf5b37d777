package dev.parley.sim.control;

import com.sun.net.httpserver.HttpExchange;
import dev.parley.sim.network.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `GET /events`: what happens in the network, as server-sent events (HTML Living Standard §9.2). It begins with what
/// is kept of before; `Last-Event-ID` resumes.
final class EventStream {

    /// So that a proxy or a browser sees that the connection lives.
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /// Each holds a thread.
    static final int READERS_MAX = 64;

    private final Journal journal;
    private final Semaphore places = new Semaphore(READERS_MAX);

    EventStream(Journal journal) {
        this.journal = journal;
    }

    /// Answers the request if it is for the stream, until whoever reads it is gone.
    ///
    /// @return whether it was
    boolean serves(HttpExchange http) throws IOException {
        if (!http.getRequestURI().getPath().equals("/events")
                || !http.getRequestMethod().equals("GET")) {
            return false;
        }
        if (!places.tryAcquire()) {
            http.sendResponseHeaders(503, -1);
            return true;
        }
        try {
            tell(http);
        } finally {
            places.release();
        }
        return true;
    }

    private void tell(HttpExchange http) throws IOException {
        var headers = http.getResponseHeaders();
        headers.set("Content-Type", "text/event-stream");
        headers.set("Cache-Control", "no-store");
        http.sendResponseHeaders(200, 0);
        long seen = from(http.getRequestHeaders().getFirst("Last-Event-ID"));
        try (var out = http.getResponseBody()) {
            out.write("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (true) {
                var entries = journal.after(seen, HEARTBEAT);
                var block = new StringBuilder();
                for (var entry : entries) {
                    seen = entry.id();
                    block.append("id: ").append(entry.id()).append("\nevent: ").append(entry.type());
                    block.append("\ndata: ")
                            .append(JsonMapper.shared().writeValueAsString(entry))
                            .append("\n\n");
                }
                out.write((entries.isEmpty() ? ":\n\n" : block.toString()).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the program ends
        } catch (IOException _) {
            // The reader is gone, which is how a stream ends.
        }
    }

    /// After a restart ids begin anew: one that is not reached yet is of another life.
    private long from(@Nullable String id) {
        long last = id != null && id.matches("[0-9]{1,18}") ? Long.parseLong(id) : 0;
        return last > journal.last() ? 0 : last;
    }
}
