package dev.parley.smpp;

import dev.parley.link.FailureCode;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jsmpp.DefaultPDUSender;
import org.jsmpp.PDUStringException;
import org.jsmpp.SynchronizedPDUSender;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.InterfaceVersion;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.BindParameter;
import org.jsmpp.session.SMPPSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One bound session over one connection, from the bind to its end. jsmpp binds, and asks and answers
/// `enquire_link`; submits, messages and the unbind are ours.
///
/// A session ends once, and then every submit that waits is told so at once: it is uncertain.
final class SmppSession implements SessionReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(SmppSession.class);

    /// Our sequence numbers stay clear of jsmpp's, which count up from 1 with each bind,
    /// enquire_link and unbind.
    private static final int FIRST_SEQUENCE = 0x4000_0001;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /// At most; less where less is enough for any other response.
    private static final Duration UNBIND_TIMEOUT = Duration.ofSeconds(5);

    /// At least so long between two requests for the proof that our answers were read: a busy SMSC is not to
    /// be asked after each.
    private static final Duration PROOF_PAUSE = Duration.ofMillis(100);

    /// What may pass beyond `enquireLink` and the response timeout before a silent connection
    /// counts as half open.
    private static final Duration SILENCE_GRACE = Duration.ofSeconds(2);

    /// Who gets the messages.
    interface Messages {
        /// Must not block: it is called between two reads.
        void message(SmppSession session, byte[] pdu);
    }

    /// The SMSC refused to bind.
    static final class BindRefused extends IOException {
        private static final long serialVersionUID = 1L;

        final int status;

        BindRefused(int status, Throwable cause) {
            super("the SMSC refused the bind with " + CommandStatus.sentence(status), cause);
            this.status = status;
        }
    }

    private record Response(int commandId, int status, Optional<String> messageId) {}

    /// A request of ours that waits for its response.
    ///
    /// @param answersBefore our answers that went out before it: its response proves that the SMSC
    /// has read those
    private record Pending(CompletableFuture<Response> response, long answersBefore) {}

    private final String name;
    private final SmppSettings settings;
    private final SubmitPdu submits;
    private final Messages messages;
    private final SmppMetrics metrics;
    private final boolean transmits;
    private final Semaphore window;
    private final ConcurrentMap<Integer, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicInteger sequence = new AtomicInteger(FIRST_SEQUENCE);
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final SMPPSession jsmpp;

    /// The thread that waits for the answer to our bind; guarded by [#end].
    private @Nullable Thread binding;

    private volatile @Nullable Wire wire;
    private volatile long heardAt = System.nanoTime();

    /// Counted under the output's monitor, so that the order of numbers is the order on the wire.
    private volatile long answersWritten;

    /// The nanosecond clock's time at which the write began that is not over; 0 for none.
    private volatile long writingSince;

    private volatile long answersProved;

    /// When the latest proof was asked for, by the nanosecond clock.
    private final AtomicLong proofAskedAt = new AtomicLong(System.nanoTime() - PROOF_PAUSE.toNanos());

    /// When the latest `submit_sm_resp` came, by the nanosecond clock.
    private volatile long submitAnsweredAt = System.nanoTime();

    /// A submit got no response, and none submitted later has got one since.
    private volatile boolean doubtful;

    private final long begunAt = System.nanoTime();

    private SmppSession(String name, SmppSettings settings, boolean transmits, Messages messages, SmppMetrics metrics) {
        this.name = name;
        this.settings = settings;
        this.submits = new SubmitPdu(settings);
        this.messages = messages;
        this.metrics = metrics;
        this.transmits = transmits;
        this.window = new Semaphore(settings.window());
        this.jsmpp = new SMPPSession(
                new SynchronizedPDUSender(new DefaultPDUSender()),
                new SessionReader(this, settings.responseTimeout()),
                this::connect);
    }

    /// Connects and binds.
    ///
    /// @throws BindRefused if the SMSC said no
    /// @throws IOException if it could not be reached, or did not answer
    static SmppSession bind(String name, SmppSettings settings, BindType type, Messages messages, SmppMetrics metrics)
            throws IOException {
        var session = new SmppSession(name, settings, type != BindType.BIND_RX, messages, metrics);
        session.bind(type);
        return session;
    }

    private void bind(BindType type) throws IOException {
        jsmpp.setEnquireLinkTimer((int) settings.enquireLink().toMillis());
        jsmpp.setTransactionTimer(settings.responseTimeout().toMillis());
        jsmpp.addSessionStateListener((state, _, _) -> {
            if (state == SessionState.UNBOUND) {
                lost("the SMSC unbound the session");
            } else if (state == SessionState.CLOSED) {
                lost("the session was closed");
            }
        });
        try {
            waitsForBind(Thread.currentThread());
            jsmpp.connectAndBind(
                    settings.host(),
                    settings.port(),
                    new BindParameter(
                            type,
                            settings.systemId(),
                            settings.password(),
                            settings.systemType(),
                            TypeOfNumber.UNKNOWN,
                            NumberingPlanIndicator.UNKNOWN,
                            "",
                            settings.interfaceVersion() == 0x50 ? InterfaceVersion.IF_50 : InterfaceVersion.IF_34),
                    settings.responseTimeout().toMillis());
        } catch (IOException e) {
            boolean broke = stoppedWaitingForBind();
            drop("bind failed");
            if (e.getCause() instanceof NegativeResponseException refused) {
                throw new BindRefused(refused.getCommandStatus(), e);
            }
            throw broke ? new IOException(end.join(), e) : e;
        } catch (RuntimeException e) {
            stoppedWaitingForBind();
            // jsmpp has no value for some versions that SMSCs tell in sc_interface_version.
            drop("bind failed");
            throw new IOException("the SMSC's answer to the bind cannot be read: " + e, e);
        }
        stoppedWaitingForBind();
        if (end.isDone()) {
            throw new IOException(end.join());
        }
    }

    /// jsmpp does not tell a bind that waits for its answer when the connection breaks: the bind would
    /// wait for the whole response timeout.
    private void waitsForBind(Thread thread) {
        synchronized (end) {
            binding = thread;
        }
    }

    /// @return whether the connection broke meanwhile
    private boolean stoppedWaitingForBind() {
        synchronized (end) {
            if (binding != null) {
                binding = null;
                return false;
            }
            Thread.interrupted(); // meant for that wait alone
            return true;
        }
    }

    private Wire connect(String host, int port) throws IOException {
        var connected =
                Wire.connect(host, port, settings.tls(), CONNECT_TIMEOUT, () -> lost("the connection was closed"));
        wire = connected;
        return connected;
    }

    String name() {
        return name;
    }

    boolean transmits() {
        return transmits;
    }

    boolean ended() {
        return end.isDone();
    }

    /// How long ago it began.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begunAt);
    }

    int used() {
        return settings.window() - window.availablePermits();
    }

    int free() {
        return transmits && !ended() ? window.availablePermits() : 0;
    }

    /// Takes a place in the window, if one is free.
    boolean reserve() {
        return transmits && !ended() && window.tryAcquire();
    }

    void giveBack() {
        window.release();
    }

    /// Hands one part over and waits for the response, in a place that [#reserve] has taken. Not
    /// interruptible. A session that answered no submit of late is asked by `enquire_link` first (SMPP
    /// v3.4 §4.11), which costs nothing, whether anybody is there.
    SubmitOutcome submit(OutboundPart part) {
        int number = nextSequence();
        byte[] pdu;
        try {
            pdu = submits.octets(number, part);
        } catch (PDUStringException | IllegalArgumentException e) {
            return new SubmitOutcome.Refused(
                    FailureCode.REFUSED_BY_NETWORK, Optional.empty(), "SMPP cannot carry this part: " + e.getMessage());
        }
        if (doubtful
                && await(ask(CommandId.ENQUIRE_LINK), settings.responseTimeout())
                        .isEmpty()) {
            // What would be submitted now would only be one more part that nobody knows anything of.
            return new SubmitOutcome.NotHandedOver(
                    ended() ? "the session ended" : "no enquire_link_resp within " + settings.responseTimeout());
        }
        var begin = System.nanoTime();
        var response = new CompletableFuture<Response>();
        switch (request(number, pdu, response)) {
            case NOT_WRITTEN -> {
                return new SubmitOutcome.NotHandedOver("the session ended");
            }
            case PERHAPS_WRITTEN -> {
                metrics.unanswered(name);
                return new SubmitOutcome.Uncertain("the connection broke while the part was written");
            }
            case WRITTEN -> {
                // The response tells.
            }
        }
        var answer = await(response, settings.responseTimeout());
        pending.remove(number);
        if (answer.isEmpty()) {
            metrics.unanswered(name);
            doubtful = submitAnsweredAt - begin < 0;
            return new SubmitOutcome.Uncertain(
                    ended() ? end.join() : "no submit_sm_resp within " + settings.responseTimeout());
        }
        submitAnsweredAt = System.nanoTime();
        doubtful = false;
        metrics.responded(name, answer.get().status, Duration.ofNanos(System.nanoTime() - begin));
        return CommandStatus.outcomeOf(answer.get().status, answer.get().messageId);
    }

    private enum Sent {
        NOT_WRITTEN,
        PERHAPS_WRITTEN,
        WRITTEN
    }

    private Sent request(int number, byte[] pdu, CompletableFuture<Response> response) {
        var out = output();
        if (out.isEmpty()) {
            return Sent.NOT_WRITTEN;
        }
        synchronized (out.get()) {
            pending.put(number, new Pending(response, answersWritten));
            if (ended()) {
                pending.remove(number);
                return Sent.NOT_WRITTEN;
            }
            try {
                write(out.get(), pdu);
            } catch (IOException e) {
                pending.remove(number);
                drop("writing failed: " + e.getMessage());
                return Sent.PERHAPS_WRITTEN;
            }
        }
        return Sent.WRITTEN;
    }

    /// Called with the output's monitor held.
    private void write(OutputStream out, byte[] pdu) throws IOException {
        writingSince = System.nanoTime();
        try {
            out.write(pdu);
            out.flush();
        } finally {
            writingSince = 0;
        }
    }

    /// Sends a request that has no body. Does not wait, not even for the octets to go out: the caller is who would
    /// notice that they do not.
    private CompletableFuture<Response> ask(int commandId) {
        int number = nextSequence();
        var request = ByteBuffer.allocate(CommandId.HEADER_OCTETS)
                .putInt(CommandId.HEADER_OCTETS)
                .putInt(commandId)
                .putInt(0)
                .putInt(number);
        var response = new CompletableFuture<Response>();
        Thread.ofVirtual().name(name + "-ask").start(() -> {
            if (request(number, request.array(), response) != Sent.WRITTEN) {
                response.cancel(false);
            }
        });
        return response;
    }

    private Optional<OutputStream> output() {
        var connected = wire;
        return connected == null || ended() ? Optional.empty() : Optional.of(connected.getOutputStream());
    }

    private int nextSequence() {
        return sequence.getAndUpdate(n -> n == Integer.MAX_VALUE ? FIRST_SEQUENCE : n + 1);
    }

    /// Waits on although interrupted: what becomes of a part that was handed over must be known.
    private Optional<Response> await(CompletableFuture<Response> response, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return Optional.of(response.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (TimeoutException | ExecutionException | CancellationException _) {
                    return Optional.empty();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Answers a message.
    ///
    /// @return the number of the answer, for [#proved]; empty if the session ended first
    Optional<Long> answer(byte[] pdu, CommandStatus status) {
        var request = ByteBuffer.wrap(pdu);
        // The body, an empty message_id, is left out of refusals: SMPP v3.4 §4.6.2.
        int octets = CommandId.HEADER_OCTETS + (status == CommandStatus.ESME_ROK ? 1 : 0);
        var answer = ByteBuffer.allocate(octets)
                .putInt(octets)
                .putInt(request.getInt(4) | CommandId.RESPONSE)
                .putInt(status.number())
                .putInt(request.getInt(12));
        metrics.answered(name, status);
        var out = output();
        if (out.isEmpty()) {
            return Optional.empty();
        }
        synchronized (out.get()) {
            try {
                write(out.get(), answer.array());
                long number = answersWritten + 1;
                answersWritten = number;
                return Optional.of(number);
            } catch (IOException e) {
                drop("writing failed: " + e.getMessage());
                return Optional.empty();
            }
        }
    }

    /// Whether the SMSC has certainly read this answer of ours: it has answered something that we
    /// wrote after it.
    boolean proved(long answer) {
        return answersProved >= answer;
    }

    /// Asks for the proof that the SMSC has read our latest answers, unless a request that went out after
    /// them brings it, or one went out a moment ago. Does not wait.
    void askForProof() {
        long now = System.nanoTime();
        long before = proofAskedAt.get();
        boolean comes = pending.values().stream().anyMatch(waiting -> waiting.answersBefore >= answersWritten);
        if (answersWritten > answersProved
                && !comes
                && !ended()
                && now - before >= PROOF_PAUSE.toNanos()
                && proofAskedAt.compareAndSet(before, now)) {
            var _ = ask(CommandId.ENQUIRE_LINK);
        }
    }

    /// Looks after the session, now and then: notices a connection that is half open or whose other
    /// end does not read, and asks for what proof is wanting. Never waits for the connection.
    void tend() {
        var silence = settings.enquireLink().plus(settings.responseTimeout()).plus(SILENCE_GRACE);
        if (System.nanoTime() - heardAt > silence.toNanos()) {
            drop("nothing was heard for " + silence.toSeconds() + " s");
            return;
        }
        long writing = writingSince;
        if (writing != 0) {
            if (System.nanoTime() - writing > settings.responseTimeout().toNanos()) {
                drop("the SMSC has read nothing for "
                        + settings.responseTimeout().toSeconds() + " s");
            }
        } else {
            askForProof();
        }
    }

    /// Waits until the session ends, but not longer than this.
    ///
    /// @return why it ended
    Optional<String> ended(Duration atMost) throws InterruptedException {
        try {
            return Optional.of(end.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end is a sentence", e);
        }
    }

    /// How long an SMSC may take to answer our unbind, before the connection is closed without.
    static Duration unbindTimeout(SmppSettings settings) {
        return settings.responseTimeout().compareTo(UNBIND_TIMEOUT) < 0 ? settings.responseTimeout() : UNBIND_TIMEOUT;
    }

    /// Unbinds, and closes the connection. What waits in the window is waited for by the caller.
    void leave() {
        if (!ended()) {
            // Not jsmpp's, which waits for its response also when the connection is gone.
            if (await(ask(CommandId.UNBIND), unbindTimeout(settings)).isPresent()) {
                // It came after all that we wrote.
                answersProved = Long.MAX_VALUE;
            } else {
                LOG.info("session={} was left without an answer to its unbind", name);
            }
        }
        drop("unbound");
    }

    /// Closes the connection without a word.
    void drop(String why) {
        lost(why);
        var connected = wire;
        if (connected != null) {
            try {
                connected.close();
            } catch (IOException e) {
                LOG.debug("session={} close failed: {}", name, e.getMessage());
            }
        }
        // jsmpp waits here for its thread that asks enquire_link; whoever dropped us need not.
        Thread.ofVirtual().name(name + "-close").start(jsmpp::close);
    }

    // ---- what the reader tells ----

    @Override
    public void message(byte[] pdu) {
        messages.message(this, pdu);
    }

    @Override
    public boolean response(int commandId, int status, int number, byte[] pdu) {
        var waiting = pending.remove(number);
        if (waiting == null) {
            if (commandId == CommandId.SUBMIT_SM_RESP) {
                LOG.debug("session={} late submit_sm_resp, sequence_number {}", name, number);
            }
            return number >= FIRST_SEQUENCE;
        }
        // Only this thread writes it, except for the end of the session.
        answersProved = Math.max(answersProved, waiting.answersBefore);
        waiting.response.complete(new Response(commandId, status, messageId(commandId, pdu)));
        return true;
    }

    /// A response may lack its body, also one without an error (seen), and the id its closing NUL.
    private static Optional<String> messageId(int commandId, byte[] pdu) {
        if (commandId != CommandId.SUBMIT_SM_RESP) {
            return Optional.empty();
        }
        int end = CommandId.HEADER_OCTETS;
        while (end < pdu.length && pdu[end] != 0) {
            end++;
        }
        return Optional.of(new String(
                                pdu,
                                CommandId.HEADER_OCTETS,
                                end - CommandId.HEADER_OCTETS,
                                StandardCharsets.ISO_8859_1)
                        .strip())
                .filter(id -> !id.isEmpty() && id.length() <= ReceiptText.ID_CHARACTERS_MAX);
    }

    @Override
    public void heard() {
        heardAt = System.nanoTime();
    }

    @Override
    public void framingLost(int commandLength) {
        var out = output();
        if (out.isEmpty()) {
            return;
        }
        var nack = ByteBuffer.allocate(CommandId.HEADER_OCTETS)
                .putInt(CommandId.HEADER_OCTETS)
                .putInt(CommandId.GENERIC_NACK)
                .putInt(CommandStatus.ESME_RINVCMDLEN.number())
                .putInt(0);
        synchronized (out.get()) {
            try {
                write(out.get(), nack.array());
            } catch (IOException e) {
                LOG.debug("session={} generic_nack failed: {}", name, e.getMessage());
            }
        }
    }

    @Override
    public void lost(String why) {
        if (end.complete(why)) {
            // Nobody will answer these: each is uncertain, now and not when its time is out.
            pending.values().forEach(waiting -> waiting.response.cancel(false));
            synchronized (end) {
                if (binding != null && binding != Thread.currentThread()) {
                    binding.interrupt();
                    binding = null;
                }
            }
        }
    }
}
