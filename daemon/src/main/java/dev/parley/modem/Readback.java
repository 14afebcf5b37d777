package dev.parley.modem;

import dev.parley.at.Final;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The settings as a modem reads them back right after they were set. One that starts anew without a
/// word (a power glitch, a watchdog of its own) answers every command as before, and has forgotten them
/// all: errors come without numbers, messages are not told of, a PDU is taken for a number. What it does
/// not read back, or reads back otherwise from the start, is not watched.
final class Readback {
    /// Error codes (TS 27.007 §9.1), PDU mode (TS 27.005 §3.2.3), acknowledgements (§3.2.1), news of
    /// registration (TS 27.007 §7.2): each with its setting in front.
    private static final List<String> ASKED = List.of("AT+CMEE?", "AT+CMGF?", "AT+CSMS?", "AT+CREG?");

    /// A modem that changes one by itself, time and again, is not set up anew for it any more.
    private static final int CHANGES_MAX = 3;

    private final Map<String, String> first = new HashMap<>();
    private final Map<String, Integer> changes = new HashMap<>();

    /// Takes what is set now for what is to be.
    void begin(Modem modem) throws PortGone, Ended {
        first.clear();
        for (var command : ASKED) {
            var setting = setting(command, modem.ask(command));
            if (!setting.isEmpty() && changes.getOrDefault(command, 0) < CHANGES_MAX) {
                first.put(command, setting);
            }
        }
    }

    /// Whether one is not as it was.
    boolean isLost(Modem modem) throws PortGone, Ended {
        for (var command : List.copyOf(first.keySet())) {
            var now = setting(command, modem.ask(command));
            if (!now.isEmpty() && !now.equals(first.get(command))) {
                changes.merge(command, 1, Integer::sum);
                return true;
            }
        }
        return false;
    }

    /// The first field is the setting. Of `+CREG` it is one only where the state of registration
    /// follows.
    private static String setting(String command, Final result) {
        var fields = List.of(result.firstLine().split(",", -1));
        var setting = fields.getFirst().strip();
        return setting.matches("[0-9]") && (fields.size() > 1 || !command.contains("CREG")) ? setting : "";
    }
}
