package dev.parley.sim.network;

import dev.parley.sms.Concat;
import dev.parley.sms.UserData;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a phone received and shows, concatenated messages put together (3GPP TS 23.040 §9.2.3.24.1).
final class Inbox {

    /// As a phone's memory is full at some time; the oldest go first.
    static final int KEPT_MAX = 10_000;

    /// Messages with parts still missing.
    static final int INCOMPLETE_MAX = 200;

    private record Key(String from, int ref, int refBits, int total) {}

    private final List<Received> received = new ArrayList<>();
    private final Map<Key, TreeMap<Integer, ShortMessage>> incomplete = new LinkedHashMap<>();

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    synchronized int incomplete() {
        return incomplete.size();
    }

    /// Takes a part.
    ///
    /// @return the text, if this part made it whole
    synchronized Optional<Received> add(ShortMessage message) {
        var concat = message.userData().concat();
        if (concat.isEmpty()) {
            return Optional.of(kept(message, List.of(message)));
        }
        Concat place = concat.get();
        var key = new Key(message.from().number(), place.ref(), place.refBits(), place.total());
        var parts = incomplete.computeIfAbsent(key, _ -> new TreeMap<>());
        parts.put(place.seq(), message);
        if (parts.size() == place.total()) {
            incomplete.remove(key);
            return Optional.of(kept(message, List.copyOf(parts.values())));
        }
        if (incomplete.size() > INCOMPLETE_MAX) {
            incomplete.remove(incomplete.keySet().iterator().next());
        }
        return Optional.empty();
    }

    private Received kept(ShortMessage last, List<ShortMessage> parts) {
        var alphabet = last.dcs().alphabet();
        var text = UserData.joined(parts.stream().map(ShortMessage::userData).toList());
        var whole = new Received(
                last.from().number(),
                text,
                parts.size(),
                alphabet.label(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        if (received.size() >= KEPT_MAX) {
            received.removeFirst();
        }
        received.add(whole);
        return whole;
    }
}
