package dev.parley.http;

import dev.parley.http.Router.Admission;
import dev.parley.store.StoreUnavailable;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server behind a [Door]: who comes in, the threads at work, and their bounds.
@SuppressWarnings("FutureReturnValueIgnored") // what fails here closes a channel, which is told by itself
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /// A request line; the longest honest one is a search with a cursor.
    static final int LINE_OCTETS_MAX = 8 * 1024;

    static final int HEADER_OCTETS_MAX = 16 * 1024;

    /// However much memory there is.
    static final int CONNECTIONS_MAX = 2_000;

    /// What a connection may cost of the heap: pipeline, decoder and a head, and with TLS its engine and
    /// buffers.
    private static final int CONNECTION_OCTETS = 64 * 1024;

    private static final int TLS_CONNECTION_OCTETS = 192 * 1024;

    /// Bodies in memory together are at most such a part of the heap: each is there three times over
    /// while it is read into what it means. Small bodies have as much again of their own, so that large
    /// ones never keep a text out.
    private static final int BODIES_PART = 16;

    /// Answers that wait for their readers are at most such a part of the heap.
    private static final int UNREAD_PART = 8;

    /// With less the largest body of all would not fit.
    private static final long BODIES_MIN = 2L * ContactRoutes.IMPORT_OCTETS_MAX;

    private static final long BODIES_MAX = 64L << 20;

    /// Requests at work. Each wants a connection to the database sooner or later, of which there
    /// are fewer.
    static final int AT_WORK_MAX = 64;

    /// Of one user.
    static final int AT_WORK_OF_ACCOUNT_MAX = 32;

    /// Small requests that wait for the writer alone, and so take no turn from those that read. What is
    /// written together costs less, so that there are more of these.
    static final int QUICK_AT_WORK_MAX = 128;

    /// Of one user. More would be written no faster, but would wait for a link's window instead of for
    /// a turn.
    static final int QUICK_AT_WORK_OF_ACCOUNT_MAX = 48;

    /// Credentials being looked at, and requests of nobody in particular: they take no turn from those
    /// of users.
    static final int STRANGERS_AT_WORK_MAX = 16;

    /// Of one address.
    static final int STRANGERS_OF_ADDRESS_AT_WORK_MAX = 10;

    /// How long a request waits for its turn before it is told to come back.
    static final Duration TURN_MAX = Duration.ofSeconds(5);

    /// Event streams; each is a thread that mostly waits.
    static final int STREAMS_MAX = 1_000;

    /// Of one user: a browser has one, a program one or two.
    static final int STREAMS_OF_ACCOUNT_MAX = 100;

    /// Of one address, which a whole office may have.
    static final int STREAMS_OF_ADDRESS_MAX = 500;

    /// How long closing waits for the requests at work.
    static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    /// How often what is too old is deleted from the tables of sessions and answers.
    static final Duration SWEEP = Duration.ofMinutes(10);

    private final Door door;
    final Router router;
    final HttpMetrics metrics;
    final Services services;
    private final Optional<TlsFiles> tls;
    final Proxies proxies;
    final Guests guests;
    private final BodyBudget smallBodies;
    private final BodyBudget largeBodies;
    private final BodyBudget strangersBodies;
    final Unread unread;
    private final Turns atWork = new Turns(AT_WORK_MAX, AT_WORK_OF_ACCOUNT_MAX);
    private final Turns quickAtWork = new Turns(QUICK_AT_WORK_MAX, QUICK_AT_WORK_OF_ACCOUNT_MAX);
    private final Turns strangers = new Turns(STRANGERS_AT_WORK_MAX, STRANGERS_OF_ADDRESS_AT_WORK_MAX);
    private final Turns credentials = new Turns(STRANGERS_AT_WORK_MAX, STRANGERS_OF_ADDRESS_AT_WORK_MAX);
    final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("http-", 0).factory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private volatile boolean draining;

    private HttpServer(Door door, HttpSettings settings, Services services) throws IOException {
        this.door = door;
        this.services = services;
        this.tls = settings.tls().isPresent()
                ? Optional.of(TlsFiles.open(settings.tls().get()))
                : Optional.empty();
        this.metrics = new HttpMetrics(services.metrics());
        var audit = new Audit(services.audit(), services.clock());
        var deeds = new Deeds(services.store(), audit);
        var callers = new Callers(services.tokens(), services.sessions());
        var pages = new Pages();
        this.router = new Router(
                Api.routes(services, pages, callers, metrics),
                pages,
                callers,
                new Idempotency(services.store(), deeds, services.clock()),
                services.events(),
                deeds,
                audit);
        this.proxies = new Proxies(settings.trustedProxies());
        long heap = Runtime.getRuntime().maxMemory();
        this.guests = new Guests(
                Math.clamp(
                        heap / 2 / (tls.isPresent() ? TLS_CONNECTION_OCTETS : CONNECTION_OCTETS),
                        2 * Guests.RESERVE,
                        CONNECTIONS_MAX),
                proxies);
        long bodies = Math.clamp(heap / BODIES_PART, BODIES_MIN, BODIES_MAX);
        this.smallBodies = new BodyBudget(bodies);
        this.largeBodies = new BodyBudget(bodies);
        this.strangersBodies = new BodyBudget(bodies / 2);
        this.unread = new Unread(Math.max(heap / UNREAD_PART, BODIES_MIN));
    }

    /// Serves whoever comes in by `door`, until it is closed.
    ///
    /// @throws IOException with a sentence that says what to do, when a TLS file is no good
    public static HttpServer start(Door door, HttpSettings settings, Services services) throws IOException {
        var server = new HttpServer(door, settings, services);
        door.enter(server);
        server.workers.execute(server::sweep);
        return server;
    }

    /// Makes sure that a server of these settings could start.
    ///
    /// @throws IOException as [#start]
    public static void requireUsable(HttpSettings settings) throws IOException {
        if (settings.tls().isPresent()) {
            TlsFiles.open(settings.tls().get());
        }
    }

    /// Reads the certificate again if its files have changed; connections from now on get it.
    ///
    /// @return whether there is another one now
    /// @throws IOException with a sentence, when the new one cannot be used and the old one stays
    public boolean renewCertificate() throws IOException {
        return tls.isPresent() && tls.get().renew();
    }

    /// The pipeline: TLS, octets to pieces of requests, one piece at a time, and the connection
    /// that makes requests of them; answers to octets on the way back.
    void accept(SocketChannel channel) {
        var connection = new Connection(this, tls.isPresent());
        if (draining || !guests.arrives(connection, channel.remoteAddress().getAddress())) {
            metrics.refusedConnections.increment();
            channel.close();
            return;
        }
        connections.add(channel);
        metrics.connections.incrementAndGet();
        channel.closeFuture().addListener(_ -> {
            guests.leaves(connection);
            metrics.connections.decrementAndGet();
        });
        var pipeline = channel.pipeline();
        tls.ifPresent(files -> pipeline.addLast("tls", files.context().newHandler(channel.alloc())));
        pipeline.addLast("decoder", new StrictRequestDecoder())
                .addLast("encoder", new HttpResponseEncoder())
                .addLast("one at a time", new FlowControlHandler())
                .addLast("connection", connection);
    }

    /// The socket's real address and port.
    public InetSocketAddress address() {
        return door.address();
    }

    /// Where the API answers, with the port that was really taken: `http://127.0.0.1:8080`.
    public String url() {
        var host = door.host();
        var name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (tls.isPresent() ? "https://" : "http://") + name + ":"
                + address().getPort();
    }

    boolean isDraining() {
        return draining;
    }

    /// Where a body takes its place. Nobody's bodies have a room of their own: they keep no user's out,
    /// neither by their number nor by coming from the same address.
    ///
    /// @param known whether it is known who sends it
    /// @param octetsMax what the route takes
    /// @param length what the body says, 0 where it does not
    BodyBudget room(boolean known, int octetsMax, long length) {
        if (!known) {
            return strangersBodies;
        }
        return (length > 0 ? length : octetsMax) <= Connection.ANONYMOUS_OCTETS_MAX ? smallBodies : largeBodies;
    }

    /// An answer, and who got it, where that is known.
    record Answered(Response response, Optional<Caller> by) {}

    /// Asks who sent a request and whether they may, within a bound of its own: who has no credentials
    /// that are good takes nothing from those who have.
    Admission admit(Request request) throws InterruptedException {
        try (var turn = credentials.take(Network.peer(request.from()), TURN_MAX)) {
            return turn == null ? new Admission.Ended(Response.problem(Problems.BUSY)) : router.admit(request);
        }
    }

    /// Answers within the bounds on requests at work.
    ///
    /// @param request says who sent it if that was asked before
    Answered answer(Request request) throws InterruptedException {
        return switch (request.caller().isPresent() ? new Admission.Admitted(request) : admit(request)) {
            case Admission.Ended(var response) -> new Answered(response, Optional.empty());
            case Admission.Admitted(var admitted) -> new Answered(worked(admitted), admitted.caller());
        };
    }

    private Response worked(Request request) throws InterruptedException {
        var by = request.caller()
                .<Object>map(caller -> caller.account().id())
                .orElseGet(() -> Network.peer(request.from()));
        try (var turn = turns(request).take(by, TURN_MAX)) {
            if (turn == null) {
                return Response.problem(Problems.BUSY);
            }
            metrics.atWork.incrementAndGet();
            try {
                return router.answer(request);
            } finally {
                metrics.atWork.decrementAndGet();
            }
        }
    }

    private Turns turns(Request request) {
        if (request.caller().isEmpty()) {
            return strangers;
        }
        return request.route().quick && request.body().length <= Connection.ANONYMOUS_OCTETS_MAX ? quickAtWork : atWork;
    }

    private void sweep() {
        try {
            while (!draining) {
                try {
                    while (router.idempotency().deleteBite() == Idempotency.DELETE_BITE) {
                        // the next bite
                    }
                    while (services.sessions().deleteExpired() > 0) {
                        // the next bite
                    }
                } catch (StoreUnavailable e) {
                    LOG.debug("nothing swept: {}", e.getMessage());
                }
                Thread.sleep(SWEEP);
            }
        } catch (InterruptedException _) {
            // the server is closing
        }
    }

    /// Takes no more connections, ends streams and idle connections, waits for the requests at
    /// work at most [#CLOSE_MAX], and ends what is left. The door is not its own and stays. Does not
    /// throw.
    @Override
    public void close() {
        door.leave();
        draining = true;
        for (var channel : connections) {
            channel.eventLoop().execute(() -> {
                var context = channel.pipeline().context("connection");
                if (context != null && context.handler() instanceof Connection connection) {
                    connection.drain(context);
                }
            });
        }
        boolean done = connections.newCloseFuture().awaitUninterruptibly(CLOSE_MAX.toMillis());
        if (!done) {
            LOG.warn(
                    "{} connections were still busy after {} s and are cut off",
                    connections.size(),
                    CLOSE_MAX.toSeconds());
        }
        workers.shutdownNow();
        connections.close().awaitUninterruptibly(CLOSE_MAX.toMillis());
    }
}
