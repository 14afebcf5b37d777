package dev.parley.webhook;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Posts over HTTP/1.1 to addresses that somebody has looked at before. The JDK's client looks a name up
/// by itself when it connects, and could be given another address than the one that was found good a
/// moment ago (DNS rebinding); this one is given addresses, and a name only for `Host` and for the
/// certificate. It follows no redirect.
final class Poster implements AutoCloseable {

    /// What an endpoint may answer: more is not read, and the connection closed.
    private static final int ANSWER_OCTETS_MAX = 64 * 1024;

    /// Connections that wait for the next event, one of an endpoint's.
    private static final int IDLE_MAX = 100;

    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("webhook-loop", true), NioIoHandler.newFactory());
    private final SslContext tls;
    private final Map<Key, Channel> idle = new HashMap<>(); // under the monitor

    private record Key(boolean secure, String host, int port, InetAddress address) {}

    /// What an endpoint answered.
    ///
    /// @param reusable whether the connection takes another request
    record Answer(int status, Optional<String> retryAfter, boolean reusable) {}

    Poster() {
        try {
            tls = SslContextBuilder.forClient()
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /// Posts `body` to the first of these addresses that can be connected to.
    ///
    /// @param within for everything together
    /// @throws IOException when no answer came, with a sentence of why
    Answer post(URI uri, List<InetAddress> addresses, Map<String, String> headers, String body, Duration within)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() < 0 ? usualPort(secure) : uri.getPort();
        IOException failure = new IOException("the name has no address");
        for (var address : addresses) {
            var key = new Key(secure, host(uri), port, address);
            var waiting = takeIdle(key);
            if (waiting != null) {
                try {
                    return exchange(key, waiting, uri, headers, body, until);
                } catch (IOException e) {
                    failure = e; // the endpoint may have closed it in this moment: once more on a new one
                }
            }
            try {
                return exchange(key, connect(key, until), uri, headers, body, until);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static int usualPort(boolean secure) {
        return secure ? HTTPS : HTTP;
    }

    /// Without the brackets of an IPv6 address.
    private static String host(URI uri) {
        var host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private synchronized @Nullable Channel takeIdle(Key key) {
        var channel = idle.remove(key);
        return channel != null && channel.isActive() ? channel : null;
    }

    private synchronized void keep(Key key, Channel channel) {
        idle.values().removeIf(each -> !each.isActive());
        if (idle.size() >= IDLE_MAX || idle.putIfAbsent(key, channel) != null) {
            var _ = channel.close();
        }
    }

    private Channel connect(Key key, long until) throws IOException, InterruptedException {
        var connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(millis(until), 1, 60_000))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (key.secure) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), key.host, key.port));
                        }
                        channel.pipeline().addLast(new HttpClientCodec()).addLast("answer", new Reader());
                    }
                })
                .connect(new InetSocketAddress(key.address, key.port))
                .await();
        if (!connecting.isSuccess()) {
            throw new IOException("cannot connect: " + said(connecting.cause()), connecting.cause());
        }
        return connecting.channel();
    }

    private Answer exchange(Key key, Channel channel, URI uri, Map<String, String> headers, String body, long until)
            throws IOException, InterruptedException {
        var reader = channel.pipeline().get(Reader.class);
        if (reader == null) {
            throw new IOException("the connection was closed");
        }
        var answer = reader.begin();
        boolean kept = false;
        try {
            channel.writeAndFlush(request(uri, key, headers, body)).addListener(written -> {
                if (!written.isSuccess()) {
                    answer.completeExceptionally(written.cause());
                }
            });
            var read = answer.get(Math.max(1, millis(until)), TimeUnit.MILLISECONDS);
            kept = read.reusable;
            return read;
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException(said(e.getCause()), e.getCause());
        } finally {
            if (kept) {
                keep(key, channel);
            } else {
                var _ = channel.close();
            }
        }
    }

    static String said(@Nullable Throwable cause) {
        return cause == null
                ? "no reason was given"
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static long millis(long until) {
        return TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    }

    private static DefaultFullHttpRequest request(URI uri, Key key, Map<String, String> headers, String body) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var octets = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        var request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(),
                octets);
        boolean usual = key.port == usualPort(key.secure);
        request.headers()
                .set(HttpHeaderNames.HOST, usual ? uri.getHost() : uri.getHost() + ":" + key.port)
                .set(HttpHeaderNames.CONTENT_LENGTH, octets.readableBytes());
        headers.forEach((name, value) -> request.headers().set(name, value));
        return request;
    }

    /// Reads answers on the connection's event loop, one after the other.
    private static final class Reader extends SimpleChannelInboundHandler<HttpObject> {
        private volatile CompletableFuture<Answer> awaited =
                CompletableFuture.failedFuture(new IOException("not asked"));
        private @Nullable HttpResponse head;
        private int octets;

        CompletableFuture<Answer> begin() {
            var next = new CompletableFuture<Answer>();
            awaited = next;
            return next;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject piece) {
            if (piece.decoderResult().isFailure()) {
                var why = said(piece.decoderResult().cause());
                fail(ctx, new IOException("the answer is no HTTP: " + why));
                return;
            }
            // What comes before the answer (RFC 9110 §15.2) says nothing of how it ends.
            if (piece instanceof HttpResponse response && response.status().code() >= 200) {
                head = response;
                octets = 0;
            }
            var answered = head;
            if (answered == null || !(piece instanceof HttpContent content)) {
                return;
            }
            octets += content.content().readableBytes();
            boolean last = piece instanceof LastHttpContent;
            if (last || octets > ANSWER_OCTETS_MAX) {
                head = null;
                awaited.complete(new Answer(
                        answered.status().code(),
                        Optional.ofNullable(answered.headers().get(HttpHeaderNames.RETRY_AFTER)),
                        last && HttpUtil.isKeepAlive(answered)));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(ctx, new IOException("the connection was closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(ctx, cause);
        }

        private void fail(ChannelHandlerContext ctx, Throwable cause) {
            awaited.completeExceptionally(cause);
            var _ = ctx.close();
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(TimeUnit.SECONDS.toMillis(5));
    }
}
