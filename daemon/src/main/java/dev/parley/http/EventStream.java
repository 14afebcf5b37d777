package dev.parley.http;

import dev.parley.event.Event;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `GET /api/v1/events`: the event log as server-sent events (WHATWG HTML §9.2), filtered by
/// what the reader may see.
///
/// Nothing is queued for a reader: it is at a place in the log, reads on from there when its
/// socket has taken what it got, and waits where the log ends. Ids in the log have no gaps, so
/// that a reader that fell behind what is kept, or comes back too late, is found out by the
/// first id that does not follow: it gets an event `reset`, which says that it should load
/// afresh, and goes on from the oldest that is kept.
final class EventStream {

    /// How often a quiet stream says that it lives, and whether its reader may still read is
    /// asked again.
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /// How old the answer to that may be when something is sent.
    private static final Duration TRUST = Duration.ofSeconds(1);

    /// How often a stream that waits looks whether its reader is still there.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// Events in one piece.
    private static final int TOGETHER_MAX = 100;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /// Streams that read what memory does not have, at once: each takes one of the connections to the database, which
    /// are for others, too.
    private static final int CATCHING_UP_MAX = 4;

    /// Of one user.
    private static final int CATCHING_UP_OF_ACCOUNT_MAX = 2;

    /// When it is worth asking again for a stream, where there was none to be had.
    private static final Duration FULL = Duration.ofSeconds(30);

    static final String HEADER = "Last-Event-ID";
    static final String PARAMETER = "lastEventId";

    private final Store store;
    private final EventLog events;
    private final Callers callers;
    private final HttpMetrics metrics;
    private final Turns ofAccounts = new Turns(HttpServer.STREAMS_MAX, HttpServer.STREAMS_OF_ACCOUNT_MAX);
    private final Turns catchingUp = new Turns(CATCHING_UP_MAX, CATCHING_UP_OF_ACCOUNT_MAX);
    private final Turns ofAddresses = new Turns(HttpServer.STREAMS_MAX, HttpServer.STREAMS_OF_ADDRESS_MAX);

    EventStream(Store store, EventLog events, Callers callers, HttpMetrics metrics) {
        this.store = store;
        this.events = events;
        this.callers = callers;
        this.metrics = metrics;
    }

    /// @param cursor the id of the last event that the reader has seen, or counts as having seen
    /// @param reset whether it missed some before that
    private record Start(long cursor, boolean reset) {}

    Response open(Request request) {
        var caller = request.known();
        var start = start(request.header(HEADER).or(() -> request.parameter(PARAMETER)));
        var address = Network.peer(request.from());
        if (!ofAccounts.hasOne(caller.account().id()) || !ofAddresses.hasOne(address)) {
            return Response.problem(Problems.TOO_MANY_STREAMS).retryAfter(FULL);
        }
        return Response.stream("text/event-stream", out -> stream(out, caller, address, start))
                .with("X-Accel-Buffering", "no"); // nginx would hold events back
    }

    private Start start(Optional<String> lastSeen) {
        if (lastSeen.isEmpty()) {
            return new Start(events.latest(), false);
        }
        long oldestSeen = events.oldest() - 1;
        if (lastSeen.get().equals("0")) {
            return new Start(oldestSeen, false);
        }
        long seen = Ids.require(
                lastSeen.get(),
                () -> Problems.badField(
                        HEADER,
                        "bad-event-id",
                        HEADER + " is the id of an event that was received here, or 0 for all that are kept."));
        if (seen < oldestSeen) {
            return new Start(oldestSeen, true);
        }
        long latest = events.latest();
        // From a database that is not there any more.
        return seen > latest ? new Start(latest, true) : new Start(seen, false);
    }

    private void stream(Outlet out, Caller caller, String address, Start start)
            throws InterruptedException, Outlet.Gone {
        try (var ofAccount = ofAccounts.take(caller.account().id(), Duration.ZERO);
                var ofAddress = ofAddresses.take(address, Duration.ZERO)) {
            if (ofAccount != null && ofAddress != null) {
                metrics.streams.incrementAndGet();
                try {
                    // With the place in the log at once: a connection lost before the first event goes on from
                    // here.
                    out.write("retry: " + RETRY.toMillis() + "\nid: " + start.cursor + "\n\n");
                    if (start.reset) {
                        out.write(reset(start.cursor));
                    }
                    new Reader(out, caller, start.cursor).read();
                } finally {
                    metrics.streams.decrementAndGet();
                }
            }
        }
    }

    private static String reset(long cursor) {
        return "id: " + cursor + "\nevent: reset\ndata: {\"reason\":\"Events before this are not kept any more."
                + " Load afresh what you show.\"}\n\n";
    }

    /// One stream.
    private final class Reader {
        private final Outlet out;
        private Caller caller;
        private long cursor;
        private long told; // the last id that the reader knows
        private long askedAt = System.nanoTime();

        Reader(Outlet out, Caller caller, long cursor) {
            this.out = out;
            this.caller = caller;
            this.cursor = cursor;
            this.told = cursor;
        }

        /// Ends when the reader goes or may not read any more.
        void read() throws InterruptedException, Outlet.Gone {
            while (true) {
                try {
                    boolean grown = grows();
                    var batch = grown ? next() : List.<Event>of();
                    if (!out.isOpen()) {
                        return;
                    }
                    if (!mayStillRead(grown ? TRUST : Duration.ZERO)) {
                        return;
                    }
                    if (!batch.isEmpty()) {
                        if (!send(batch)) {
                            return;
                        }
                    } else if (grown) {
                        skip();
                    } else {
                        beat();
                    }
                } catch (StoreUnavailable e) {
                    out.write(": the database is away\n\n");
                    Thread.sleep(RETRY);
                }
            }
        }

        private List<Event> next() throws InterruptedException {
            var known = events.recentAfter(cursor, TOGETHER_MAX);
            if (!known.isEmpty()) {
                return known;
            }
            while (out.isOpen()) {
                try (var turn = catchingUp.take(caller.account().id(), LOOK)) {
                    if (turn != null) {
                        return events.after(cursor, TOGETHER_MAX);
                    }
                }
            }
            return List.of();
        }

        /// Waits for the next heartbeat at most.
        private boolean grows() throws InterruptedException {
            for (var waited = Duration.ZERO;
                    waited.compareTo(HEARTBEAT) < 0 && out.isOpen();
                    waited = waited.plus(LOOK)) {
                if (events.await(cursor, LOOK)) {
                    return true;
                }
            }
            return false;
        }

        private boolean mayStillRead(Duration trust) {
            long now = System.nanoTime();
            if (now - askedAt < trust.toNanos()) {
                return true;
            }
            // A stream that is open is no use of the session: an unattended page must time out.
            var again = callers.still(caller.credential());
            again.ifPresent(known -> caller = known);
            askedAt = now;
            return again.isPresent();
        }

        /// @return false if nothing may be read any more
        private boolean send(List<Event> batch) throws InterruptedException, Outlet.Gone {
            var text = new StringBuilder();
            long before = batch.getFirst().id() - 1;
            if (before != cursor) {
                text.append(reset(before));
            }
            boolean accessChanged = batch.stream()
                    .anyMatch(event -> event.type() == EventType.ACCESS_UPDATED
                            && event.scope().accountId() == caller.account().id());
            if (accessChanged && !mayStillRead(Duration.ZERO)) {
                return false;
            }
            var readable = caller.access().readable(store, batch);
            for (var event : readable) {
                text.append("id: ")
                        .append(event.id())
                        .append("\nevent: ")
                        .append(event.type().label());
                event.json().lines().forEach(line -> text.append("\ndata: ").append(line));
                text.append("\n\n");
                told = event.id();
            }
            out.write(text.toString());
            cursor = batch.getLast().id();
            return true;
        }

        /// All that came is deleted by now.
        private void skip() throws InterruptedException, Outlet.Gone {
            cursor = Math.max(cursor, events.oldest() - 1);
            out.write(reset(cursor));
        }

        /// An id without data moves the reader's Last-Event-ID past what it may not see, and is
        /// no event to it.
        private void beat() throws InterruptedException, Outlet.Gone {
            out.write(told == cursor ? ": alive\n\n" : ": alive\nid: " + cursor + "\n\n");
            told = cursor;
        }
    }
}
