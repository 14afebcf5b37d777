package dev.parley.modem;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Whose fault a refusal is: that of the part, or that of the modem, its SIM or its account.
///
/// A modem that is out of order refuses with the codes of wrong numbers: `+CMS ERROR: 1` for everybody
/// once its reference counter has come round, 304 for PDUs that it took the day before, 28 or 50 when
/// the SIM is barred. Taken at its word it would burn the queue. So the third recipient in a row that
/// is refused, with nothing accepted in between, makes the modem the suspect, and 304 at once, because
/// our PDUs are right. A suspected modem's parts wait; each time another recipient is tried. Once
/// anything is accepted the modem is cleared, and a part that it refused before and refuses again is to
/// blame itself: so a list that begins with three wrong numbers costs some seconds.
final class Refusals {

    /// The third is refused for the modem's sake: two may have been wrong numbers.
    static final int SUSPECT_FROM = 3;

    /// A refusal longer ago says nothing of the modem as it is now.
    static final Duration COUNTS_FOR = Duration.ofHours(1);

    /// As many parts are remembered that were put back; a forgotten one is put back once more.
    private static final int HELD_MAX = 1_000;

    /// Whose fault it is.
    enum Fault {
        PART,
        MODEM
    }

    /// Recipients refused since anything was accepted, with when last.
    private final SequencedMap<String, Instant> refused = new LinkedHashMap<>();

    /// Parts that were put back, with how many had been accepted by then.
    private final Map<Long, Long> held = new LinkedHashMap<>();

    private long accepted;

    /// @param ours whether the refusal says that our PDU is wrong (304), which it is not
    Fault refused(long part, String recipient, boolean ours, Instant now) {
        var before = held.remove(part);
        if (before != null && before < accepted) {
            return Fault.PART; // others got through meanwhile
        }
        refused.values().removeIf(at -> at.plus(COUNTS_FOR).isBefore(now));
        refused.put(recipient, now);
        if (!ours && refused.size() < SUSPECT_FROM) {
            return Fault.PART;
        }
        if (held.size() >= HELD_MAX) {
            held.remove(held.keySet().iterator().next());
        }
        held.put(part, accepted);
        return Fault.MODEM;
    }

    /// Something got through.
    void accepted() {
        accepted++;
        refused.clear();
    }
}
