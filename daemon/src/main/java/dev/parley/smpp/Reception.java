package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.LinkListener;
import dev.parley.lock.Held;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
        private final ByteBuffer content;

        private LinkListener.@Nullable Taken taken; // under lock

        Arrival(SmppSession session, byte[] pdu) {
            this.session = session;
            this.pdu = pdu;
            this.content = ByteBuffer.wrap(pdu.clone()).putInt(12, 0);
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

    private final LinkedHashMap<ByteBuffer, Unproved> unproved = new LinkedHashMap<>(); // of the thread
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
        var arrival = new Arrival(session, pdu);
        try (var _ = Held.lock(lock)) {
            long left = PLACE_WAIT.toNanos();
            while (waiting.size() + offered.size() >= UNANSWERED_MAX) {
                if (left <= 0) {
                    return false;
                }
                left = hasPlace.awaitNanos(left);
            }
            waiting.add(arrival);
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

    @Override
    public void run() {
        try {
            for (var step = next(); step.isPresent(); step = next()) {
                step.get().run();
            }
            release();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for something to do.
    ///
    /// @return empty at the end
    private Optional<Runnable> next() throws InterruptedException {
        try (var _ = Held.lock(lock)) {
            long left = SmppSession.PROOF_PAUSE.toNanos();
            while (true) {
                var first = offered.peek();
                if (first != null && first.taken != null) {
                    offered.remove();
                    offeredContents.remove(first.content);
                    hasPlace.signal();
                    var taken = first.taken;
                    return Optional.of(() -> answer(first, taken));
                }
                // Of two equal ones the second waits until it is known what became of the first.
                if (!waiting.isEmpty() && !offeredContents.contains(waiting.peek().content)) {
                    var arrival = waiting.remove();
                    offered.add(arrival);
                    offeredContents.add(arrival.content);
                    return Optional.of(() -> offer(arrival));
                }
                if (proved) {
                    proved = false;
                    return Optional.of(this::release);
                }
                if (closing && waiting.isEmpty() && offered.isEmpty()) {
                    return Optional.empty();
                }
                if (inDoubt == 0 || !offered.isEmpty()) {
                    changed.await();
                } else if (left <= 0) {
                    return Optional.of(this::askForProof); // answers are in doubt, and nothing else happens
                } else {
                    left = changed.awaitNanos(left);
                }
            }
        }
    }

    private void askForProof() {
        release();
        if (!unproved.isEmpty()) {
            unproved.lastEntry().getValue().session.askForProof();
        }
    }

    private void offer(Arrival arrival) {
        var before = unproved.get(arrival.content);
        if (before != null && before.session == arrival.session) {
            boolean answeredBefore = before.at <= arrival.readAt;
            if (answeredBefore || arrival.readAt - before.readAt < REPETITION_FROM.toNanos()) {
                release(before); // it is another one
            }
        }
        var now = clock.instant();
        var age = arrival.session.age();
        var notACopyOf = age.compareTo(REPEATED_UNTIL) > 0 ? Optional.of(now.minus(age)) : Optional.<Instant>empty();
        listener.receive(
                new Inbound(link, SmppKind.KIND, arrival.content.array(), Optional.empty(), now, notACopyOf),
                taken -> taken(arrival, taken));
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

    private void keep(Unproved answer) {
        unproved.remove(answer.content);
        unproved.put(answer.content, answer);
        inDoubt = unproved.size();
        if (inDoubt > UNPROVED_MAX) {
            release(unproved.firstEntry().getValue());
        }
    }

    private void release() {
        for (var it = unproved.values().iterator(); it.hasNext(); ) {
            var answer = it.next();
            boolean proved = answer.session.proved(answer.answer);
            if (proved || answer.session.ended()) {
                it.remove();
            }
            if (proved) { // else the listener knows it, and the time says when that no longer counts
                listener.released(answer.receipt);
            }
        }
        inDoubt = unproved.size();
    }

    private void release(Unproved answer) {
        unproved.remove(answer.content);
        listener.released(answer.receipt);
        inDoubt = unproved.size();
    }
}
