package dev.parley.sim.modem;

import dev.parley.sms.Octets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One message memory: `SM`, or `SR` for status reports (3GPP TS 27.005 §3.1). Places are counted from 1.
final class Memory {

    /// How a message is kept, by its number in `+CMGL` and its word in text mode.
    enum Stat {
        RECEIVED_UNREAD(0, "REC UNREAD"),
        RECEIVED_READ(1, "REC READ"),
        STORED_UNSENT(2, "STO UNSENT"),
        STORED_SENT(3, "STO SENT");

        private final int code;
        private final String word;

        Stat(int code, String word) {
            this.code = code;
            this.word = word;
        }

        int code() {
            return code;
        }

        String word() {
            return word;
        }
    }

    /// A message in its place.
    ///
    /// @param tpdu without the SMSC's address
    record Slot(Stat stat, Octets tpdu) {}

    private final String name;
    private final int capacity;
    private final TreeMap<Integer, Slot> slots = new TreeMap<>();

    Memory(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    String name() {
        return name;
    }

    int capacity() {
        return capacity;
    }

    int used() {
        return slots.size();
    }

    boolean isFull() {
        return slots.size() >= capacity;
    }

    /// Keeps a message.
    ///
    /// @return the place it got, which is the lowest free one
    int store(Slot slot) {
        int index = 1;
        while (slots.containsKey(index)) {
            index++;
        }
        if (index > capacity) {
            throw new IllegalStateException(name + " is full");
        }
        slots.put(index, slot);
        return index;
    }

    Optional<Slot> at(int index) {
        return Optional.ofNullable(slots.get(index));
    }

    Map<Integer, Slot> all() {
        return new TreeMap<>(slots);
    }

    void read(int index) {
        slots.computeIfPresent(
                index,
                (_, slot) -> slot.stat() == Stat.RECEIVED_UNREAD ? new Slot(Stat.RECEIVED_READ, slot.tpdu()) : slot);
    }

    void sent(int index) {
        slots.computeIfPresent(index, (_, slot) -> new Slot(Stat.STORED_SENT, slot.tpdu()));
    }

    void delete(int index) {
        slots.remove(index);
    }
}
