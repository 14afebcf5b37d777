package dev.parley.modem;

import dev.parley.at.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for a modem at the ports of this machine by what it says of itself, as its port may have another
/// name each time it is plugged in. A port that is in use, here or by another program, is left alone.
///
/// @param ports those to look at, the likeliest first
record ModemFinder(Supplier<List<Path>> ports) {
    private static final Logger log = LoggerFactory.getLogger(ModemFinder.class);

    private static final int TRIES = 2;
    private static final Duration ANSWER = Duration.ofMillis(700);

    /// The first fourteen tell a modem from another: the fifteenth is computed from them, and some modems
    /// answer with IMEI and software version instead (TS 23.003 §6.2).
    private static final int IMEI_DIGITS = 14;

    /// The port of a modem that is known by more than its port, or that port itself.
    Path find(Whereabouts wanted, int baud) throws PortTrouble {
        if (!wanted.named()) {
            return wanted.port().orElseThrow();
        }
        var candidates = new LinkedHashSet<Path>();
        wanted.port().ifPresent(candidates::add);
        candidates.addAll(ports.get());
        for (var port : candidates) {
            if (isAt(wanted, port, baud)) {
                if (!wanted.port().equals(Optional.of(port))) {
                    log.info("the modem {} is at {}", wanted.words(), port);
                }
                return port;
            }
        }
        throw new PortTrouble(
                PortTrouble.Kind.MISSING, "There is no modem " + wanted.words() + " at any port; plug it in.");
    }

    private static boolean isAt(Whereabouts wanted, Path path, int baud) {
        try (var port = Port.open(path, baud, "finder")) {
            var dialogue = new Dialogue("finder", port, _ -> {});
            return dialogue.answers(TRIES, ANSWER)
                    && tells(dialogue, "AT+CGSN", wanted.imei().map(ModemFinder::compared))
                    && tells(dialogue, "AT+CIMI", wanted.imsi());
        } catch (PortTrouble | PortGone e) {
            log.debug("port={} is not looked at: {}", path, e.getMessage());
            return false;
        }
    }

    private static String compared(String imei) {
        return imei.substring(0, Math.min(IMEI_DIGITS, imei.length()));
    }

    /// Whether the digits of an answer are those wanted, if any are.
    private static boolean tells(Dialogue dialogue, String command, Optional<String> wanted) throws PortGone {
        return wanted.isEmpty()
                || dialogue.command(Command.text(command), ANSWER.multipliedBy(4)).answers().stream()
                        .anyMatch(
                                answer -> answer.text().replaceAll("[^0-9]", "").contains(wanted.get()));
    }
}
