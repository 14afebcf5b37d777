package dev.parley;

import dev.parley.config.Config;
import dev.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// The composition root: builds the daemon by plain constructors in the order of its needs, and stops it in reverse.
public final class Parley implements AutoCloseable {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private String url = "";

    private Parley() {}

    /// Starts the parts in the order of their needs. If one fails, those already running are stopped, newest first.
    public static Parley start(Config config) throws IOException {
        var parley = new Parley();
        try {
            var store = parley.running(Store.open(config.database(), new SimpleMeterRegistry()));
            parley.url = "http://" + config.http().listen().getHostString() + ":"
                    + config.http().listen().getPort();
            store.isUp();
            return parley;
        } catch (RuntimeException e) {
            parley.close();
            throw e;
        }
    }

    /// Where the API answers, with the port that was really taken: `http://127.0.0.1:8080`.
    public String url() {
        return url;
    }

    /// Whether the daemon does its work, for a watchdog.
    public boolean isWell() {
        return true;
    }

    private <T extends AutoCloseable> T running(T part) {
        running.push(part);
        return part;
    }

    /// Stops what runs, newest first. Does not throw.
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of Parley does not close as it promises", e);
            }
        }
    }
}
