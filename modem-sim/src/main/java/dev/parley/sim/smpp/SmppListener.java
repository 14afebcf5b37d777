package dev.parley.sim.smpp;

import dev.parley.sim.network.Smsc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port on which SMPP systems bind to the SMSC.
public final class SmppListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SmppListener.class);

    private final ServerSocket socket;

    @SuppressWarnings("unused") // what sessions will submit to
    private final Smsc smsc;

    private SmppListener(ServerSocket socket, Smsc smsc) {
        this.socket = socket;
        this.smsc = smsc;
    }

    public static SmppListener open(InetSocketAddress address, Smsc smsc) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var listener = new SmppListener(socket, smsc);
        var _ = Thread.ofVirtual().name("smpp-listener").start(listener::listen);
        return listener;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /// Ends every session.
    ///
    /// @return how many there were
    public int disconnect() {
        return 0;
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                socket.accept().close();
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("the SMPP port accepts nobody: {}", e.getMessage());
                    return;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
