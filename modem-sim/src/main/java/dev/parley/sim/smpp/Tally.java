package dev.parley.sim.smpp;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What all sessions of the SMPP port have counted since it opened.
public final class Tally {

    private final ConcurrentMap<Integer, LongAdder> answers = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();

    Tally() {}

    /// An SMPP system has answered a `deliver_sm` or `data_sm`.
    void answered(int commandStatus) {
        answers.computeIfAbsent(commandStatus, _ -> new LongAdder()).increment();
    }

    /// A receipt is never sent, as [Quirks#dropReceipts] wants it.
    void receiptDropped() {
        dropped.incrementAndGet();
    }

    /// How often each `command_status` was the answer to a `deliver_sm` or `data_sm`.
    public Map<Integer, Long> answers() {
        var counts = new TreeMap<Integer, Long>();
        answers.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    /// Final receipts that were never sent.
    public long droppedReceipts() {
        return dropped.get();
    }
}
