package dev.parley.modem;

import dev.parley.at.CmeCause;
import dev.parley.at.Command;
import dev.parley.at.Final;
import dev.parley.at.SimState;
import dev.parley.link.LinkState;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets past the SIM (`+CPIN`, TS 27.007 §8.3), and stays where only a person can help.
///
/// A PIN is entered at most once; what was entered is remembered before it is, and forgotten when the
/// SIM turns out to be unlocked. The last try is never spent: neither when the modem says that it is the
/// last, nor, where it cannot say, after two other PINs.
record SimGate(Modem modem, PinMemory pins) {
    private static final Logger log = LoggerFactory.getLogger(SimGate.class);

    /// So often a modem may answer `AT+CPIN?` with nothing of use before it counts as one that does not
    /// know it.
    private static final int VOID_ANSWERS_MAX = 5;

    /// A SIM is busy for some seconds after power-on, at most about twenty.
    private static final Duration BUSY_MAX = Duration.ofSeconds(60);

    /// So long a modem may still ask for the PIN that it has just accepted.
    private static final Duration UNLOCKING = Duration.ofSeconds(10);

    private static final Duration PIN_ANSWER = Duration.ofSeconds(20);

    /// Three tries are all there are (TS 31.101 §9.5); the last is the owner's.
    private static final int UNKNOWN_TRIES_MAX = 2;

    private static final Pattern NUMBER = Pattern.compile("(?<![0-9A-Za-z])[0-9]{1,2}(?![0-9A-Za-z])");

    /// Returns when the SIM is ready, or when the modem is one that does not speak of SIMs.
    void pass(Dialect dialect) throws PortGone, Ended {
        var voids = 0;
        var busyUntil = System.nanoTime() + BUSY_MAX.toNanos();
        var unlockingUntil = Optional.<Long>empty();
        while (true) {
            var state = SimState.of(modem.ask("AT+CPIN?")).or(modem.notes().sim::take);
            if (state.isEmpty()) {
                voids++;
                if (voids >= VOID_ANSWERS_MAX) {
                    return;
                }
            } else {
                switch (state.get()) {
                    case READY -> {
                        if (pins.refused(modem.link()) > 0) {
                            pins.accepted(modem.link());
                        }
                        return;
                    }
                    case BUSY -> {
                        if (System.nanoTime() > busyUntil) {
                            fault("The SIM is not ready; take it out and put it in again.");
                        }
                    }
                    case NEEDS_PIN -> {
                        if (unlockingUntil.isEmpty() && mayEnter(dialect) && enter()) {
                            unlockingUntil = Optional.of(System.nanoTime() + UNLOCKING.toNanos());
                            continue;
                        } else if (unlockingUntil.isPresent() && System.nanoTime() > unlockingUntil.get()) {
                            unlockingUntil = Optional.empty();
                        }
                    }
                    case NEEDS_PUK -> locked("The SIM is blocked and asks for its PUK; unblock it in a phone.");
                    case NO_SIM -> locked("There is no SIM in the modem; put one in.");
                    case WRONG_PIN -> locked("The SIM refused the PIN.");
                    case DEVICE_LOCKED -> locked("The modem is locked to another SIM; use that SIM or another modem.");
                    case NETWORK_LOCKED ->
                        fault("The modem is locked to another network; use a SIM of that network or another modem.");
                    case FAILED -> fault("The SIM has failed; try another one.");
                }
            }
            modem.pause(modem.pace().recheck());
        }
    }

    private void locked(String sentence) {
        modem.owner().tell(LinkState.LOCKED, sentence);
    }

    private void fault(String sentence) {
        modem.owner().tell(LinkState.FAULT, sentence);
    }

    private boolean mayEnter(Dialect dialect) throws PortGone, Ended {
        var pin = modem.settings().pin();
        if (pin.isEmpty()) {
            locked("The SIM asks for its PIN; put it into the configuration (pin) and restart.");
            return false;
        }
        if (pins.refused(modem.link(), pin.get())) {
            locked("The SIM did not take the PIN of the configuration, which is not entered a second time; correct it"
                    + " or unlock the SIM in a phone.");
            return false;
        }
        var tries = triesLeft(dialect);
        if (tries.isPresent() ? tries.get() <= 1 : pins.refused(modem.link()) >= UNKNOWN_TRIES_MAX) {
            locked(
                    "The SIM may have only one try left for its PIN, which Parley does not spend; unlock it in a phone.");
            return false;
        }
        return true;
    }

    /// Enters the PIN.
    ///
    /// @return true if the modem said `OK`
    private boolean enter() throws PortGone, Ended {
        var link = modem.link();
        var secret = modem.settings().pin().orElseThrow();
        try {
            pins.entering(link, secret);
        } catch (IOException e) {
            log.warn("link={} cannot remember that the PIN is entered: {}", link, e.toString());
            locked("The SIM asks for its PIN, which is not entered because it cannot be remembered that it was; see the"
                    + " log.");
            return false;
        }
        log.info("link={} enters the PIN", link);
        var result = modem.ask(Command.of("AT+CPIN=\"" + secret.digits() + "\""), PIN_ANSWER);
        if (result.ok()) {
            return true;
        }
        if (SimState.isBusy(result)) {
            pins.withdrawn(link, secret); // it was not looked at
            return false;
        }
        log.warn(
                "link={} the PIN was not taken: {}",
                link,
                result instanceof Final.CmeError(int code, var _) ? CmeCause.words(code) : result.words());
        return false;
    }

    /// Empty where the modem does not tell.
    private Optional<Integer> triesLeft(Dialect dialect) throws PortGone, Ended {
        return modem.ask(dialect.pinTries).answers().stream()
                .flatMap(answer -> NUMBER.matcher(answer.text()).results())
                .map(number -> Integer.valueOf(number.group()))
                .findFirst();
    }
}
