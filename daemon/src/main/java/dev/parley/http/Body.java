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

    private Body(int capacity, BodyBudget.Place place) {
        this.octets = new byte[capacity];
        this.place = place;
    }

    /// One that said how long it is.
    ///
    /// @param place for all of it
    static Body of(int length, BodyBudget.Place place) {
        return new Body(length, place);
    }

    /// One that comes in chunks.
    ///
    /// @param place for the first [#STEP]
    static Body growing(BodyBudget.Place place) {
        return new Body(STEP, place);
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
