package dev.parley.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A body that is being read, in its place in the budget.
final class Body {

    /// What a body of unknown length begins with.
    static final int STEP = 8 * 1024;

    private final BodyBudget.Place place;
    private byte[] octets;
    private int length;

    /// @param capacity how long it says it is, or [#STEP]
    /// @param place for so much
    Body(int capacity, BodyBudget.Place place) {
        this.octets = new byte[capacity];
        this.place = place;
    }

    int length() {
        return length;
    }

    /// @return false if there is no room for so much
    boolean append(ByteBuf more) {
        int added = more.readableBytes();
        if (length + added > octets.length) {
            int capacity = Math.max(length + added, 2 * octets.length);
            if (!place.grow(capacity - octets.length)) {
                return false;
            }
            octets = Arrays.copyOf(octets, capacity);
        }
        more.readBytes(octets, length, added);
        length += added;
        return true;
    }

    /// What was read, not copied unless it has to be.
    byte[] octets() {
        return length == octets.length ? octets : Arrays.copyOf(octets, length);
    }

    void leave() {
        place.leave();
    }
}
