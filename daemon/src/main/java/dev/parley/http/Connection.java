package dev.parley.http;

import dev.parley.http.HttpServer.Answered;
import dev.parley.http.Proxies.Origin;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
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

    /// The head of the request that is being collected.
    ///
    /// @param sender who sent it, once that is known
    private record Head(
            HttpRequest request,
            Match match,
            String path,
            String query,
            Origin origin,
            int octetsMax,
            boolean keepAlive,
            long begun,
            Optional<Caller> sender) {
        Head by(Optional<Caller> sender) {
            return new Head(request, match, path, query, origin, octetsMax, keepAlive, begun, sender);
        }
    }

    private final HttpServer server;
    private final boolean tls;
    private volatile Phase phase = Phase.IDLE; // written on the event loop alone
    private @Nullable Head head;
    private @Nullable Body body;
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
            server.metrics().connectionDisplaced();
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
        server.unread().ends(this);
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
                refuse(ctx, malformed(content.decoderResult().cause()));
                return;
            }
            var fault = append(known, content.content());
            if (fault.isPresent()) {
                refuse(ctx, fault.get());
                return;
            }
            if (piece instanceof LastHttpContent) {
                dispatch(ctx, known);
                return;
            }
        }
        want(ctx);
    }

    private Optional<Problem> append(Head known, ByteBuf octets) {
        int more = octets.readableBytes();
        if (more == 0) {
            return Optional.empty();
        }
        var collected = body;
        if (collected == null || collected.length() + more > known.octetsMax) {
            return Optional.of(Problems.tooLarge(known.octetsMax));
        }
        return collected.append(octets) ? Optional.empty() : Optional.of(Problems.noRoom());
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            refuse(ctx, malformed(request.decoderResult().cause()));
            return;
        }
        if (request.protocolVersion().majorVersion() != 1) {
            refuse(ctx, new Problem(505, "http-version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."));
            return;
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.protocolVersion().minorVersion() >= 1)) {
            refuse(ctx, Problems.badField("Host", "bad-host", "A request has one header Host (RFC 9112 §3.2)."));
            return;
        }
        var target = target(request.uri());
        if (target.isEmpty()) {
            refuse(ctx, Problems.badRequest("bad-target", "The request target is no path in ASCII."));
            return;
        }
        int mark = target.get().indexOf('?');
        var path = mark < 0 ? target.get() : target.get().substring(0, mark);
        var query = mark < 0 ? "" : target.get().substring(mark + 1);
        var match = server.router().match(request.method().name(), path);
        if (match instanceof Match.Malformed) {
            refuse(
                    ctx,
                    Problems.badField("path", "bad-encoding", "The path is not well-formed percent-encoded UTF-8."));
            return;
        }
        if (!isFramedAsWeRead(request)) {
            refuse(
                    ctx,
                    Problems.badField(
                            "Transfer-Encoding",
                            "bad-transfer-encoding",
                            "Only Transfer-Encoding: chunked is understood, alone and once (RFC 9112 §6.1)."));
            return;
        }
        var origin = server.proxies().of(peer(ctx.channel()), request.headers(), tls);
        boolean named = Callers.credential(request.headers(), origin.secure()).isPresent();
        int octetsMax =
                match instanceof Match.Found(var route, var _) && named ? route.octetsMax : ANONYMOUS_OCTETS_MAX;
        var begun = new Head(
                request,
                match,
                path,
                query,
                origin,
                octetsMax,
                HttpUtil.isKeepAlive(request) && !server.isDraining(),
                System.nanoTime(),
                Optional.empty());
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
        cancelDeadline();
        var request = request(begun, new byte[0]);
        try {
            work(ctx, () -> {
                Admission admission;
                try {
                    admission = server.admit(request, begun.match);
                } catch (InterruptedException _) {
                    ctx.close(); // the server is closing
                    return;
                }
                ctx.executor().execute(() -> admitted(ctx, begun, admission));
            });
        } catch (RejectedExecutionException _) {
            ctx.close(); // the server is closing
        }
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
                phase = Phase.COLLECTING;
                known(known);
                collectBody(ctx, known);
            }
        }
    }

    private void known(Head head) {
        head.sender.ifPresent(
                caller -> stays &= server.guests().isOf(this, caller.account().id()));
    }

    private void collectBody(ChannelHandlerContext ctx, Head begun) {
        phase = Phase.COLLECTING;
        long length = HttpUtil.getContentLength(begun.request, 0L);
        boolean chunked = HttpUtil.isTransferEncodingChunked(begun.request);
        if (length > begun.octetsMax) {
            refuse(ctx, Problems.tooLarge(begun.octetsMax));
            return;
        }
        if (length > 0 || chunked) {
            var room = server.room(begun.sender.isPresent(), begun.octetsMax, length);
            if (length > room.largest()) {
                refuse(ctx, Problems.tooLarge((int) room.largest()));
                return;
            }
            var place = room.place(
                    chunked ? Body.STEP : length,
                    begun.sender
                            .map(caller -> List.<Object>of(caller.account().id(), Network.peer(begun.origin.address())))
                            .orElse(List.of(Network.peer(begun.origin.address()))));
            if (place.isEmpty()) {
                refuse(ctx, Problems.noRoom());
                return;
            }
            body = chunked ? Body.growing(place.get()) : Body.of((int) length, place.get());
        }
        var expect = begun.request.headers().get(HttpHeaderNames.EXPECT);
        if (expect != null) {
            if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
                refuse(ctx, new Problem(417, "expectation-failed", "Only Expect: 100-continue is understood."));
                return;
            }
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        within(
                ctx,
                BODY_MAX,
                () -> refuse(
                        ctx,
                        new Problem(
                                408,
                                "too-slow",
                                "The body did not come within " + BODY_MAX.toSeconds() + " seconds.")));
        want(ctx);
    }

    /// The path and query of a request target in origin form or absolute form (RFC 9112 §3.2).
    /// What is not visible ASCII has to be percent-encoded.
    private static Optional<String> target(String uri) {
        if (!uri.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            return Optional.empty();
        }
        if (uri.startsWith("/")) {
            return Optional.of(uri);
        }
        if (uri.equals("*")) {
            return Optional.of("/*");
        }
        try {
            var absolute = new URI(uri);
            return absolute.getScheme() != null && absolute.getHost() != null
                    ? Optional.of((absolute.getRawPath().isEmpty() ? "/" : absolute.getRawPath())
                            + (absolute.getRawQuery() == null ? "" : "?" + absolute.getRawQuery()))
                    : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
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
        cancelDeadline();
        var collected = body;
        var request = request(known, collected == null ? new byte[0] : collected.octets());
        try {
            work(ctx, () -> work(ctx, known, request));
        } catch (RejectedExecutionException _) {
            ctx.close(); // the server is closing
        }
    }

    /// Does something on a thread of its own. An error of the program, which nobody answers, ends the connection: its
    /// peer would wait for ever, and it would take a place for as long.
    private void work(ChannelHandlerContext ctx, Runnable work) {
        server.workers().execute(() -> {
            try {
                work.run();
            } catch (Error e) {
                ctx.close();
                throw e;
            }
        });
    }

    private static Request request(Head known, byte[] octets) {
        var variables = known.match instanceof Match.Found(var _, var found) ? found : Map.<String, String>of();
        return new Request(
                known.request.method().name(),
                known.path,
                known.query,
                variables,
                known.request.headers().copy(),
                octets,
                known.origin.address(),
                known.origin.secure(),
                known.sender);
    }

    private static InetAddress peer(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /// On the request's own virtual thread.
    private void work(ChannelHandlerContext ctx, Head known, Request request) {
        Answered answered;
        try {
            answered = server.answer(request, known.match);
        } catch (InterruptedException _) {
            ctx.close(); // the server is closing, and waited long enough for us
            return;
        } finally {
            ctx.executor().execute(this::letGo);
        }
        var response = Gzip.packed(request, answered.response());
        var head = known.by(answered.by());
        ctx.executor().execute(() -> known(head));
        note(known, response.status());
        boolean bodyWanted = !request.method().equals("HEAD");
        if (response.stream().isPresent() && bodyWanted) {
            stream(ctx, known, response, response.stream().get());
        } else {
            ctx.executor().execute(() -> respond(ctx, head, response, bodyWanted));
        }
    }

    private void note(Head known, int status) {
        var took = Duration.ofNanos(System.nanoTime() - known.begun);
        if (known.match instanceof Match.Found(var route, var _)) {
            server.metrics()
                    .answered(known.request.method().name(), route.pattern.text(), status, took);
        } else {
            server.metrics().answered(HttpMetrics.NO_ROUTE, HttpMetrics.NO_ROUTE, status, took);
        }
        LOG.debug("{} {} {} {} ms", known.request.method(), known.path, status, took.toMillis());
    }

    // ---- it is answered ----

    private void respond(ChannelHandlerContext ctx, Head known, Response response, boolean bodyWanted) {
        if (gone) {
            return;
        }
        boolean keepAlive = known.keepAlive && stays && !server.isDraining();
        within(ctx, ANSWER_MAX, ctx::close);
        var version = known.request.protocolVersion();
        if (!bodyWanted || response.body().length <= Outlet.STEP) {
            ctx.writeAndFlush(whole(response, bodyWanted, keepAlive, version, known.origin.secure()))
                    .addListener(written -> answered(ctx, written.isSuccess() && keepAlive));
            return;
        }
        known.sender.ifPresent(
                caller -> server.unread().waits(this, caller.account().id(), response.body().length));
        ctx.write(head(response, keepAlive, version, known.origin.secure()));
        step(ctx, response.body(), 0, keepAlive);
    }

    private DefaultHttpResponse head(Response response, boolean keepAlive, HttpVersion version, boolean secure) {
        var netty = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        addHeaders(netty.headers(), response, secure);
        netty.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        HttpUtil.setKeepAlive(netty.headers(), version, keepAlive);
        return netty;
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
        server.unread().ends(this);
        if (staysOpen) {
            idle(ctx);
        } else {
            ctx.close();
        }
    }

    private DefaultFullHttpResponse whole(
            Response response, boolean bodyWanted, boolean keepAlive, HttpVersion version, boolean secure) {
        var netty = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                bodyWanted ? Unpooled.wrappedBuffer(response.body()) : Unpooled.EMPTY_BUFFER);
        addHeaders(netty.headers(), response, secure);
        // No length where there can be no body (RFC 9110 §8.6).
        if (response.status() != 204
                && response.status() != 304
                && response.stream().isEmpty()) {
            netty.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        }
        HttpUtil.setKeepAlive(netty.headers(), version, keepAlive);
        return netty;
    }

    private void addHeaders(HttpHeaders headers, Response response, boolean secure) {
        headers.set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(Instant.now(server.clock()))));
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
        response.headers().forEach(header -> headers.set(header.name(), header.value()));
    }

    /// Whether a body that nobody wants is read to its end all the same, because it is short and a new
    /// connection would cost both more.
    private static boolean isWorthReading(Head known) {
        long length = HttpUtil.getContentLength(known.request, 0L);
        return known.keepAlive
                && length > 0
                && length <= ANONYMOUS_OCTETS_MAX
                && !known.request.headers().contains(HttpHeaderNames.EXPECT);
    }

    private void skip(ChannelHandlerContext ctx, Head known, Response response) {
        phase = Phase.SKIPPING;
        note(known, response.status());
        within(ctx, BODY_MAX, ctx::close);
        boolean bodyWanted = !known.request.method().name().equals("HEAD");
        ctx.writeAndFlush(whole(response, bodyWanted, true, known.request.protocolVersion(), known.origin.secure()))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        ctx.close();
                    }
                });
        want(ctx);
    }

    /// Answers what is no request, or none that will be read to its end, and closes.
    private void refuse(ChannelHandlerContext ctx, Problem problem) {
        refuse(ctx, Response.problem(problem));
    }

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
        if (known != null) {
            note(known, response.status());
        } else {
            server.metrics().answered(HttpMetrics.NO_ROUTE, HttpMetrics.NO_ROUTE, response.status(), Duration.ZERO);
        }
        within(ctx, LEAVING_MAX, ctx::close);
        boolean bodyWanted = known == null || !known.request.method().name().equals("HEAD");
        ctx.writeAndFlush(whole(
                        response, bodyWanted, false, HttpVersion.HTTP_1_1, known == null ? tls : known.origin.secure()))
                .addListener(written -> {
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
        UnaryOperator<DefaultHttpResponse> asStream = netty -> {
            addHeaders(netty.headers(), response, known.origin.secure());
            if (known.request.protocolVersion().minorVersion() >= 1) {
                netty.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
            netty.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return netty;
        };
        var begun = ctx.executor().submit(() -> {
            phase = Phase.STREAMING;
            if (gone || server.isDraining()) {
                return;
            }
            ctx.writeAndFlush(asStream.apply(
                    new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()))));
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
            LOG.error("{} ends in the middle", known.path, e);
            ctx.close(); // without the last chunk, so that the reader knows that it was cut off
            return;
        }
        ctx.executor().execute(() -> {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        });
    }
}
