package dev.parley.http;

import dev.parley.http.Routes.Match;
import dev.parley.store.StoreUnavailable;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server: its socket, its threads and its bounds.
@SuppressWarnings("FutureReturnValueIgnored") // what fails here closes a channel, which is told by itself
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /// A request line; the longest honest one is a search with a cursor.
    static final int LINE_OCTETS_MAX = 8 * 1024;

    static final int HEADER_OCTETS_MAX = 16 * 1024;

    /// Each may hold a body of a megabyte once it said who it is, and a few kilobytes before.
    static final int CONNECTIONS_MAX = 2_000;

    /// Requests at work. Each wants a connection to the database sooner or later, of which there
    /// are fewer.
    static final int AT_WORK_MAX = 64;

    /// How long a request waits for its turn before it is told to come back.
    static final Duration TURN_MAX = Duration.ofSeconds(5);

    /// Event streams; each is a thread that mostly waits.
    static final int STREAMS_MAX = 1_000;

    /// How long closing waits for the requests at work.
    static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    /// How often what is too old is deleted from the tables of sessions and answers.
    static final Duration SWEEP = Duration.ofMinutes(10);

    private static final int BACKLOG = 512;

    /// They parse and write; two keep up with what the database does.
    private static final int LOOPS = 2;

    private final Clock clock;
    private final Router router;
    private final HttpMetrics metrics;
    private final Idempotency idempotency;
    private final Services services;
    private final Optional<TlsFiles> tls;
    private final Semaphore atWork = new Semaphore(AT_WORK_MAX);
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("http-", 0).factory());
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(LOOPS, new DefaultThreadFactory("http-loop"), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private Optional<Channel> acceptor = Optional.empty();
    private final String host;
    private volatile boolean draining;

    private HttpServer(HttpSettings settings, Services services) throws IOException {
        this.clock = services.clock();
        this.services = services;
        this.tls = settings.tls().isPresent()
                ? Optional.of(TlsFiles.open(settings.tls().get()))
                : Optional.empty();
        this.metrics = new HttpMetrics(services.metrics());
        this.idempotency = new Idempotency(services.store(), services.clock());
        var callers = new Callers(services.tokens(), services.sessions());
        var pages = new Pages();
        this.router = new Router(
                Api.routes(services, pages, callers, metrics, tls.isPresent()),
                pages,
                callers,
                idempotency,
                services.events());
        this.host = settings.listen().getHostString();
    }

    /// Makes sure that nobody else serves at this address, so that a daemon that is started twice says so before it has
    /// opened a port or bound a session.
    ///
    /// @throws IOException as [#start]
    public static void requireFree(InetSocketAddress listen) throws IOException {
        try (var trial = new ServerSocket()) {
            trial.bind(resolved(listen));
        } catch (IOException e) {
            throw taken(listen, e);
        }
    }

    private static InetSocketAddress resolved(InetSocketAddress listen) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getAllByName(listen.getHostString())[0], listen.getPort());
    }

    private static IOException taken(InetSocketAddress listen, Throwable cause) {
        return new IOException(
                "Cannot listen on " + listen.getHostString() + ":" + listen.getPort() + ": " + cause.getMessage()
                        + ". Is another program, or another Parley, there already?",
                cause);
    }

    /// Binds and serves.
    ///
    /// @throws IOException with a sentence that says what to do, when it cannot listen there or
    /// a TLS file is no good
    public static HttpServer start(HttpSettings settings, Services services) throws IOException {
        var server = new HttpServer(settings, services);
        try {
            server.bind(settings.listen());
        } catch (IOException e) {
            server.close();
            throw e;
        }
        server.workers.execute(server::sweep);
        return server;
    }

    private void bind(InetSocketAddress listen) throws IOException {
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(resolved(listen))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw taken(listen, bound.cause());
        }
        acceptor = Optional.of(bound.channel());
    }

    /// The pipeline: TLS, octets to pieces of requests, one piece at a time, and the connection
    /// that makes requests of them; answers to octets on the way back.
    private void accept(SocketChannel channel) {
        if (draining || connections.size() >= CONNECTIONS_MAX) {
            metrics.connectionRefused();
            channel.close();
            return;
        }
        connections.add(channel);
        metrics.connections.incrementAndGet();
        channel.closeFuture().addListener(_ -> metrics.connections.decrementAndGet());
        var pipeline = channel.pipeline();
        tls.ifPresent(files -> pipeline.addLast("tls", files.context().newHandler(channel.alloc())));
        pipeline.addLast("decoder", new StrictRequestDecoder())
                .addLast("encoder", new HttpResponseEncoder())
                .addLast("one at a time", new FlowControlHandler())
                .addLast("connection", new Connection(this, tls.isPresent()));
    }

    /// The socket's real address and port.
    public InetSocketAddress address() {
        return (InetSocketAddress) acceptor.orElseThrow().localAddress();
    }

    /// Where the API answers, with the port that was really taken: `http://127.0.0.1:8080`.
    public String url() {
        var name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (tls.isPresent() ? "https://" : "http://") + name + ":"
                + address().getPort();
    }

    Router router() {
        return router;
    }

    HttpMetrics metrics() {
        return metrics;
    }

    Clock clock() {
        return clock;
    }

    ExecutorService workers() {
        return workers;
    }

    boolean isDraining() {
        return draining;
    }

    /// Answers within the bound on requests at work. Virtual threads have none of their own.
    Response answer(Request request, Match match) throws InterruptedException {
        if (!atWork.tryAcquire(TURN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            return Response.problem(Problems.busy());
        }
        metrics.atWork.incrementAndGet();
        try {
            return router.answer(request, match);
        } finally {
            metrics.atWork.decrementAndGet();
            atWork.release();
        }
    }

    private void sweep() {
        try {
            while (!draining) {
                try {
                    while (idempotency.deleteBite() == Idempotency.DELETE_BITE) {
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
    /// work at most [#CLOSE_MAX], and ends what is left. Does not throw.
    @Override
    public void close() {
        draining = true;
        acceptor.ifPresent(channel -> channel.close().awaitUninterruptibly());
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
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
