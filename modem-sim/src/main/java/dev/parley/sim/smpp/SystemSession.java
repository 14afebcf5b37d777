package dev.parley.sim.smpp;

import dev.parley.sim.network.Esme;
import dev.parley.sim.network.Parcel;
import dev.parley.sim.network.Reception;
import dev.parley.sim.network.ShortMessage;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.Submitted;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of an SMPP system, from its bind to its end. A thread reads and answers; another
/// writes, all that waits in one go, so that the network core never waits for a socket.
final class SystemSession implements Esme, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SystemSession.class);

    /// PDUs that wait to be written; who does not read them is cut off.
    private static final int OUTGOING_MAX = 20_000;

    /// How long the order of responses is kept open where they are to be out of order, and how
    /// many at most.
    private static final Duration SHUFFLE = Duration.ofMillis(50);

    private static final int SHUFFLE_MAX = 8;

    /// How long a response waits for a receipt that is to overtake it.
    private static final Duration OVERTAKING = Duration.ofMillis(500);

    private static final Duration DUPLICATE_AFTER = Duration.ofMillis(100);
    private static final Duration COALESCE = Duration.ofMillis(20);
    private static final int GARBAGE_EVERY = 5;
    private static final int GARBAGE_OCTETS_EVERY = 40;
    private static final int PERCENT = 100;
    private static final int VERSION_3_4 = 0x34;
    private static final int VERSION_5_0 = 0x50;

    private static final DateTimeFormatter FINAL_DATE =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'000+'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private enum Bound {
        NO,
        TRANSMITTER,
        RECEIVER,
        TRANSCEIVER
    }

    private final Socket socket;
    private final Smsc smsc;
    private final Register register;
    private final Supplier<Quirks> quirks;
    private final Throttles throttles;
    private final Tally tally;
    private final ScheduledExecutorService clock;
    private final Consumer<SystemSession> ended;
    private final BlockingQueue<byte[]> outgoing = new ArrayBlockingQueue<>(OUTGOING_MAX);
    private final ConcurrentMap<Integer, Consumer<Reception>> delivering = new ConcurrentHashMap<>();
    private final AtomicInteger sequence = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger submits = new AtomicInteger();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Runnable> shuffled = new ArrayList<>();
    private volatile Bound bound = Bound.NO;
    private volatile String systemId = "";

    /// Finds the throttle of a system.
    interface Throttles {
        Throttle of(String systemId);
    }

    SystemSession(
            Socket socket,
            Smsc smsc,
            Register register,
            Supplier<Quirks> quirks,
            Throttles throttles,
            Tally tally,
            ScheduledExecutorService clock,
            Consumer<SystemSession> ended) {
        this.socket = socket;
        this.smsc = smsc;
        this.register = register;
        this.quirks = quirks;
        this.throttles = throttles;
        this.tally = tally;
        this.clock = clock;
        this.ended = ended;
    }

    @Override
    public String systemId() {
        return systemId;
    }

    @Override
    public boolean mayReceive() {
        return bound == Bound.RECEIVER || bound == Bound.TRANSCEIVER;
    }

    @Override
    public int window() {
        return quirks.get().deliverWindow();
    }

    // ---- the connection ----

    @Override
    public void run() {
        var writer = Thread.ofPlatform().daemon().name("smpp-writer").start(this::write);
        try (socket;
                var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                int length = in.readInt();
                if (length < Pdu.HEADER_OCTETS || length > Pdu.OCTETS_MAX) {
                    send(new Pdu(Pdu.GENERIC_NACK, Pdu.INVALID_COMMAND_LENGTH, 0, new byte[0]));
                    drain();
                    return;
                }
                int commandId = in.readInt();
                int status = in.readInt();
                int number = in.readInt();
                var body = in.readNBytes(length - Pdu.HEADER_OCTETS);
                if (body.length < length - Pdu.HEADER_OCTETS) {
                    return;
                }
                if (!quirks.get().halfOpen() && !serve(new Pdu(commandId, status, number, body))) {
                    drain();
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("system={} is gone: {}", systemId, e.getMessage());
        } finally {
            writer.interrupt();
            end();
        }
    }

    /// Ends it without a word.
    void cut() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("system={} close failed: {}", systemId, e.getMessage());
        }
        end();
    }

    private void end() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        smsc.unbind(this);
        ended.accept(this);
        for (var number : List.copyOf(delivering.keySet())) {
            received(number, Reception.ABSENT);
        }
    }

    private void send(Pdu pdu) {
        if (quirks.get().halfOpen()) {
            return;
        }
        if (!outgoing.offer(pdu.octets())) {
            LOG.warn("system={} does not read; {} PDUs wait", systemId, OUTGOING_MAX);
            cut();
        }
    }

    private void write() {
        try {
            var out = socket.getOutputStream();
            while (true) {
                var batch = new ByteArrayOutputStream();
                batch.writeBytes(outgoing.take());
                if (quirks.get().segments() == Quirks.Segments.COALESCED) {
                    TimeUnit.NANOSECONDS.sleep(COALESCE.toNanos());
                }
                for (var next = outgoing.poll(); next != null; next = outgoing.poll()) {
                    batch.writeBytes(next);
                }
                if (quirks.get().segments() == Quirks.Segments.SPLIT) {
                    var octets = batch.toByteArray();
                    int at = 0;
                    while (at < octets.length) {
                        int count = Math.min(
                                octets.length - at, ThreadLocalRandom.current().nextInt(1, 24));
                        out.write(octets, at, count);
                        out.flush();
                        at += count;
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                } else {
                    batch.writeTo(out);
                    out.flush();
                }
            }
        } catch (IOException | InterruptedException _) {
            // The connection is over, and the reader knows.
        }
    }

    /// Gives the writer a moment for the last words.
    private void drain() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        try {
            while (!outgoing.isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            TimeUnit.MILLISECONDS.sleep(COALESCE.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- requests ----

    /// @return false if the connection is to end
    private boolean serve(Pdu pdu) {
        try {
            switch (pdu.commandId()) {
                case Pdu.BIND_TRANSMITTER -> {
                    return bind(pdu, Bound.TRANSMITTER);
                }
                case Pdu.BIND_RECEIVER -> {
                    return bind(pdu, Bound.RECEIVER);
                }
                case Pdu.BIND_TRANSCEIVER -> {
                    return bind(pdu, Bound.TRANSCEIVER);
                }
                case Pdu.ENQUIRE_LINK -> send(Pdu.response(pdu, Pdu.OK, new byte[0]));
                case Pdu.UNBIND -> {
                    smsc.unbind(this);
                    send(Pdu.response(pdu, Pdu.OK, new byte[0]));
                    return false;
                }
                case Pdu.SUBMIT_SM, Pdu.SUBMIT_MULTI, Pdu.DATA_SM -> submit(pdu);
                case Pdu.QUERY_SM -> query(pdu);
                case Pdu.CANCEL_SM -> cancel(pdu);
                // Nothing here can be replaced.
                case Pdu.REPLACE_SM -> refuse(pdu, maySubmit() ? Pdu.REPLACE_FAILED : Pdu.INVALID_BIND_STATUS);
                case Pdu.DELIVER_SM | Pdu.RESPONSE, Pdu.DATA_SM | Pdu.RESPONSE -> {
                    tally.answered(pdu.status());
                    received(pdu.sequence(), reception(pdu.status()));
                }
                case Pdu.GENERIC_NACK -> received(pdu.sequence(), Reception.REJECTED);
                default -> {
                    if ((pdu.commandId() & Pdu.RESPONSE) == 0) {
                        send(new Pdu(Pdu.GENERIC_NACK, Pdu.INVALID_COMMAND_ID, pdu.sequence(), new byte[0]));
                    }
                }
            }
        } catch (Pdu.Unreadable e) {
            LOG.debug("system={} refused: {}", systemId, e.getMessage());
            refuse(pdu, e.status);
        }
        return true;
    }

    private void refuse(Pdu pdu, int status) {
        send(Pdu.response(pdu, status, new byte[0]));
    }

    private boolean bind(Pdu pdu, Bound as) throws Pdu.Unreadable {
        if (bound != Bound.NO) {
            refuse(pdu, Pdu.ALREADY_BOUND);
            return true;
        }
        var in = pdu.reader();
        var id = in.cString();
        var password = in.cString();
        in.cString(); // system_type
        int version = in.octet();
        var now = quirks.get();
        int status = now.refuseBinds() != 0 ? now.refuseBinds() : credentials(now, id, password);
        if (status != Pdu.OK) {
            refuse(pdu, status);
            return false;
        }
        systemId = id;
        bound = as;
        var response = new Pdu.Writer().cString("parley-sim");
        if (version >= VERSION_3_4) {
            // A system of an earlier version knows no optional parameters: SMPP v3.4 §3.4.
            response.tlv(Pdu.SC_INTERFACE_VERSION, (byte) (version >= VERSION_5_0 ? VERSION_5_0 : VERSION_3_4));
        }
        send(Pdu.response(pdu, Pdu.OK, response.body()));
        smsc.bind(this);
        return true;
    }

    private static int credentials(Quirks quirks, String id, String password) {
        if (quirks.credentials().isEmpty()) {
            return Pdu.OK;
        }
        var wanted = quirks.credentials().get();
        if (wanted.equals(id + ":" + password)) {
            return Pdu.OK;
        }
        return wanted.startsWith(id + ":") ? Pdu.INVALID_PASSWORD : Pdu.INVALID_SYSTEM_ID;
    }

    private boolean maySubmit() {
        return bound == Bound.TRANSMITTER || bound == Bound.TRANSCEIVER;
    }

    private void submit(Pdu pdu) throws Pdu.Unreadable {
        var now = quirks.get();
        if (!maySubmit()) {
            refuse(pdu, Pdu.INVALID_BIND_STATUS);
            return;
        }
        if (now.submitStatus() != 0) {
            later(() -> refuse(pdu, now.submitStatus()));
            return;
        }
        if (!throttles.of(systemId).admits(smsc.settings().throttlePerSecond()) || unanswered.get() >= now.window()) {
            refuse(pdu, now.throttleStatus());
            return;
        }
        var wanted = Wanted.of(pdu);
        var accepted = new ArrayList<ShortMessage>();
        var unsuccessful = new Pdu.Writer();
        int failures = 0;
        int failure = Pdu.OK;
        for (var destination : wanted.destinations()) {
            int status = destination.address().isEmpty()
                    ? Pdu.INVALID_DESTINATION
                    : submit(wanted, destination, now, accepted);
            if (status != Pdu.OK) {
                failures++;
                failure = status;
                unsuccessful
                        .octet(destination.ton())
                        .octet(destination.npi())
                        .cString(destination.written())
                        .octets(ByteBuffer.allocate(4).putInt(status).array());
            }
        }
        if (accepted.isEmpty()) {
            refuse(pdu, failure);
            return;
        }
        long shown = accepted.getFirst().id();
        var response = now.idForm().inResponse(shown);
        accepted.forEach(message -> register.submitted(systemId, message, shown, response));
        if (now.disconnectEvery() > 0 && submits.incrementAndGet() % now.disconnectEvery() == 0) {
            accepted.forEach(message -> register.order(message.id()).responded.complete(null));
            cut();
            return;
        }
        var body = new Pdu.Writer().cString(response);
        if (pdu.commandId() == Pdu.SUBMIT_MULTI) {
            body.octet(failures).octets(unsuccessful.body());
        }
        unanswered.incrementAndGet();
        respond(accepted, () -> {
            unanswered.decrementAndGet();
            garbage();
            if (ThreadLocalRandom.current().nextInt(PERCENT) >= now.noAnswer()) {
                send(Pdu.response(pdu, Pdu.OK, body.body()));
            }
            for (var message : accepted) {
                register.order(message.id()).responded.complete(null);
                if (!message.wish().any()) {
                    register.forgetOrder(message);
                }
            }
        });
    }

    /// @return a `command_status`
    private int submit(Wanted wanted, Wanted.Destination destination, Quirks now, List<ShortMessage> accepted)
            throws Pdu.Unreadable {
        ShortMessage last = null;
        for (var submission : wanted.submissions(systemId, destination.address().orElseThrow(), now.latin1())) {
            switch (smsc.submit(submission)) {
                case Submitted.Accepted(var message) -> last = message;
                case Submitted.NoSuchNumber _ -> {
                    return Pdu.INVALID_DESTINATION;
                }
                case Submitted.Congested _ -> {
                    return Pdu.QUEUE_FULL;
                }
            }
        }
        if (last == null) {
            return Pdu.SYSTEM_ERROR;
        }
        accepted.add(last);
        return Pdu.OK;
    }

    /// Sends a response when its time has come: after the latency, behind the receipt if that is
    /// to overtake it, and perhaps not in its order.
    private void respond(List<ShortMessage> accepted, Runnable response) {
        var first = accepted.getFirst();
        if (smsc.settings().receiptBeforeResponse() && first.wish().any()) {
            var once = new AtomicBoolean();
            Runnable onceOnly = () -> {
                if (once.compareAndSet(false, true)) {
                    later(response);
                }
            };
            when(register.order(first.id()).reported, onceOnly);
            after(OVERTAKING, onceOnly);
            return;
        }
        if (!quirks.get().outOfOrder()) {
            later(response);
            return;
        }
        boolean full;
        synchronized (shuffled) {
            shuffled.add(response);
            full = shuffled.size() >= SHUFFLE_MAX;
            if (shuffled.size() == 1) {
                after(SHUFFLE, this::sendShuffled);
            }
        }
        if (full) {
            sendShuffled();
        }
    }

    private void sendShuffled() {
        List<Runnable> batch;
        synchronized (shuffled) {
            batch = List.copyOf(shuffled).reversed();
            shuffled.clear();
        }
        batch.forEach(this::later);
    }

    private void later(Runnable response) {
        var latency = smsc.settings().latency();
        if (latency.isZero()) {
            response.run();
        } else {
            after(latency, response);
        }
    }

    private void after(Duration delay, Runnable task) {
        try {
            var _ = clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // the simulation ends
        }
    }

    private static void when(CompletableFuture<?> done, Runnable task) {
        var _ = done.thenRun(task);
    }

    private void query(Pdu pdu) throws Pdu.Unreadable {
        if (!maySubmit()) {
            refuse(pdu, Pdu.INVALID_BIND_STATUS);
            return;
        }
        var id = pdu.reader().cString();
        var entry = register.ofResponse(systemId, id);
        if (entry.isEmpty()) {
            refuse(pdu, Pdu.QUERY_FAILED);
            return;
        }
        send(Pdu.response(
                pdu,
                Pdu.OK,
                new Pdu.Writer()
                        .cString(id)
                        .cString(entry.get().endedAt().map(FINAL_DATE::format).orElse(""))
                        .octet(Outgoing.state(entry.get().status()))
                        .octet(0)
                        .body()));
    }

    private void cancel(Pdu pdu) throws Pdu.Unreadable {
        if (!maySubmit()) {
            refuse(pdu, Pdu.INVALID_BIND_STATUS);
            return;
        }
        var in = pdu.reader();
        in.cString(); // service_type
        var id = in.cString();
        var from = number(in.octet(), in.octet(), in.cString());
        var to = number(in.octet(), in.octet(), in.cString());
        var entries = id.isEmpty()
                ? register.between(systemId, from, to)
                : register.ofResponse(systemId, id).stream().toList();
        boolean cancelled = false;
        for (var entry : entries) {
            cancelled |= smsc.cancel(entry.message);
        }
        refuse(pdu, cancelled ? Pdu.OK : Pdu.CANCEL_FAILED);
    }

    private static String number(int ton, int npi, String written) {
        return ton == 1 && npi >= 0 && !written.startsWith("+") ? "+" + written : written;
    }

    // ---- what the SMSC sends ----

    @Override
    public void deliver(Parcel parcel, Consumer<Reception> answer) {
        switch (parcel) {
            case Parcel.Text(var message) -> {
                int number = nextSequence();
                deliver(number, Outgoing.text(message, quirks.get(), number), answer);
            }
            case Parcel.Report report -> deliver(report, answer);
        }
    }

    private void deliver(Parcel.Report report, Consumer<Reception> answer) {
        var order = register.order(report.message().id());
        if (!smsc.settings().receiptBeforeResponse() && !order.responded.isDone()) {
            when(order.responded, () -> after(Duration.ZERO, () -> send(report, order, answer)));
        } else {
            send(report, order, answer);
        }
    }

    private void send(Parcel.Report report, Register.Order order, Consumer<Reception> answer) {
        var now = quirks.get();
        var random = ThreadLocalRandom.current();
        Consumer<Reception> ended = reception -> {
            // One that the system did not take comes again, and must know then that the response has gone out.
            if (report.isFinal() && (reception == Reception.DELIVERED || reception == Reception.REJECTED)) {
                when(order.responded, () -> register.forgetOrder(report.message()));
            }
            answer.accept(reception);
        };
        if (random.nextInt(PERCENT) < now.dropReceipts()) {
            order.reported.complete(null);
            if (report.isFinal()) {
                tally.receiptDropped();
            }
            ended.accept(Reception.DELIVERED);
            return;
        }
        receipt(report, now, ended);
        order.reported.complete(null);
        if (random.nextInt(PERCENT) < now.duplicateReceipts()) {
            after(DUPLICATE_AFTER, () -> receipt(report, now, _ -> {}));
        }
    }

    private void receipt(Parcel.Report report, Quirks now, Consumer<Reception> answer) {
        int number = nextSequence();
        long shown = register.entry(report.message().id())
                .map(entry -> entry.shownId)
                .orElse(report.message().id());
        var format = ReceiptFormat.of(smsc.settings().receiptFormat()).orElse(ReceiptFormat.TEXT);
        deliver(number, Outgoing.receipt(report, now.idForm().inReceipt(shown), format, number), answer);
    }

    private void deliver(int number, Pdu pdu, Consumer<Reception> answer) {
        delivering.put(number, answer);
        if (over.get()) {
            received(number, Reception.ABSENT);
            return;
        }
        send(pdu);
        var timeout = quirks.get().deliverTimeout();
        after(timeout, () -> received(number, Reception.FAILED));
    }

    private void received(int number, Reception reception) {
        var waiting = delivering.remove(number);
        if (waiting != null) {
            waiting.accept(reception);
        }
    }

    private static Reception reception(int status) {
        return switch (status) {
            case Pdu.OK -> Reception.DELIVERED;
            case Pdu.RECEIVER_TEMPORARY, Pdu.THROTTLED, Pdu.QUEUE_FULL, Pdu.SYSTEM_ERROR -> Reception.FAILED;
            default -> Reception.REJECTED;
        };
    }

    private int nextSequence() {
        return sequence.updateAndGet(n -> n == Integer.MAX_VALUE ? 1 : n + 1);
    }

    // ---- garbage ----

    /// Something that nobody asked for, before every few answers.
    private void garbage() {
        long count = answers.incrementAndGet();
        switch (quirks.get().garbage()) {
            case NONE -> {
                // nothing
            }
            case PDUS -> {
                if (count % GARBAGE_EVERY == 0) {
                    send(senseless((int) (count / GARBAGE_EVERY)));
                }
            }
            case OCTETS -> {
                if (count % GARBAGE_OCTETS_EVERY == 0) {
                    var octets = new byte[64];
                    ThreadLocalRandom.current().nextBytes(octets);
                    octets[0] = (byte) 0x9D; // no length of any PDU
                    if (!outgoing.offer(octets)) {
                        cut();
                    }
                }
            }
        }
    }

    private Pdu senseless(int which) {
        return switch (which % 5) {
            case 0 -> new Pdu(0x0000_0110, 0, nextSequence(), new byte[0]);
            case 1 -> new Pdu(Pdu.DELIVER_SM, 0, nextSequence(), new byte[] {0, 1, 1, '4'});
            case 2 -> new Pdu(Pdu.SUBMIT_SM | Pdu.RESPONSE, 0, 0x7FFF_FFF0, new byte[] {'x', 0});
            case 3 -> new Pdu(Pdu.GENERIC_NACK, Pdu.INVALID_COMMAND_ID, 0, new byte[0]);
            default ->
                new Pdu(
                        Pdu.DELIVER_SM,
                        0,
                        nextSequence(),
                        new Pdu.Writer()
                                .octets(new byte[] {0, 0, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                                .octet(Pdu.RECEIPTED_MESSAGE_ID >> 8)
                                .octet(Pdu.RECEIPTED_MESSAGE_ID)
                                .octet(0xFF)
                                .octet(0xFF)
                                .body());
        };
    }
}
