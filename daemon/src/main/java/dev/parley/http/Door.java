package dev.parley.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where clients come in: the socket that listens, and the threads that parse and write. It outlives
/// the server behind it, so that a reload refuses nobody: who comes between one server and the next
/// waits in the socket's own queue, of [#BACKLOG] places, and is served by the next.
///
/// ```
///   shut ──enter(server)──▶ open ──leave()──▶ shut ──close()──▶ (gone)
/// ```
@SuppressWarnings("FutureReturnValueIgnored") // what fails here closes a channel, which is told by itself
public final class Door implements AutoCloseable {

    /// Who waits for a server, or for its turn to be accepted.
    private static final int BACKLOG = 512;

    /// They parse and write; two keep up with what the database does.
    private static final int LOOPS = 2;

    private final InetSocketAddress listen;
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(LOOPS, new DefaultThreadFactory("http-loop"), NioIoHandler.newFactory());
    private final Channel socket;
    private volatile @Nullable HttpServer server;

    private Door(InetSocketAddress listen) throws IOException {
        this.listen = listen;
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false) // accepts nobody before there is a server
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        welcome(channel);
                    }
                })
                .bind(resolved(listen))
                .awaitUninterruptibly();
        this.socket = bound.channel();
        if (!bound.isSuccess()) {
            close();
            throw taken(listen, bound.cause());
        }
    }

    /// Listens, and lets nobody in yet.
    ///
    /// @param listen perhaps unresolved; port 0 takes any free one
    /// @throws IOException with a sentence that says what to do, when it cannot listen there
    public static Door open(InetSocketAddress listen) throws IOException {
        return new Door(listen);
    }

    /// Makes sure that nobody else serves at this address, so that a daemon that is started twice says
    /// so before it has opened a port or bound a session.
    ///
    /// @throws IOException as [#open]
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

    /// From now on whoever comes is this server's.
    void enter(HttpServer server) {
        this.server = server;
        socket.config().setAutoRead(true);
    }

    /// Lets nobody in any more. Whoever was let in before is known to the server when this returns.
    void leave() {
        if (loops.isShuttingDown()) {
            return;
        }
        socket.eventLoop()
                .submit(() -> {
                    socket.config().setAutoRead(false);
                })
                .awaitUninterruptibly();
        // Who was accepted just before is welcomed on a loop, behind nothing but this.
        loops.forEach(loop -> loop.submit(() -> {}).awaitUninterruptibly());
        server = null;
    }

    private void welcome(SocketChannel channel) {
        var host = server;
        if (host == null) {
            channel.close();
        } else {
            host.accept(channel);
        }
    }

    /// The socket's real address and port.
    InetSocketAddress address() {
        return (InetSocketAddress) socket.localAddress();
    }

    /// As it was asked for, for an address that people read.
    String host() {
        return listen.getHostString();
    }

    /// Stops listening. Who waits is refused.
    @Override
    public void close() {
        socket.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
