package dev.parley.smpp;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jsmpp.SMPPConstant;

/// An SMSC of a few lines that does what a test tells it: by itself it accepts any bind, answers
/// `enquire_link` and `unbind`, and answers submits by [#onSubmit].
final class TestSmsc implements AutoCloseable {

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Pdu(int commandId, int status, int sequence, byte[] octets) {
        byte[] body() {
            return Arrays.copyOfRange(octets, 16, octets.length);
        }
    }

    /// What to do with a `submit_sm`.
    interface OnSubmit {
        void submitted(Connection connection, Pdu pdu) throws IOException;
    }

    private final ServerSocket server;
    private final Thread acceptor;
    private final AtomicInteger ids = new AtomicInteger();
    final List<Connection> connections = new CopyOnWriteArrayList<>();
    final List<Pdu> binds = new CopyOnWriteArrayList<>();
    final BlockingQueue<Pdu> submits = new LinkedBlockingQueue<>();

    /// What the other side answered to our requests.
    final BlockingQueue<Pdu> responses = new LinkedBlockingQueue<>();

    final BlockingQueue<Pdu> unbinds = new LinkedBlockingQueue<>();
    volatile int bindStatus;
    volatile boolean hangsUpOnBind;
    volatile boolean answersBinds = true;
    volatile boolean answersEnquireLink = true;

    /// Whether an `unbind` is answered; the connection is closed at once in its place otherwise.
    volatile boolean answersUnbind = true;

    volatile boolean readsNothing;

    /// The body of a bind response that accepts.
    volatile byte[] bindBody = "test\0".getBytes(StandardCharsets.ISO_8859_1);

    /// What happens to a connection that is bound.
    volatile Consumer<Connection> onBind = _ -> {};

    volatile OnSubmit onEnquireLink = (connection, pdu) ->
            connection.send(pdu(SMPPConstant.CID_ENQUIRE_LINK_RESP, 0, pdu.sequence(), new byte[0]));

    /// When sessions were bound, and when the latest was left by us, by the nanosecond clock.
    final List<Long> boundAt = new CopyOnWriteArrayList<>();

    volatile long leftAt;

    /// The sequence numbers of our requests that were answered.
    final Set<Integer> answered = ConcurrentHashMap.newKeySet();

    private final AtomicInteger sequence = new AtomicInteger();
    volatile OnSubmit onSubmit = (connection, pdu) -> connection.accept(pdu, "id-" + ids.incrementAndGet());

    TestSmsc() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    TestSmsc(ServerSocket server) {
        this.server = server;
        this.acceptor = Thread.ofVirtual().name("test-smsc").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                var connection = new Connection(server.accept());
                connections.add(connection);
                Thread.ofVirtual().name("test-smsc-connection").start(connection);
            } catch (IOException _) {
                return;
            }
        }
    }

    /// For the next request of ours.
    int nextSequence() {
        return sequence.incrementAndGet();
    }

    Connection latest() {
        return connections.getLast();
    }

    Pdu submit() throws InterruptedException {
        return taken(submits, "submit_sm");
    }

    Pdu response() throws InterruptedException {
        return taken(responses, "response");
    }

    private static Pdu taken(BlockingQueue<Pdu> queue, String what) throws InterruptedException {
        var pdu = queue.poll(10, TimeUnit.SECONDS);
        if (pdu == null) {
            throw new AssertionError("no " + what + " within 10 s");
        }
        return pdu;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var connection : connections) {
            connection.cut();
        }
        try {
            acceptor.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static byte[] pdu(int commandId, int status, int sequence, byte[] body) {
        return ByteBuffer.allocate(16 + body.length)
                .putInt(16 + body.length)
                .putInt(commandId)
                .putInt(status)
                .putInt(sequence)
                .put(body)
                .array();
    }

    /// A `deliver_sm` from a mobile number to the line.
    static byte[] deliverSm(int sequence, String from, int esmClass, int dataCoding, byte[] text, byte... tlvs) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0, 1, 1});
        body.writeBytes((from + "\0").getBytes(StandardCharsets.ISO_8859_1));
        body.writeBytes(new byte[] {1, 1});
        body.writeBytes("12025550101\0".getBytes(StandardCharsets.ISO_8859_1));
        body.writeBytes(new byte[] {(byte) esmClass, 0, 0, 0, 0, 0, 0, (byte) dataCoding, 0, (byte) text.length});
        body.writeBytes(text);
        body.writeBytes(tlvs);
        return pdu(SMPPConstant.CID_DELIVER_SM, 0, sequence, body.toByteArray());
    }

    static byte[] text(int sequence, String from, String text) {
        return deliverSm(sequence, from, 0, 0, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    final class Connection implements Runnable {
        private final Socket socket;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
        }

        @Override
        public void run() {
            try (socket) {
                var in = new DataInputStream(socket.getInputStream());
                while (true) {
                    if (readsNothing) {
                        new CountDownLatch(1).await(); // until interrupted
                    }
                    int length = in.readInt();
                    var octets = new byte[length];
                    ByteBuffer.wrap(octets).putInt(length);
                    in.readFully(octets, 4, length - 4);
                    var header = ByteBuffer.wrap(octets);
                    read(new Pdu(header.getInt(4), header.getInt(8), header.getInt(12), octets));
                }
            } catch (IOException | InterruptedException _) {
                // cut, by us or by the other side
            }
        }

        private void read(Pdu pdu) throws IOException {
            switch (pdu.commandId()) {
                case 0x01, 0x02, 0x09 -> {
                    binds.add(pdu);
                    if (hangsUpOnBind) {
                        cut();
                        return;
                    }
                    if (answersBinds) {
                        send(pdu(
                                pdu.commandId() | SMPPConstant.MASK_CID_RESP,
                                bindStatus,
                                pdu.sequence(),
                                bindStatus == 0 ? bindBody : new byte[0]));
                        boundAt.add(System.nanoTime());
                        onBind.accept(this);
                    }
                }
                case SMPPConstant.CID_SUBMIT_SM -> {
                    submits.add(pdu);
                    onSubmit.submitted(this, pdu);
                }
                case 0x15 -> {
                    if (answersEnquireLink) {
                        onEnquireLink.submitted(this, pdu);
                    }
                }
                case 0x06 -> {
                    unbinds.add(pdu);
                    if (answersUnbind) {
                        send(pdu(0x8000_0006, 0, pdu.sequence(), new byte[0]));
                    } else {
                        cut();
                    }
                }
                default -> {
                    if ((pdu.commandId() & SMPPConstant.MASK_CID_RESP) != 0
                            && pdu.commandId() != SMPPConstant.CID_ENQUIRE_LINK_RESP) {
                        answered.add(pdu.sequence());
                        responses.add(pdu);
                    }
                }
            }
        }

        void accept(Pdu submit, String id) throws IOException {
            send(pdu(
                    SMPPConstant.CID_SUBMIT_SM_RESP,
                    0,
                    submit.sequence(),
                    (id + "\0").getBytes(StandardCharsets.ISO_8859_1)));
        }

        void refuse(Pdu submit, int status) throws IOException {
            send(pdu(SMPPConstant.CID_SUBMIT_SM_RESP, status, submit.sequence(), new byte[0]));
        }

        void send(byte[] octets) throws IOException {
            synchronized (out) {
                out.write(octets);
                out.flush();
            }
        }

        /// Ends the session of our own accord: `close`, or `unbind` and then close.
        void leave(String how) {
            leftAt = System.nanoTime();
            try {
                if (how.equals("unbind")) {
                    send(pdu(SMPPConstant.CID_UNBIND, 0, nextSequence(), new byte[0]));
                } else {
                    cut();
                }
            } catch (IOException _) {
                // gone already
            }
        }

        void cut() throws IOException {
            socket.close();
        }
    }
}
