package dev.parley.http;

import dev.parley.http.HttpServer.Answered;
import dev.parley.http.Router.Admission;
import dev.parley.http.Routes.Match;
import dev.parley.problem.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection. Everything here runs on its event loop, but for [#work].
///
/// ```
///   idle ──head──▶ asking ──may──▶ collecting ──end of body──▶ at work ──answered──▶ idle
///     │              │                                            └──▶ streaming ──end──▶ (closed)
///     │              ├── may not, short body ──▶ skipping ──end of body──▶ idle
///     │              └── may not ──▶ leaving ──▶ (closed) ◀──bad, too large, too slow── collecting
///     └──head without a body──▶ collecting
/// ```
///
/// A body is read only after its sender is known and may do what it wants, and there is room for it:
/// until then it stays in the sender's socket.
///
/// Auto-read is off and a `FlowControlHandler` in front gives one piece for each `read()`: while
/// a request is at work nothing more is read, so that pipelined requests wait in the socket and
/// are answered in their order (RFC 9112 §9.3.2). Each phase has a deadline, which no trickle of
/// octets moves.
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is told
final class Connection extends ChannelInboundHandlerAdapter implements Guests.Guest {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /// From an answer to the whole head of the next request.
    static final Duration HEAD_MAX = Duration.ofSeconds(60);

    /// From the connect to the whole head of the first request, TLS included.
    static final Duration FIRST_HEAD_MAX = Duration.ofSeconds(20);

    /// From the head to the end of the body.
    static final Duration BODY_MAX = Duration.ofSeconds(30);

    /// For the peer to read a whole answer.
    static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    /// How long what the peer still sends is thrown away after a refusal: closing at once would
    /// reset the connection, and the peer might never see why it was refused (RFC 9112 §9.6).
    static final Duration LEAVING_MAX = Duration.ofSeconds(2);

    /// How long a request that is on its way has to arrive when the server closes.
    static final Duration DRAIN_MAX = Duration.ofMillis(250);

    /// What a body may have that nobody vouches for: enough to sign in.
    static final int ANONYMOUS_OCTETS_MAX = 16 * 1024;

    private enum Phase {
        IDLE,
        ASKING,
        COLLECTING,
        AT_WORK,
        STREAMING,
        SKIPPING,
        LEAVING
    }

    /// A request that is being collected, or answered.
    ///
    /// @param message as it came
    /// @param request without its body; says who sent it, once that is known
    private record Head(HttpRequest message, Request request, int octetsMax, boolean keepAlive, long begun) {
        Head by(Optional<Caller> sender) {
            return new Head(message, request.by(sender), octetsMax, keepAlive, begun);
        }

        boolean bodyWanted() {
            return !request.method().equals("HEAD");
        }
    }

    private final HttpServer server;
    private final boolean tls;
    private volatile Phase phase = Phase.IDLE; // written on the event loop alone
    private @Nullable Head head;
    private BodyBudget.@Nullable Body body;
    private boolean first = true; // no request came yet
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean gone;
    private boolean stays = true; // its user has not too many others
    private boolean wanted; // a piece was asked for and has not come yet

    Connection(HttpServer server, boolean tls) {
        this.server = server;
        this.tls = tls;
    }

    @Override
    public boolean keepsUsWaiting() {
        return phase == Phase.IDLE || phase == Phase.COLLECTING || phase == Phase.SKIPPING;
    }

    @Override
    public void displace() {
        var ours = channel;
        if (ours != null) {
            server.metrics.displacedConnections.increment();
            ours.close();
        }
    }

    // ---- coming and going ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        idle(ctx);
        ctx.fireChannelActive();
    }

    private void idle(ChannelHandlerContext ctx) {
        phase = Phase.IDLE;
        head = null;
        letGo();
        if (server.isDraining()) {
            ctx.close();
            return;
        }
        within(ctx, first ? FIRST_HEAD_MAX : HEAD_MAX, ctx::close);
        want(ctx);
    }

    /// Ends the connection now if it has nothing at work, else when that is answered; a stream
    /// ends itself. Who has just come has hardly come to say nothing: its request has a moment to
    /// arrive, and so has the rest of a body.
    void drain(ChannelHandlerContext ctx) {
        if (phase == Phase.COLLECTING || (phase == Phase.IDLE && first)) {
            within(ctx, DRAIN_MAX, ctx::close);
        } else if (phase == Phase.IDLE) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone = true;
        cancelDeadline();
        server.unread.ends(this);
        if (phase != Phase.AT_WORK) {
            letGo();
        }
        ctx.fireChannelInactive();
    }

    private void letGo() {
        var held = body;
        if (held != null) {
            held.leave();
        }
        body = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            // Netty throws its own, of which the JVM knows nothing. What ends the program for want of
            // memory is told.
            var thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
        }
        // A peer that resets, a TLS handshake that fails: theirs, and of every day on a public address.
        LOG.debug("connection {} ends: {}", ctx.channel().remoteAddress(), cause.toString());
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            LOG.warn("connection {} ends", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    private void want(ChannelHandlerContext ctx) {
        wanted = true;
        ctx.read();
    }

    /// What was read may not have made a piece yet; then the wish for one counts as fulfilled
    /// all the same, and has to be said again.
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (wanted) {
            ctx.read();
        }
    }

    private void within(ChannelHandlerContext ctx, Duration time, Runnable otherwise) {
        cancelDeadline();
        deadline = ctx.executor().schedule(otherwise, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    // ---- a request comes in ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object piece) {
        wanted = false;
        try {
            switch (phase) {
                case IDLE, COLLECTING -> collect(ctx, piece);
                case LEAVING -> want(ctx);
                case SKIPPING -> {
                    if (piece instanceof LastHttpContent) {
                        idle(ctx);
                    } else {
                        want(ctx);
                    }
                }
                case ASKING -> throw new IllegalStateException("read before it is known whether it may be");
                // Nobody asks anything behind a stream that does not end; what comes is no reader of
                // events.
                case STREAMING -> ctx.close();
                case AT_WORK -> throw new IllegalStateException("read while a request is at work");
            }
        } catch (Refused e) {
            refuse(ctx, e.response());
        } finally {
            ReferenceCountUtil.release(piece);
        }
    }

    private void collect(ChannelHandlerContext ctx, Object piece) {
        if (piece instanceof HttpRequest request) {
            begin(ctx, request);
            return;
        }
        var known = head;
        if (piece instanceof HttpContent content && known != null) {
            if (content.decoderResult().isFailure()) {
                throw new Refused(malformed(content.decoderResult().cause()));
            }
            append(known, content.content());
            if (piece instanceof LastHttpContent) {
                dispatch(ctx, known);
                return;
            }
        }
        want(ctx);
    }

    private void append(Head known, ByteBuf octets) {
        int more = octets.readableBytes();
        if (more == 0) {
            return;
        }
        var collected = body;
        if (collected == null || collected.length() + more > known.octetsMax) {
            throw new Refused(Problems.tooLarge(known.octetsMax));
        }
        if (!collected.append(octets)) {
            throw new Refused(Problems.NO_ROOM);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            throw new Refused(malformed(request.decoderResult().cause()));
        }
        if (request.protocolVersion().majorVersion() != 1) {
            throw new Refused(new Problem(505, "http-version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."));
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.protocolVersion().minorVersion() >= 1)) {
            throw new Refused(Problems.badField("Host", "bad-host", "A request has one header Host (RFC 9112 §3.2)."));
        }
        var target = target(request.uri());
        int mark = target.indexOf('?');
        var path = mark < 0 ? target : target.substring(0, mark);
        var match = server.router.routes().match(request.method().name(), path);
        if (!isFramedAsWeRead(request)) {
            throw new Refused(Problems.badField(
                    "Transfer-Encoding",
                    "bad-transfer-encoding",
                    "Only Transfer-Encoding: chunked is understood, alone and once (RFC 9112 §6.1)."));
        }
        var origin = server.proxies.of(peer(ctx.channel()), request.headers(), tls);
        boolean named = Callers.credential(request.headers(), origin.secure()).isPresent();
        int octetsMax =
                match instanceof Match.Found(var route, var _) && named ? route.octetsMax : ANONYMOUS_OCTETS_MAX;
        var begun = new Head(
                request,
                new Request(
                        request.method().name(),
                        path,
                        mark < 0 ? "" : target.substring(mark + 1),
                        match,
                        request.headers().copy(),
                        new byte[0],
                        origin.address(),
                        origin.secure(),
                        Optional.empty()),
                octetsMax,
                HttpUtil.isKeepAlive(request) && !server.isDraining(),
                System.nanoTime());
        head = begun;
        first = false;
        if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0) {
            ask(ctx, begun);
        } else {
            collectBody(ctx, begun);
        }
    }

    /// A second reader could take what is not framed as plainly as this for another request.
    private static boolean isFramedAsWeRead(HttpRequest request) {
        var encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return encodings.isEmpty()
                || (encodings.size() == 1
                        && encodings.getFirst().strip().equalsIgnoreCase("chunked")
                        && request.protocolVersion().minorVersion() >= 1);
    }

    // ---- may its body come ----

    /// Asks who sent it and whether they may, on a virtual thread, before a single octet of the body is
    /// read.
    private void ask(ChannelHandlerContext ctx, Head begun) {
        phase = Phase.ASKING;
        work(ctx, () -> {
            var admission = server.admit(begun.request);
            ctx.executor().execute(() -> admitted(ctx, begun, admission));
        });
    }

    private void admitted(ChannelHandlerContext ctx, Head begun, Admission admission) {
        if (gone) {
            return;
        }
        switch (admission) {
            case Admission.Ended(var response) -> refuse(ctx, response);
            case Admission.Admitted(var request) -> {
                var known = begun.by(request.caller());
                head = known;
                known(known);
                try {
                    collectBody(ctx, known);
                } catch (Refused e) {
                    refuse(ctx, e.response());
                }
            }
        }
    }

    private void known(Head head) {
        head.request
                .caller()
                .ifPresent(caller ->
                        stays &= server.guests.isOf(this, caller.account().id()));
    }

    private void collectBody(ChannelHandlerContext ctx, Head begun) {
        phase = Phase.COLLECTING;
        long length = HttpUtil.getContentLength(begun.message, 0L);
        boolean chunked = HttpUtil.isTransferEncodingChunked(begun.message);
        if (length > begun.octetsMax) {
            throw new Refused(Problems.tooLarge(begun.octetsMax));
        }
        if (length > 0 || chunked) {
            var sender = begun.request.caller().map(caller -> caller.account().id());
            var room = server.room(sender.isPresent(), begun.octetsMax, length);
            if (length > room.largest()) {
                throw new Refused(Problems.tooLarge((int) room.largest()));
            }
            int octets = chunked ? BodyBudget.STEP : (int) length;
            var peer = Network.peer(begun.request.from());
            body = room.body(
                            octets,
                            sender.map(account -> List.<Object>of(account, peer))
                                    .orElse(List.of(peer)))
                    .orElseThrow(() -> new Refused(Problems.NO_ROOM));
        }
        var expect = begun.message.headers().get(HttpHeaderNames.EXPECT);
        if (expect != null) {
            if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
                throw new Refused(new Problem(417, "expectation-failed", "Only Expect: 100-continue is understood."));
            }
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        within(
                ctx,
                BODY_MAX,
                () -> refuse(
                        ctx,
                        Response.problem(new Problem(
                                408,
                                "too-slow",
                                "The body did not come within " + BODY_MAX.toSeconds() + " seconds."))));
        want(ctx);
    }

    /// The path and query of a request target in origin form or absolute form (RFC 9112 §3.2).
    /// What is not visible ASCII has to be percent-encoded.
    private static String target(String uri) {
        if (uri.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            if (uri.startsWith("/")) {
                return uri;
            }
            if (uri.equals("*")) {
                return "/*";
            }
            try {
                var absolute = new URI(uri);
                if (absolute.getScheme() != null && absolute.getHost() != null) {
                    return (absolute.getRawPath().isEmpty() ? "/" : absolute.getRawPath())
                            + (absolute.getRawQuery() == null ? "" : "?" + absolute.getRawQuery());
                }
            } catch (URISyntaxException _) {
                // said below
            }
        }
        throw new Refused(Problems.badRequest("bad-target", "The request target is no path in ASCII."));
    }

    private static Problem malformed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new Problem(
                        414,
                        "target-too-long",
                        "The request line is longer than " + HttpServer.LINE_OCTETS_MAX + " octets.");
            case TooLongHttpHeaderException _ ->
                new Problem(
                        431,
                        "headers-too-large",
                        "The headers are larger than " + HttpServer.HEADER_OCTETS_MAX + " octets together.");
            default ->
                Problems.badRequest(
                        "malformed-request",
                        "This is no HTTP/1.1 request: "
                                + Optional.ofNullable(cause.getMessage()).orElse("it cannot be read"));
        };
    }

    // ---- it is worked on ----

    private void dispatch(ChannelHandlerContext ctx, Head known) {
        phase = Phase.AT_WORK;
        var collected = body;
        var request = collected == null ? known.request : known.request.with(collected.octets());
        work(ctx, () -> work(ctx, known, request));
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    /// Does something on a thread of its own. An error of the program, which nobody answers, ends the connection: its
    /// peer would wait for ever, and it would take a place for as long.
    private void work(ChannelHandlerContext ctx, Work work) {
        cancelDeadline();
        try {
            server.workers.execute(() -> {
                try {
                    work.run();
                } catch (InterruptedException _) {
                    ctx.close(); // the server is closing, and waited long enough for us
                } catch (Error e) {
                    ctx.close();
                    throw e;
                }
            });
        } catch (RejectedExecutionException _) {
            ctx.close(); // the server is closing
        }
    }

    private static InetAddress peer(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /// On the request's own virtual thread.
    private void work(ChannelHandlerContext ctx, Head known, Request request) throws InterruptedException {
        Answered answered;
        try {
            answered = server.answer(request);
        } finally {
            ctx.executor().execute(this::letGo);
        }
        var response = Gzip.packed(request, answered.response());
        var head = known.by(answered.by());
        ctx.executor().execute(() -> known(head));
        note(known, response.status());
        if (response.stream().isPresent() && known.bodyWanted()) {
            stream(ctx, known, response, response.stream().get());
        } else {
            ctx.executor().execute(() -> respond(ctx, head, response));
        }
    }

    /// @param known null for what is no request
    private void note(@Nullable Head known, int status) {
        if (known == null) {
            server.metrics.answered(HttpMetrics.NO_ROUTE, HttpMetrics.NO_ROUTE, status, Duration.ZERO);
            return;
        }
        var took = Duration.ofNanos(System.nanoTime() - known.begun);
        if (known.request.match() instanceof Match.Found(var route, var _)) {
            server.metrics.answered(known.request.method(), route.pattern.text(), status, took);
        } else {
            server.metrics.answered(HttpMetrics.NO_ROUTE, HttpMetrics.NO_ROUTE, status, took);
        }
        LOG.debug("{} {} {} {} ms", known.request.method(), known.request.path(), status, took.toMillis());
    }

    // ---- it is answered ----

    private void respond(ChannelHandlerContext ctx, Head known, Response response) {
        if (gone) {
            return;
        }
        boolean keepAlive = known.keepAlive && stays && !server.isDraining();
        within(ctx, ANSWER_MAX, ctx::close);
        var octets = response.body();
        if (!known.bodyWanted() || octets.length <= Outlet.STEP) {
            ctx.writeAndFlush(whole(known, response, keepAlive))
                    .addListener(written -> answered(ctx, written.isSuccess() && keepAlive));
            return;
        }
        known.request
                .caller()
                .ifPresent(caller -> server.unread.waits(this, caller.account().id(), octets.length));
        ctx.write(headed(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(response)), known, response, keepAlive));
        step(ctx, octets, 0, keepAlive);
    }

    /// The next step of a long answer, once its reader has taken the one before.
    private void step(ChannelHandlerContext ctx, byte[] octets, int from, boolean keepAlive) {
        int length = Math.min(Outlet.STEP, octets.length - from);
        boolean last = from + length == octets.length;
        var piece = Unpooled.wrappedBuffer(octets, from, length);
        ctx.writeAndFlush(last ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece))
                .addListener(written -> {
                    if (last || !written.isSuccess()) {
                        answered(ctx, written.isSuccess() && keepAlive);
                    } else {
                        step(ctx, octets, from + length, keepAlive);
                    }
                });
    }

    private void answered(ChannelHandlerContext ctx, boolean staysOpen) {
        server.unread.ends(this);
        if (staysOpen) {
            idle(ctx);
        } else {
            ctx.close();
        }
    }

    private HttpResponse whole(@Nullable Head known, Response response, boolean keepAlive) {
        var octets = known == null || known.bodyWanted() ? response.body() : new byte[0];
        var netty = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(response), Unpooled.wrappedBuffer(octets));
        return headed(netty, known, response, keepAlive);
    }

    private HttpResponse headed(HttpResponse netty, @Nullable Head known, Response response, boolean keepAlive) {
        addHeaders(netty.headers(), response, known == null ? tls : known.request.secure());
        // No length where there can be no body (RFC 9110 §8.6).
        if (response.status() != 204
                && response.status() != 304
                && response.stream().isEmpty()) {
            netty.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        }
        var version = known == null ? HttpVersion.HTTP_1_1 : known.message.protocolVersion();
        HttpUtil.setKeepAlive(netty.headers(), version, keepAlive);
        return netty;
    }

    private static HttpResponseStatus status(Response response) {
        return HttpResponseStatus.valueOf(response.status());
    }

    private void addHeaders(HttpHeaders headers, Response response, boolean secure) {
        headers.set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(Instant.now(server.services.clock()))));
        if (!response.contentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
        }
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (secure) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
        response.headers().forEach(headers::set);
    }

    /// Whether a body that nobody wants is read to its end all the same, because it is short and a new
    /// connection would cost both more.
    private static boolean isWorthReading(Head known) {
        long length = HttpUtil.getContentLength(known.message, 0L);
        return known.keepAlive
                && length > 0
                && length <= ANONYMOUS_OCTETS_MAX
                && !known.message.headers().contains(HttpHeaderNames.EXPECT);
    }

    private void skip(ChannelHandlerContext ctx, Head known, Response response) {
        phase = Phase.SKIPPING;
        note(known, response.status());
        within(ctx, BODY_MAX, ctx::close);
        ctx.writeAndFlush(whole(known, response, true)).addListener(written -> {
            if (!written.isSuccess()) {
                ctx.close();
            }
        });
        want(ctx);
    }

    /// Answers what is no request, or none that will be read to its end, and closes.
    private void refuse(ChannelHandlerContext ctx, Response response) {
        if (phase == Phase.LEAVING || gone) {
            return;
        }
        var known = head;
        if (known != null && phase == Phase.ASKING && isWorthReading(known)) {
            skip(ctx, known, response);
            return;
        }
        phase = Phase.LEAVING;
        letGo();
        note(known, response.status());
        within(ctx, LEAVING_MAX, ctx::close);
        ctx.writeAndFlush(whole(known, response, false)).addListener(written -> {
            var secured = ctx.pipeline().get(SslHandler.class);
            if (written.isSuccess() && secured != null) {
                secured.closeOutbound();
                want(ctx);
            } else if (written.isSuccess() && ctx.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
                want(ctx);
            } else {
                ctx.close();
            }
        });
    }

    /// On the request's own virtual thread, which stays the stream's to its end.
    private void stream(ChannelHandlerContext ctx, Head known, Response response, Response.Stream stream) {
        var begun = ctx.executor().submit(() -> {
            phase = Phase.STREAMING;
            if (gone || server.isDraining()) {
                return;
            }
            var netty = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(response));
            addHeaders(netty.headers(), response, known.request.secure());
            if (known.message.protocolVersion().minorVersion() >= 1) {
                netty.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
            netty.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            ctx.writeAndFlush(netty);
            want(ctx); // to learn when the reader goes
        });
        try {
            begun.await();
            stream.write(new Outlet(ctx.channel(), server::isDraining));
        } catch (InterruptedException | Outlet.Gone _) {
            // The reader went, or does not read, or the server is closing. Nothing more is written, for which this
            // would have to wait; and what was cut off must not look whole.
            ctx.close();
            return;
        } catch (RuntimeException e) {
            LOG.error("{} ends in the middle", known.request.path(), e);
            ctx.close(); // without the last chunk, so that the reader knows that it was cut off
            return;
        }
        ctx.executor()
                .execute(() ->
                        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE));
    }
}
