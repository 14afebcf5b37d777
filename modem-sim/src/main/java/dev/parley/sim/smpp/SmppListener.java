package dev.parley.sim.smpp;

import dev.parley.sim.network.Smsc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port on which SMPP systems bind to the SMSC.
public final class SmppListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SmppListener.class);

    private static final int BACKLOG = 200;

    /// More connections at once than any test opens.
    private static final int SESSIONS_MAX = 1_000;

    private final ServerSocket socket;
    private final Smsc smsc;
    private final Register register = new Register();
    private final Tally tally = new Tally();
    private final ScheduledThreadPoolExecutor clock;
    private final Set<SystemSession> sessions = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, Throttle> throttles = new ConcurrentHashMap<>();
    private volatile Quirks quirks = Quirks.NONE;

    private SmppListener(ServerSocket socket, Smsc smsc) {
        this.socket = socket;
        this.smsc = smsc;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("smpp-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        smsc.observe(register::outcome);
    }

    public static SmppListener open(InetSocketAddress address, Smsc smsc) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var listener = new SmppListener(socket, smsc);
        var _ = Thread.ofPlatform().daemon().name("smpp-listener").start(listener::listen);
        return listener;
    }

    public int port() {
        return socket.getLocalPort();
    }

    public Quirks quirks() {
        return quirks;
    }

    public void quirks(Quirks quirks) {
        this.quirks = quirks;
    }

    public Tally tally() {
        return tally;
    }

    /// How many connections there are, bound or not.
    public int sessions() {
        return sessions.size();
    }

    /// Ends every session, without a word and in mid-window.
    ///
    /// @return how many there were
    public int disconnect() {
        var cut = List.copyOf(sessions);
        cut.forEach(SystemSession::cut);
        return cut.size();
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                var accepted = socket.accept();
                if (sessions.size() >= SESSIONS_MAX) {
                    accepted.close();
                    continue;
                }
                accepted.setTcpNoDelay(true);
                var session = new SystemSession(
                        accepted,
                        smsc,
                        register,
                        this::quirks,
                        systemId -> throttles.computeIfAbsent(systemId, _ -> new Throttle()),
                        tally,
                        clock,
                        sessions::remove);
                sessions.add(session);
                var _ = Thread.ofPlatform().daemon().name("smpp-session").start(session);
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
        disconnect();
        clock.shutdownNow();
    }
}
