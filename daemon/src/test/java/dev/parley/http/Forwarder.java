package dev.parley.http;

import dev.parley.store.DatabaseSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The way to a database, which can be cut.
final class Forwarder implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final URI target;
    private volatile boolean cut;

    Forwarder(DatabaseSettings.Server database) throws IOException {
        target = URI.create(database.url().substring("jdbc:".length()));
        Thread.ofVirtual().start(this::forward);
    }

    DatabaseSettings.Server settings(DatabaseSettings.Server database) {
        return new DatabaseSettings.Server(
                database.url().replace(target.getHost() + ":" + target.getPort(), "127.0.0.1:" + server.getLocalPort()),
                database.username(),
                database.password());
    }

    private void forward() {
        try {
            while (true) {
                var near = server.accept();
                if (cut) {
                    near.close();
                    continue;
                }
                var far = new Socket(target.getHost(), target.getPort());
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // cut
        }
    }

    void cut() throws IOException {
        cut = true;
        for (var socket : sockets) {
            socket.close();
        }
    }

    void mend() {
        cut = false;
    }

    @Override
    public void close() throws IOException {
        cut();
        server.close();
    }
}
