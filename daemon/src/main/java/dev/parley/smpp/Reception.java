package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.LinkListener;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives the messages of a link on a thread of its own: offers them to the listener in their order, many at a time,
/// and acknowledges each when it is committed.
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

    /// Messages that may be here without an answer. Several windows of an SMSC, so that whoever reads from it
    /// seldom waits; some hundred kB.
    static final int UNANSWERED_MAX = 1_000;

    /// How long the session waits for a place before the SMSC is told to send the message later. Shorter than any
    /// SMSC's patience with an `enquire_link`, which waits behind it.
    static final Duration PLACE_WAIT = Duration.ofSeconds(2);

    /// Answers whose arrival is not proved. Far more than a window that any SMSC has.
    private static final int UNPROVED_MAX = 10_000;

    /// An equal message that comes while the first waits for its answer is a second text if it
    /// comes at once, and the SMSC's repetition if it comes after the SMSC's patience: no SMSC
    /// waits less than this for an answer.
    private static final Duration REPETITION_FROM = Duration.ofSeconds(5);

    /// An SMSC repeats what an earlier session left unanswered (or another process of ours) when it
    /// can deliver again: after so long in a session, an equal text is a new one.
    private static final Duration REPEATED_UNTIL = Duration.ofMinutes(5);

    private static final class Arrival {
        private final SmppSession session;
        private final byte[] pdu;
        private final long readAt = System.nanoTime();

        /// The PDU without its sequence number, which belongs to the session and not to the message.
        private final byte[] octets;

        private final ByteBuffer content;
        private LinkListener.@Nullable Taken taken; // under lock

        Arrival(SmppSession session, byte[] pdu) {
            this.session = session;
            this.pdu = pdu;
            this.octets = pdu.clone();
            ByteBuffer.wrap(octets).putInt(12, 0);
            this.content = ByteBuffer.wrap(octets);
        }
    }

    private record Unproved(ByteBuffer content, SmppSession session, long receipt, long answer, long readAt, long at) {}

    private final String link;
    private final LinkListener listener;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition hasPlace = lock.newCondition();
    private final ArrayDeque<Arrival> waiting = new ArrayDeque<>(); // under lock
    private final ArrayDeque<Arrival> offered = new ArrayDeque<>(); // to the listener, without an answer; under lock
    private final Set<ByteBuffer> offeredContents = new HashSet<>(); // under lock
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

    /// Puts a message into the queue; waits a little where that is full.
    ///
    /// @return false if it stays full
    boolean offer(SmppSession session, byte[] pdu) {
        try (var _ = Held.lock(lock)) {
            long left = PLACE_WAIT.toNanos();
            while (waiting.size() + offered.size() >= UNANSWERED_MAX) {
                if (left <= 0) {
                    return false;
                }
                left = hasPlace.awaitNanos(left);
            }
            waiting.add(new Arrival(session, pdu));
            changed.signal();
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
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
        try (var _ = Held.lock(lock)) {
            proved = true;
            changed.signal();
        }
    }

    /// What waits is still received; then the thread ends.
    void close() {
        try (var _ = Held.lock(lock)) {
            closing = true;
            changed.signal();
        }
    }

    /// What there is to do next.
    private sealed interface Step {
        /// Something has come.
        record Offer(Arrival arrival) implements Step {}

        /// The listener has said what became of something.
        record Answer(Arrival arrival, LinkListener.Taken taken) implements Step {}

        /// Some answers may be proved.
        record Release() implements Step {}

        /// Answers are in doubt, and nothing else happens.
        record Ask() implements Step {}

        record End() implements Step {}
    }

    @Override
    public void run() {
        try {
            while (true) {
                switch (next()) {
                    case Step.Offer(var arrival) -> {
                        releaseIfAnother(arrival);
                        listener.receive(inbound(arrival.session, arrival.octets), taken -> taken(arrival, taken));
                    }
                    case Step.Answer(var arrival, var taken) -> answer(arrival, taken);
                    case Step.Release() -> release();
                    case Step.Ask() -> {
                        release();
                        if (!inOrder.isEmpty()) {
                            inOrder.getLast().session.askForProof();
                        }
                    }
                    case Step.End() -> {
                        release();
                        return;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for something to do.
    private Step next() throws InterruptedException {
        try (var _ = Held.lock(lock)) {
            long left = SmppSession.PROOF_PAUSE.toNanos();
            while (true) {
                var first = offered.peek();
                if (first != null && first.taken != null) {
                    offered.remove();
                    offeredContents.remove(first.content);
                    hasPlace.signal();
                    return new Step.Answer(first, first.taken);
                }
                // Of two equal ones the second waits until it is known what became of the first.
                if (!waiting.isEmpty() && !offeredContents.contains(waiting.peek().content)) {
                    var arrival = waiting.remove();
                    offered.add(arrival);
                    offeredContents.add(arrival.content);
                    return new Step.Offer(arrival);
                }
                if (proved) {
                    proved = false;
                    return new Step.Release();
                }
                if (closing && waiting.isEmpty() && offered.isEmpty()) {
                    return new Step.End();
                }
                if (inDoubt == 0 || !offered.isEmpty()) {
                    changed.await();
                } else if (left <= 0) {
                    return new Step.Ask();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
        }
    }

    private void taken(Arrival arrival, LinkListener.Taken taken) {
        try (var _ = Held.lock(lock)) {
            arrival.taken = taken;
            if (offered.peek() == arrival) {
                changed.signal();
            }
        }
    }

    private void answer(Arrival arrival, LinkListener.Taken taken) {
        switch (taken) {
            case LinkListener.Taken.Committed(var receipt) ->
                arrival.session.answer(arrival.pdu, CommandStatus.ESME_ROK).ifPresent(number -> {
                    keep(new Unproved(
                            arrival.content, arrival.session, receipt, number, arrival.readAt, System.nanoTime()));
                    arrival.session.askForProof();
                });
            case LinkListener.Taken.Refused(var why) -> {
                LOG.debug("link={} not now: {}", link, why.getMessage());
                arrival.session.answer(arrival.pdu, CommandStatus.ESME_RX_T_APPN);
            }
        }
    }

    private Inbound inbound(SmppSession session, byte[] octets) {
        var now = clock.instant();
        var age = session.age();
        return new Inbound(
                link,
                SmppKind.KIND,
                octets,
                Optional.empty(),
                now,
                Optional.of(age)
                        .filter(old -> old.compareTo(REPEATED_UNTIL) > 0)
                        .map(now::minus));
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

    private void releaseIfAnother(Arrival arrival) {
        var before = unproved.get(arrival.content);
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
