package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives the messages of some senders, one after the other, on a thread of its own: offers each
/// to the listener, and acknowledges it when it is committed.
///
/// An answer can be lost with its connection, and then the SMSC sends the message again, in a new
/// session and with a new sequence number. So a message counts as taken off the SMSC
/// ([LinkListener#released]) only when the SMSC has provably read our answer, or sends an equal
/// one in the same session though it had the answer; until then the listener knows an equal one
/// for the same. The proof is asked for at once, so that after a crash as few texts as possible
/// are in doubt: an equal one soon after it, from somebody who says "ok" again, cannot be told
/// from a repetition.
final class Reception implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    /// Messages that may wait here; the SMSC is told to send others later.
    static final int WAITING_MAX = 64;

    /// Answers whose arrival is not proved, of one lane. Far more than a window that any SMSC has.
    private static final int UNPROVED_MAX = 10_000;

    /// An equal message that comes while the first waits for its answer is a second text if it
    /// comes at once, and the SMSC's repetition if it comes after the SMSC's patience: no SMSC
    /// waits less than this for an answer.
    private static final Duration REPETITION_FROM = Duration.ofSeconds(5);

    /// An SMSC repeats what an earlier session left unanswered (or another process of ours) when it
    /// can
    /// deliver again: after so long in a session, an equal text is a new one.
    private static final Duration REPEATED_UNTIL = Duration.ofMinutes(5);

    @SuppressWarnings("ArrayRecordComponent") // on its way through the queue, compared by nobody
    private record Arrival(SmppSession session, byte[] pdu, long readAt) {}

    private record Unproved(ByteBuffer content, SmppSession session, long receipt, long answer, long readAt, long at) {}

    private final String link;
    private final LinkListener listener;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Arrival> waiting = new ArrayDeque<>(); // under lock
    private boolean proved; // under lock
    private boolean closing; // under lock

    private final Map<ByteBuffer, Unproved> unproved = new HashMap<>(); // of the thread
    private final ArrayDeque<Unproved> inOrder = new ArrayDeque<>(); // of the thread
    private volatile int inDoubt;

    Reception(String link, LinkListener listener, Clock clock) {
        this.link = link;
        this.listener = listener;
        this.clock = clock;
    }

    /// Puts a message into the queue, without waiting.
    ///
    /// @return false if too many wait
    boolean offer(SmppSession session, byte[] pdu) {
        lock.lock();
        try {
            if (waiting.size() >= WAITING_MAX) {
                return false;
            }
            waiting.add(new Arrival(session, pdu, System.nanoTime()));
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// How many answers are not proved to be read.
    int inDoubt() {
        return inDoubt;
    }

    /// Some of the answers that are in doubt may be proved now, or will never be.
    void proved() {
        if (inDoubt == 0) {
            return;
        }
        lock.lock();
        try {
            proved = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// What waits is still received; then the thread ends.
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            for (var next = next(); next.isPresent(); next = next()) {
                receive(next.get());
                release();
            }
            release();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for a message. Meanwhile lets go of what is proved, and asks for proof while something
    /// is in doubt.
    private Optional<Arrival> next() throws InterruptedException {
        while (true) {
            boolean released;
            lock.lock();
            try {
                while (waiting.isEmpty() && !closing && !proved && inDoubt == 0) {
                    changed.await();
                }
                if (waiting.isEmpty() && !closing && !proved) {
                    changed.awaitNanos(SmppSession.PROOF_PAUSE.toNanos());
                }
                if (!waiting.isEmpty()) {
                    return Optional.of(waiting.remove());
                }
                if (closing) {
                    return Optional.empty();
                }
                released = proved;
                proved = false;
            } finally {
                lock.unlock();
            }
            release();
            if (!released && !inOrder.isEmpty()) {
                inOrder.getLast().session.askForProof();
            }
        }
    }

    private void receive(Arrival arrival) {
        var octets = withoutSequence(arrival.pdu);
        var content = ByteBuffer.wrap(octets);
        releaseIfAnother(arrival, content);
        try {
            long receipt = listener.received(inbound(arrival.session, octets));
            var answer = arrival.session.answer(arrival.pdu, CommandStatus.ESME_ROK);
            answer.ifPresent(number -> {
                keep(new Unproved(content, arrival.session, receipt, number, arrival.readAt, System.nanoTime()));
                arrival.session.askForProof();
            });
        } catch (LinkListener.NotNow e) {
            LOG.debug("link={} not now: {}", link, e.getMessage());
            arrival.session.answer(arrival.pdu, CommandStatus.ESME_RX_T_APPN);
        } catch (RuntimeException e) {
            LOG.error("link={} a message could not be received; the SMSC keeps it", link, e);
            arrival.session.answer(arrival.pdu, CommandStatus.ESME_RX_T_APPN);
        }
    }

    private Inbound inbound(SmppSession session, byte[] octets) {
        var now = clock.instant();
        var age = session.age();
        return new Inbound(
                link,
                LinkKind.SMPP,
                octets,
                Optional.empty(),
                now,
                Optional.of(age)
                        .filter(old -> old.compareTo(REPEATED_UNTIL) > 0)
                        .map(now::minus));
    }

    /// The PDU without its sequence number, which belongs to the session and not to the message.
    private static byte[] withoutSequence(byte[] pdu) {
        var content = pdu.clone();
        ByteBuffer.wrap(content).putInt(12, 0);
        return content;
    }

    private void keep(Unproved answer) {
        var before = unproved.put(answer.content, answer);
        if (before != null) {
            inOrder.remove(before);
        }
        inOrder.add(answer);
        inDoubt = inOrder.size();
        if (inOrder.size() > UNPROVED_MAX) {
            release(inOrder.getFirst());
        }
    }

    private void releaseIfAnother(Arrival arrival, ByteBuffer content) {
        var before = unproved.get(content);
        if (before == null || before.session != arrival.session) {
            return;
        }
        boolean answeredBefore = before.at <= arrival.readAt;
        if (answeredBefore || arrival.readAt - before.readAt < REPETITION_FROM.toNanos()) {
            release(before);
        }
    }

    private void release() {
        for (var it = inOrder.iterator(); it.hasNext(); ) {
            var answer = it.next();
            boolean proved = answer.session.proved(answer.answer);
            if (!proved && !answer.session.ended()) {
                continue;
            }
            it.remove();
            unproved.remove(answer.content, answer);
            if (proved) { // else the listener knows it, and the time says when that no longer counts
                listener.released(answer.receipt);
            }
        }
        inDoubt = inOrder.size();
    }

    private void release(Unproved answer) {
        inOrder.remove(answer);
        unproved.remove(answer.content, answer);
        listener.released(answer.receipt);
        inDoubt = inOrder.size();
    }
}
