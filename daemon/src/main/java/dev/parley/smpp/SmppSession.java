package dev.parley.smpp;

import dev.parley.lock.Held;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jsmpp.SMPPConstant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session over one connection, from the bind to its end: SMPP v3.4 §2.2.
///
/// A session must neither lose what became of a submit nor make anybody wait for an SMSC that does
/// not read. So nobody writes to the socket but one thread, which takes what lies ready together and
/// writes it at once; one other thread reads. A request is registered under its sequence number before
/// its first octet goes out, and ends once: with its response, when its time is out, or with the
/// session. What was still waiting to be written when the session ended was not handed over; what was
/// being written may have been.
///
/// Whoever looks after the session calls [#tend] now and then: everything that depends on time is
/// done there.
final class SmppSession {

    private static final Logger LOG = LoggerFactory.getLogger(SmppSession.class);

    /// The bind is the first request, as SMPP v5.0 §3.2.1.4 would have it. What follows stays clear
    /// of small numbers: an SMSC that answers with numbers of its own counting must not seem to answer
    /// another text.
    private static final int BIND_SEQUENCE = 1;

    private static final int FIRST_SEQUENCE = 0x4000_0001;

    /// At most; less where less is enough for any other response.
    private static final Duration UNBIND_TIMEOUT = Duration.ofSeconds(5);

    /// At least so long between two requests for the proof that our answers were read: a busy SMSC is
    /// not to be asked after each.
    static final Duration PROOF_PAUSE = Duration.ofMillis(100);

    /// What may pass beyond `enquireLink` and the response timeout before a silent connection
    /// counts as half open.
    private static final Duration SILENCE_GRACE = Duration.ofSeconds(2);

    /// So many submits in a row without a response, and the session is no good: what is submitted in
    /// it are copies that nobody learns anything of.
    private static final int SILENT_MAX = 3;

    /// Written at once.
    private static final int WRITE_OCTETS_MAX = 64 * 1024;

    /// Answers and requests of our own that wait to be written. An SMSC that sends so much and reads
    /// nothing is none.
    private static final int UNWRITTEN_MAX = 10_000;

    /// Submits whose time is out, remembered to tell a late response from one that belongs to nothing.
    private static final int LATE_MAX = 1_000;

    /// Who gets what the session hears. Called on its threads: must not block.
    interface Listener {
        /// A `deliver_sm` or `data_sm`.
        void message(SmppSession session, byte[] pdu);

        /// The SMSC has read more of our answers, or never will.
        void proved();

        /// The nanosecond clock's time before which no submit is written.
        long heldUntil();
    }

    /// The SMSC refused to bind.
    static final class BindRefused extends IOException {
        private static final long serialVersionUID = 1L;

        final int status;

        BindRefused(int status) {
            super("the SMSC refused the bind with " + CommandStatus.sentence(status));
            this.status = status;
        }
    }

    /// What became of a request.
    sealed interface Answer {
        /// @param messageId of a `submit_sm_resp`, where there is one
        record Response(int status, Optional<String> messageId) implements Answer {}

        /// No octet of it left this machine.
        record NotWritten(String why) implements Answer {}

        /// It was written, perhaps not whole, and nothing came.
        record Silence(String why) implements Answer {}

        /// It cannot be said in SMPP.
        record Unfit(String why) implements Answer {}
    }

    /// Makes a request when its turn to be written has come.
    interface Composer {
        /// @throws IllegalArgumentException if a field does not fit
        byte[] pdu(int sequence);
    }

    /// A request of ours, on its way and until it is answered.
    static final class Request {
        private final int commandId;
        private final Composer composer;
        private final Consumer<Answer> told;
        private final long notBefore;
        private int sequence;
        private long writtenAt;

        /// Our answers that went out before it: its response proves that the SMSC has read those.
        private long answersBefore;

        private Request(int commandId, long notBefore, Composer composer, Consumer<Answer> told) {
            this.commandId = commandId;
            this.notBefore = notBefore;
            this.composer = composer;
            this.told = told;
        }

        boolean isSubmit() {
            return commandId == SMPPConstant.CID_SUBMIT_SM;
        }
    }

    /// Why a session is over.
    ///
    /// @param fault whether the SMSC is there and does not serve us, so that another session would
    /// hardly fare better
    record End(String why, boolean fault) {}

    private final Seat seat;
    private final SmppSettings settings;
    private final Socket socket;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<Answer> bound = new CompletableFuture<>();
    private final long begunAt = System.nanoTime();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition toWrite = lock.newCondition();

    // under lock:
    private final ArrayDeque<byte[]> unwritten = new ArrayDeque<>();
    private final ArrayDeque<Request> queued = new ArrayDeque<>();
    private final ArrayDeque<Request> held = new ArrayDeque<>();
    private final Map<Integer, Request> pending = new HashMap<>();
    private final ArrayDeque<Integer> late = new ArrayDeque<>();
    private @Nullable Request latest;
    private int nextSequence = FIRST_SEQUENCE;
    private int reserved;
    private long answers;
    private boolean enquiring;

    /// Submits since the latest response whose time is out: as long as there are any, it is in doubt
    /// whether anybody is there.
    private int silent;

    private int foreign;
    private boolean tardy;
    private boolean served;
    private Optional<End> retiring = Optional.empty();

    /// When the latest proof was asked for, by the nanosecond clock.
    private long proofAskedAt = System.nanoTime() - PROOF_PAUSE.toNanos();

    // written under lock:
    private volatile boolean overflown;

    /// Why the session ends when what waits has been written.
    private volatile Optional<String> leaving = Optional.empty();

    private volatile long answersProved;

    private volatile long heardAt = System.nanoTime();
    private volatile long withinPduSince;

    /// The nanosecond clock's time at which the write began that is not over; 0 for none.
    private volatile long writingSince;

    private SmppSession(Seat seat, Socket socket) {
        this.seat = seat;
        this.settings = seat.settings();
        this.socket = socket;
    }

    /// Connects and binds. Interruptible.
    ///
    /// @throws BindRefused if the SMSC said no
    /// @throws IOException if it could not be reached, or did not answer
    static SmppSession bind(Seat seat) throws IOException {
        var session = new SmppSession(seat, Wire.connect(seat.settings()));
        try {
            Thread.ofVirtual().name("smpp-" + seat.name() + "-read").start(session::read);
            Thread.ofVirtual().name("smpp-" + seat.name() + "-write").start(session::write);
            session.bind();
            return session;
        } catch (IOException | RuntimeException e) {
            session.drop("bind failed");
            throw e;
        }
    }

    /// A status of 0 is a bound session, whatever else the response holds: what is not understood is
    /// ignored (SMPP v3.4 §3.3), and `sc_interface_version` only informs (§5.3.2.25).
    private void bind() throws IOException {
        var role = seat.role();
        send(
                BIND_SEQUENCE,
                new Request(role.commandId(), 0, number -> PduComposer.bind(role, number, settings), bound::complete));
        Answer answer;
        try {
            answer = within(settings.responseTimeout(), bound)
                    .orElseThrow(() -> new IOException("no answer to the bind within " + settings.responseTimeout()));
        } catch (InterruptedException e) {
            throw new IOException("it is closed", e);
        }
        switch (answer) {
            case Answer.Response(int status, var _) -> {
                if (status != 0) {
                    throw new BindRefused(status);
                }
            }
            case Answer.NotWritten(var why) -> throw new IOException(why);
            case Answer.Silence(var why) -> throw new IOException(why);
            case Answer.Unfit(var why) -> throw new IOException(why);
        }
    }

    private static <T> Optional<T> within(Duration atMost, CompletableFuture<T> value) throws InterruptedException {
        try {
            return Optional.of(value.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is only completed with a value", e);
        }
    }

    private <T> T underLock(Supplier<T> state) {
        try (var _ = Held.lock(lock)) {
            return state.get();
        }
    }

    String name() {
        return seat.name();
    }

    boolean ended() {
        return end.isDone();
    }

    /// How long ago it began.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begunAt);
    }

    // ---- the window ----

    int used() {
        return underLock(() -> reserved);
    }

    int free() {
        return underLock(() -> takesSubmits() ? settings.window() - reserved : 0);
    }

    /// Takes a place in the window, if one is free.
    boolean reserve() {
        try (var _ = Held.lock(lock)) {
            boolean free = takesSubmits() && reserved < settings.window();
            reserved += free ? 1 : 0;
            return free;
        }
    }

    void giveBack() {
        try (var _ = Held.lock(lock)) {
            reserved--;
        }
    }

    /// Under lock.
    private boolean takesSubmits() {
        return seat.role().isTransmittable() && !ended() && retiring.isEmpty() && leaving.isEmpty();
    }

    // ---- requests ----

    /// Hands a `submit_sm` over, in a place that [#reserve] has taken, and returns at once. A session
    /// that answered no submit of late is asked by `enquire_link` first (SMPP v3.4 §4.11), which costs
    /// nothing, whether anybody is there.
    ///
    /// @param notBefore when it may be written, by the nanosecond clock
    /// @param told gets its end, once, on a thread of the session's: must not block
    Request submit(long notBefore, Composer composer, Consumer<Answer> told) {
        var request = new Request(SMPPConstant.CID_SUBMIT_SM, notBefore, composer, told);
        try (var _ = Held.lock(lock)) {
            if (takesSubmits()) {
                if (silent > 0) {
                    held.add(request);
                    enquire();
                } else {
                    queued.add(request);
                    toWrite.signal();
                }
                return request;
            }
        }
        told.accept(new Answer.NotWritten("the session ended"));
        return request;
    }

    /// Takes a submit back that is not written yet. Whoever handed it over is told nothing then.
    boolean withdraw(Request request) {
        return underLock(() -> queued.remove(request) || held.remove(request));
    }

    /// Under lock. Takes all submits back that are not written.
    private List<Request> takeBack() {
        var given = new ArrayList<>(queued);
        given.addAll(held);
        queued.clear();
        held.clear();
        return given;
    }

    /// Asks whether the SMSC is there, unless that is being asked.
    private void enquire() {
        try (var _ = Held.lock(lock)) {
            if (enquiring) {
                return;
            }
            enquiring = true;
        }
        ask(SMPPConstant.CID_ENQUIRE_LINK, answer -> {
            try (var _ = Held.lock(lock)) {
                enquiring = false;
                if (answer instanceof Answer.Response) {
                    queued.addAll(held);
                    held.clear();
                    toWrite.signal();
                }
            }
            if (answer instanceof Answer.Silence(var why)) {
                giveUpHeld(why);
            }
        });
    }

    /// What would be submitted now would only be one more part that nobody knows anything of.
    private void giveUpHeld(String why) {
        List<Request> given;
        try (var _ = Held.lock(lock)) {
            given = List.copyOf(held);
            held.clear();
        }
        if (!given.isEmpty()) {
            // Before anybody is told: who hears it may submit the next at once.
            drop("the SMSC answers neither submits nor enquire_link");
        }
        given.forEach(request -> request.told.accept(new Answer.NotWritten(why)));
    }

    /// Sends a request that has no body. Does not wait.
    private void ask(int commandId, Consumer<Answer> told) {
        try (var _ = Held.lock(lock)) {
            if (!ended()) {
                send(sequence(), new Request(commandId, 0, number -> PduComposer.header(commandId, 0, number), told));
                return;
            }
        }
        told.accept(new Answer.NotWritten("the session ended"));
    }

    private void send(int number, Request request) {
        try (var _ = Held.lock(lock)) {
            unwritten.add(registered(number, request));
            toWrite.signal();
        }
    }

    /// Under lock.
    ///
    /// @return its octets
    private byte[] registered(int number, Request request) {
        var pdu = request.composer.pdu(number);
        request.sequence = number;
        request.writtenAt = System.nanoTime();
        request.answersBefore = answers;
        pending.put(number, request);
        latest = request;
        return pdu;
    }

    /// Under lock.
    private int sequence() {
        int number = nextSequence;
        nextSequence = number == Integer.MAX_VALUE ? FIRST_SEQUENCE : number + 1;
        return number;
    }

    // ---- writing ----

    private void write() {
        var octets = new ByteArrayOutputStream(WRITE_OCTETS_MAX / 8);
        var unfit = new ArrayList<Runnable>();
        try {
            var out = socket.getOutputStream();
            while (gathered(octets, unfit)) {
                unfit.forEach(Runnable::run);
                unfit.clear();
                octets.writeTo(out);
                out.flush();
                writingSince = 0;
                octets.reset();
            }
            leaving.ifPresent(this::drop);
        } catch (IOException e) {
            drop("writing failed: " + e.getMessage());
        } catch (InterruptedException _) {
            drop("interrupted"); // nobody interrupts this thread
        } catch (RuntimeException e) {
            LOG.error("session={} ended by an error of ours", name(), e);
            drop("internal error: " + e);
        }
    }

    /// Waits for something to write, and takes all that may be written now.
    ///
    /// @return false once the session is over
    private boolean gathered(ByteArrayOutputStream octets, List<Runnable> unfit) throws InterruptedException {
        try (var _ = Held.lock(lock)) {
            while (!ended()) {
                for (var pdu = unwritten.poll(); pdu != null; pdu = unwritten.poll()) {
                    octets.writeBytes(pdu);
                }
                long wait = gatherSubmits(octets, unfit);
                if (octets.size() > 0 || !unfit.isEmpty()) {
                    writingSince = System.nanoTime();
                    return true;
                }
                if (leaving.isPresent()) {
                    return false;
                }
                if (wait == Long.MAX_VALUE) {
                    toWrite.await();
                } else {
                    toWrite.awaitNanos(wait);
                }
            }
            return false;
        }
    }

    /// Under lock.
    ///
    /// @return nanoseconds until the next may be written
    private long gatherSubmits(ByteArrayOutputStream octets, List<Runnable> unfit) {
        while (octets.size() < WRITE_OCTETS_MAX) {
            var next = queued.peek();
            if (next == null) {
                return Long.MAX_VALUE;
            }
            long now = System.nanoTime();
            long wait = Math.max(next.notBefore - now, seat.listener().heldUntil() - now);
            if (wait > 0) {
                return wait;
            }
            queued.remove();
            try {
                octets.writeBytes(registered(sequence(), next));
            } catch (IllegalArgumentException e) {
                unfit.add(() -> next.told.accept(new Answer.Unfit(String.valueOf(e.getMessage()))));
            }
        }
        return 0;
    }

    // ---- answers ----

    /// Answers a message. Does not wait.
    ///
    /// @return the number of the answer, for [#proved]; empty if the session ended first
    Optional<Long> answer(byte[] pdu, CommandStatus status) {
        var request = ByteBuffer.wrap(pdu);
        var answer = PduComposer.answer(request.getInt(4), status, request.getInt(12));
        try (var _ = Held.lock(lock)) {
            if (ended()) {
                return Optional.empty();
            }
            answers++;
            put(answer);
            seat.metrics().answered(status);
            return Optional.of(answers);
        }
    }

    private void reply(int commandId, CommandStatus status, int number) {
        put(PduComposer.header(commandId, status.number(), number));
    }

    private void put(byte[] pdu) {
        try (var _ = Held.lock(lock)) {
            if (unwritten.size() >= UNWRITTEN_MAX) {
                overflown = true; // tend ends it
                return;
            }
            unwritten.add(pdu);
            toWrite.signal();
        }
    }

    /// Whether the SMSC has certainly read this answer of ours: it has answered something that we
    /// wrote after it.
    boolean proved(long answer) {
        return answersProved >= answer;
    }

    /// Asks for the proof that the SMSC has read our latest answers, unless a request that went out
    /// after them brings it, or one went out a moment ago. Does not wait.
    void askForProof() {
        try (var _ = Held.lock(lock)) {
            long now = System.nanoTime();
            var last = latest;
            boolean comes = last != null && pending.get(last.sequence) == last && last.answersBefore >= answers;
            if (answers > answersProved && !comes && !ended() && now - proofAskedAt >= PROOF_PAUSE.toNanos()) {
                proofAskedAt = now;
                ask(SMPPConstant.CID_ENQUIRE_LINK, _ -> {});
            }
        }
    }

    // ---- time ----

    /// Looks after the session, now and then: ends requests whose time is out, asks a silent SMSC
    /// whether it lives, notices a connection that is half open or whose other end does not read. Never
    /// waits for the connection.
    void tend() {
        long now = System.nanoTime();
        var silence = settings.enquireLink().plus(settings.responseTimeout()).plus(SILENCE_GRACE);
        long timeout = settings.responseTimeout().toNanos();
        long writing = writingSince;
        long within = withinPduSince;
        if (overflown) {
            drop("the SMSC reads none of our answers");
        } else if (now - heardAt > silence.toNanos()) {
            drop("nothing was heard for " + silence.toSeconds() + " s");
        } else if (writing != 0 && now - writing > timeout) {
            drop("the SMSC has read nothing for " + settings.responseTimeout().toSeconds() + " s");
        } else if (within != 0 && now - within > timeout) {
            drop("the rest of a PDU did not come within " + settings.responseTimeout());
        } else {
            expire(now - timeout);
            if (now - heardAt > settings.enquireLink().toNanos()) {
                enquire();
            } else if (writing == 0) {
                askForProof();
            }
        }
    }

    /// Ends the requests that were written before this, and have no response.
    private void expire(long writtenBefore) {
        var expired = new ArrayList<Request>();
        try (var _ = Held.lock(lock)) {
            for (var it = pending.values().iterator(); it.hasNext(); ) {
                var request = it.next();
                if (request.writtenAt - writtenBefore <= 0) {
                    it.remove();
                    expired.add(request);
                    if (request.isSubmit()) {
                        silent++;
                        late.add(request.sequence);
                        if (late.size() > LATE_MAX) {
                            late.remove();
                        }
                    }
                }
            }
        }
        if (underLock(() -> silent) >= SILENT_MAX) {
            // Before anybody is told: who hears it may submit the next at once.
            retire(new End(complaint().orElse("the SMSC answers no submit_sm"), true));
        }
        for (var request : expired) {
            unanswered(
                    request,
                    "no " + (request.isSubmit() ? "submit_sm_resp" : "enquire_link_resp") + " within "
                            + settings.responseTimeout());
        }
    }

    private void unanswered(Request request, String why) {
        if (request.isSubmit()) {
            seat.metrics().unanswered();
        }
        request.told.accept(new Answer.Silence(why));
    }

    /// Whether the SMSC has answered a submit, and none since got no answer.
    boolean served() {
        return underLock(() -> served && silent == 0);
    }

    /// What a person should know of how the SMSC answers; empty where it answers as it should.
    Optional<String> complaint() {
        try (var _ = Held.lock(lock)) {
            if (silent > 0 && foreign > 0) {
                return Optional.of("the SMSC answers submit_sm with sequence numbers that belong to none of ours ("
                        + foreign + "), so that nobody learns what became of a text");
            }
            if (silent > 0) {
                return Optional.of("the SMSC answered none of the latest submit_sm (" + silent + ") within "
                        + settings.responseTimeout().toSeconds() + " s");
            }
            return tardy
                    ? Optional.of("the SMSC takes longer than responseTimeout ("
                            + settings.responseTimeout().toSeconds() + " s) to answer submit_sm")
                    : Optional.empty();
        }
    }

    // ---- the end ----

    /// Waits until the session ends, but not longer than this.
    Optional<End> ended(Duration atMost) throws InterruptedException {
        return within(atMost, end);
    }

    /// Takes no more submits, and ends for this reason once those under way are answered.
    void retire(End why) {
        List<Request> given;
        try (var _ = Held.lock(lock)) {
            if (retiring.isPresent()) {
                return;
            }
            retiring = Optional.of(why);
            given = takeBack();
        }
        given.forEach(request -> request.told.accept(new Answer.NotWritten(why.why())));
    }

    /// Why the session is to be left, once it takes no more submits and those under way are answered.
    Optional<End> spent() {
        return underLock(
                () -> pending.values().stream().anyMatch(Request::isSubmit) ? Optional.<End>empty() : retiring);
    }

    /// How long an SMSC may take to answer our unbind, before the connection is closed without.
    static Duration unbindTimeout(SmppSettings settings) {
        return settings.responseTimeout().compareTo(UNBIND_TIMEOUT) < 0 ? settings.responseTimeout() : UNBIND_TIMEOUT;
    }

    /// Unbinds, and closes the connection. What waits in the window is waited for by the caller.
    void leave() {
        if (!ended()) {
            var answer = new CompletableFuture<Answer>();
            ask(SMPPConstant.CID_UNBIND, answer::complete);
            boolean answered = false;
            try {
                answered = within(unbindTimeout(settings), answer)
                        .filter(Answer.Response.class::isInstance)
                        .isPresent();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            if (answered) {
                answersProved = Long.MAX_VALUE; // it came after all that we wrote
            } else {
                LOG.info("session={} was left without an answer to its unbind", name());
            }
        }
        drop("unbound");
    }

    /// Closes the connection without a word.
    void drop(String why) {
        if (!end.complete(new End(why, false))) {
            return;
        }
        try {
            socket.close(); // wakes whoever reads or writes
        } catch (IOException e) {
            LOG.debug("closing failed: {}", e.getMessage());
        }
        List<Request> notWritten;
        List<Request> silenced;
        try (var _ = Held.lock(lock)) {
            notWritten = takeBack();
            silenced = List.copyOf(pending.values());
            pending.clear();
            unwritten.clear();
            toWrite.signal();
        }
        // Nobody will answer these: each is known to be uncertain now, and not when its time is out.
        silenced.forEach(request -> unanswered(request, why));
        notWritten.forEach(request -> request.told.accept(new Answer.NotWritten(why)));
        seat.listener().proved();
    }

    // ---- reading ----

    private void read() {
        var framing = new Framing();
        try {
            var in = socket.getInputStream();
            while (framing.read(in)) {
                heardAt = System.nanoTime();
                boolean whole = false;
                for (var pdu = framing.next(); pdu.isPresent(); pdu = framing.next()) {
                    whole = true;
                    take(pdu.get());
                }
                if (!framing.isWithinPdu()) {
                    withinPduSince = 0;
                } else if (whole || withinPduSince == 0) {
                    withinPduSince = heardAt;
                }
            }
            drop(framing.isWithinPdu() ? "the SMSC closed it within a PDU" : "the SMSC closed the connection");
        } catch (Framing.Lost e) {
            reply(SMPPConstant.CID_GENERIC_NACK, CommandStatus.ESME_RINVCMDLEN, 0);
            endAfterWriting(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            drop(e.getMessage() == null ? "the connection broke" : e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("session={} ended by an error of ours", name(), e);
            drop("internal error: " + e);
        }
    }

    /// Ends when what waits has been written.
    private void endAfterWriting(String why) {
        try (var _ = Held.lock(lock)) {
            leaving = Optional.of(why);
            toWrite.signal();
        }
    }

    private void take(byte[] pdu) {
        var header = ByteBuffer.wrap(pdu);
        int commandId = header.getInt(4);
        int status = header.getInt(8);
        int number = header.getInt(12);
        switch (commandId) {
            case SMPPConstant.CID_DELIVER_SM, SMPPConstant.CID_DATA_SM ->
                seat.listener().message(this, pdu);
            case SMPPConstant.CID_ENQUIRE_LINK ->
                reply(SMPPConstant.CID_ENQUIRE_LINK_RESP, CommandStatus.ESME_ROK, number);
            case SMPPConstant.CID_UNBIND -> {
                reply(SMPPConstant.CID_UNBIND_RESP, CommandStatus.ESME_ROK, number);
                endAfterWriting("the SMSC unbound the session");
            }
            // They have no response (SMPP v3.4 §4.1.7, §4.12).
            case SMPPConstant.CID_OUTBIND, SMPPConstant.CID_ALERT_NOTIFICATION ->
                LOG.debug("session={} command_id {} ignored", name(), commandId);
            default -> {
                if ((commandId & SMPPConstant.MASK_CID_RESP) != 0) {
                    response(commandId, status, number, pdu);
                } else {
                    reply(SMPPConstant.CID_GENERIC_NACK, CommandStatus.ESME_RINVCMDID, number);
                }
            }
        }
    }

    private void response(int commandId, int status, int number, byte[] pdu) {
        var answered = answered(commandId, number);
        if (answered.isEmpty()) {
            return;
        }
        var request = answered.get();
        if (request.isSubmit()) {
            seat.metrics().responded(status, Duration.ofNanos(System.nanoTime() - request.writtenAt));
        }
        // A submit_sm_resp may lack its body, also one without an error (seen).
        var messageId = commandId == SMPPConstant.CID_SUBMIT_SM_RESP
                ? Receipt.id(pdu, SMPPConstant.PDU_HEADER_LENGTH)
                : Optional.<String>empty();
        request.told.accept(new Answer.Response(status, messageId));
        seat.listener().proved();
    }

    private static boolean isBindResponse(int commandId) {
        return commandId == SMPPConstant.CID_BIND_TRANSCEIVER_RESP
                || commandId == SMPPConstant.CID_BIND_TRANSMITTER_RESP
                || commandId == SMPPConstant.CID_BIND_RECEIVER_RESP;
    }

    /// The request that a response is for. Of a bind there is one alone, so that what answers it
    /// counts whatever its number.
    private Optional<Request> answered(int commandId, int number) {
        try (var _ = Held.lock(lock)) {
            boolean nack = commandId == SMPPConstant.CID_GENERIC_NACK;
            boolean ofBind = isBindResponse(commandId) || (nack && !bound.isDone());
            var request = pending.get(ofBind ? BIND_SEQUENCE : number);
            if (request == null || !(ofBind || nack || commandId == (request.commandId | SMPPConstant.MASK_CID_RESP))) {
                if (commandId == SMPPConstant.CID_SUBMIT_SM_RESP) {
                    unexpected(number);
                }
                return Optional.empty();
            }
            pending.remove(request.sequence);
            if (request.isSubmit()) {
                silent = 0;
                foreign = 0;
                tardy = false;
                served = true;
            }
            answersProved = Math.max(answersProved, request.answersBefore);
            return Optional.of(request);
        }
    }

    /// Under lock.
    private void unexpected(int number) {
        if (late.remove(number)) {
            LOG.debug("session={} late submit_sm_resp, sequence_number {}", name(), number);
            tardy = true;
            silent = 0;
        } else {
            foreign++;
        }
    }
}
