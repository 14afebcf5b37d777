package dev.parley.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many octets of bodies there are in memory at once, of all together and of one user or address. A
/// body takes its place before its first octet is read, and holds it until its request is answered.
final class BodyBudget {

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

    /// A place for a body; grows with it where its length is not known before.
    final class Place {
        private final List<Object> holders;
        private long octets; // under the budget

        private Place(List<Object> holders) {
            this.holders = holders;
        }

        /// @return false if there is no room for so many more; the place stays as it is then
        boolean grow(long more) {
            synchronized (BodyBudget.this) {
                if (held + more > most
                        || holders.stream().anyMatch(by -> byHolder.getOrDefault(by, 0L) + more > largest())) {
                    return false;
                }
                take(more);
                return true;
            }
        }

        /// Gives it back, once or more often.
        void leave() {
            synchronized (BodyBudget.this) {
                take(-octets);
            }
        }

        private void take(long more) {
            octets += more;
            held += more;
            for (var by : holders) {
                byHolder.merge(by, more, Long::sum);
                byHolder.remove(by, 0L);
            }
        }
    }

    /// @param by whom the body is counted to: an account's id, an address
    /// @return empty if there is no room for it now
    Optional<Place> place(long octets, List<Object> by) {
        var place = new Place(by);
        return place.grow(octets) ? Optional.of(place) : Optional.empty();
    }
}
