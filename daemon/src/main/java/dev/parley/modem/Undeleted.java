package dev.parley.modem;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What was committed and still lies on the modem: it refuses to delete it, or says `OK` and does not.
///
/// Such a message is offered to nobody again and its deletion is tried ever more seldom. Outlives
/// connections, since a SIM that does not delete is the same SIM tomorrow.
final class Undeleted {

    /// A larger SIM than any; what is forgotten is offered again, and known by what it says.
    private static final int LEFT_MAX = 2_000;

    private static final Duration AGAIN_FIRST = Duration.ofSeconds(10);
    private static final Duration AGAIN_LONGEST = Duration.ofHours(1);

    /// After so many tries it is the SIM and not a moment.
    private static final int STUCK_FROM = 2;

    private record Left(int tries, long nextAt) {}

    private final Map<String, Left> left = new LinkedHashMap<>();

    private static String key(Notes.Slot slot, String digits) {
        return slot.place() + "=" + digits;
    }

    /// Whether this message was committed from this place, and should be gone from it.
    boolean holds(Notes.Slot slot, String digits) {
        return left.containsKey(key(slot, digits));
    }

    /// Whether its deletion is to be tried now.
    ///
    /// @param now of [System#nanoTime]
    boolean isDue(Notes.Slot slot, String digits, long now) {
        var before = left.get(key(slot, digits));
        return before == null || now - before.nextAt >= 0;
    }

    /// It lies there although its deletion was tried.
    void stays(Notes.Slot slot, String digits, long now) {
        var key = key(slot, digits);
        var before = left.remove(key);
        int tries = before == null ? 1 : before.tries + 1;
        if (left.size() >= LEFT_MAX) {
            left.remove(left.keySet().iterator().next());
        }
        left.put(key, new Left(tries, now + pauseAfter(tries).toNanos()));
    }

    /// It is gone from there.
    void gone(String place) {
        left.keySet().removeIf(key -> key.startsWith(place + "="));
    }

    /// Of this memory only these places are taken.
    void keepOnly(String memory, Set<String> places) {
        left.keySet()
                .removeIf(key -> key.startsWith(memory + ":") && !places.contains(key.substring(0, key.indexOf('='))));
    }

    /// When the next deletion is due, of [System#nanoTime]; empty where nothing is left.
    Optional<Long> nextAt() {
        return left.values().stream().map(Left::nextAt).min(Comparator.naturalOrder());
    }

    /// How many lie in this memory.
    long in(String memory) {
        return left.keySet().stream()
                .filter(key -> key.startsWith(memory + ":"))
                .count();
    }

    /// Whether the modem or its SIM does not delete.
    boolean isStuck() {
        return left.values().stream().anyMatch(one -> one.tries >= STUCK_FROM);
    }

    static Duration pauseAfter(int tries) {
        var pause = AGAIN_FIRST.multipliedBy(1L << Math.clamp(2L * (tries - 1), 0, 20));
        return pause.compareTo(AGAIN_LONGEST) < 0 ? pause : AGAIN_LONGEST;
    }
}
