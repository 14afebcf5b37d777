package dev.parley.modem;

import dev.parley.at.Answer;
import dev.parley.at.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for a modem at the ports of this machine by what it says of itself, as its port may have
/// another
/// name each time it is plugged in. A port that is in use, here or by another program, is left alone.
final class ModemFinder {
    private static final Logger log = LoggerFactory.getLogger(ModemFinder.class);

    private static final int INBOX_MAX = 256;
    private static final int TRIES = 2;
    private static final Duration ANSWER = Duration.ofMillis(700);

    /// The first fourteen tell a modem from another: the fifteenth is computed from them, and some
    /// modems
    /// answer with IMEI and software version instead (TS 23.003 §6.2).
    private static final int IMEI_DIGITS = 14;

    private final Supplier<List<Path>> ports;

    /// @param ports those to look at, the likeliest first
    ModemFinder(Supplier<List<Path>> ports) {
        this.ports = ports;
    }

    /// The port of a modem that is known by more than its port, or that port itself.
    Path find(Whereabouts wanted, int baud) throws PortTrouble {
        if (!wanted.named()) {
            return wanted.port().orElseThrow();
        }
        var candidates = new ArrayList<Path>();
        wanted.port().ifPresent(candidates::add);
        ports.get().stream().filter(port -> !candidates.contains(port)).forEach(candidates::add);
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
        var inbox = new ArrayBlockingQueue<Input>(INBOX_MAX);
        try (var port = Port.open(path, baud, "finder", inbox)) {
            var dialogue = new Dialogue("finder", port, inbox, _ -> {});
            return dialogue.answers(TRIES, ANSWER)
                    && (wanted.imei().isEmpty() || sameImei(wanted.imei().get(), told(dialogue, "AT+CGSN")))
                    && (wanted.imsi().isEmpty()
                            || told(dialogue, "AT+CIMI").contains(wanted.imsi().get()));
        } catch (PortTrouble | PortGone e) {
            log.debug("port={} is not looked at: {}", path, e.getMessage());
            return false;
        }
    }

    private static boolean sameImei(String wanted, String told) {
        return told.contains(wanted.substring(0, Math.min(IMEI_DIGITS, wanted.length())));
    }

    /// The digits of an answer.
    private static String told(Dialogue dialogue, String command) throws PortGone {
        var digits = new StringBuilder();
        for (var answer :
                dialogue.command(Command.text(command), ANSWER.multipliedBy(4)).answers()) {
            digits.append(digits(answer)).append(' ');
        }
        return digits.toString();
    }

    private static String digits(Answer answer) {
        var digits = new StringBuilder();
        answer.text().chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        return digits.toString();
    }
}
