package dev.parley.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many octets of bodies there are in memory at once, of all together and of one user or address. A
/// body takes its place before its first octet is read, and holds it until its request is answered.
final class BodyBudget {

    /// What a body of unknown length begins with.
    static final int STEP = 8 * 1024;

    /// One user or address may have one of so many parts of it.
    private static final int SHARES = 2;

    private final long most;
    private long held; // this and all below under `this`
    private final Map<Object, Long> byHolder = new HashMap<>();

    BodyBudget(long most) {
        this.most = most;
    }

    /// The largest body that fits at all.
    long largest() {
        return most / SHARES;
    }

    /// @param octets how long it says it is, or [#STEP]
    /// @param by whom the body is counted to: an account's id, an address
    /// @return empty if there is no room for it now
    Optional<Body> body(int octets, List<Object> by) {
        var body = new Body(by);
        return body.grow(octets) ? Optional.of(body) : Optional.empty();
    }

    /// A body that is being read, in its place, which grows with it where its length is not known before.
    final class Body {
        private final List<Object> holders;
        private byte[] octets = {}; // all of them counted, read or not
        private int length;

        private Body(List<Object> holders) {
            this.holders = holders;
        }

        int length() {
            return length;
        }

        /// @return false if there is no room for so much; all stays as it is then
        boolean append(ByteBuf more) {
            int added = more.readableBytes();
            if (length + added > octets.length && !grow(Math.max(length + added, 2 * octets.length))) {
                return false;
            }
            more.readBytes(octets, length, added);
            length += added;
            return true;
        }

        private boolean grow(int capacity) {
            int more = capacity - octets.length;
            synchronized (BodyBudget.this) {
                if (held + more > most
                        || holders.stream().anyMatch(by -> byHolder.getOrDefault(by, 0L) + more > largest())) {
                    return false;
                }
                take(more);
            }
            octets = Arrays.copyOf(octets, capacity);
            return true;
        }

        /// What was read, not copied unless it has to be.
        byte[] octets() {
            return length == octets.length ? octets : Arrays.copyOf(octets, length);
        }

        /// Gives its place back, once or more often.
        void leave() {
            synchronized (BodyBudget.this) {
                take(-octets.length);
            }
            octets = new byte[0];
        }

        private void take(long more) {
            held += more;
            for (var by : holders) {
                byHolder.merge(by, more, Long::sum);
                byHolder.remove(by, 0L);
            }
        }
    }
}
