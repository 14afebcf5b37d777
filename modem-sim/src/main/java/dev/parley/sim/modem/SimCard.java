package dev.parley.sim.modem;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A SIM card: its lock, and the messages on it. Power-off changes neither.
final class SimCard {

    /// What it wants before it can be used.
    enum Lock {
        NONE,
        PIN,
        PUK
    }

    private static final int SM_CAPACITY = 30;
    private static final int SR_CAPACITY = 30;

    private static final Pattern PIN = Pattern.compile("[0-9]{4,8}");
    private static final int PIN_TRIES = 3;

    private final Memory sm = new Memory("SM", SM_CAPACITY);
    private final Memory sr = new Memory("SR", SR_CAPACITY);
    private Lock lock = Lock.NONE;
    private Optional<String> pin = Optional.empty();
    private int pinTries = PIN_TRIES;

    Memory sm() {
        return sm;
    }

    Memory sr() {
        return sr;
    }

    Optional<Memory> memory(String name) {
        return switch (name) {
            case "SM" -> Optional.of(sm);
            case "SR" -> Optional.of(sr);
            default -> Optional.empty();
        };
    }

    Lock lock() {
        return lock;
    }

    /// A command that needs the card.
    ///
    /// @param pin the answer while it wants its PIN
    /// @param puk the same for its PUK
    Function<Command, Reply> unlocked(Function<Command, Reply> then, Reply pin, Reply puk) {
        return command -> switch (lock) {
            case NONE -> then.apply(command);
            case PIN -> pin;
            case PUK -> puk;
        };
    }

    /// From now on it wants a PIN.
    ///
    /// @param wanted empty if any PIN will do
    void lock(Optional<String> wanted) {
        lock = Lock.PIN;
        pin = wanted;
        pinTries = PIN_TRIES;
    }

    void unlock() {
        lock = Lock.NONE;
    }

    /// Tries a PIN while it wants one; after too many wrong ones it wants its PUK.
    ///
    /// @return whether it is unlocked now
    boolean enter(String entered) {
        if (PIN.matcher(entered).matches() && (pin.isEmpty() || pin.get().equals(entered))) {
            unlock();
            return true;
        }
        pinTries--;
        if (pinTries == 0) {
            lock = Lock.PUK;
        }
        return false;
    }

    /// Whether it asks for its PIN when it is used next: the facility `SC` of `+CLCK`.
    boolean asksForPin() {
        return lock != Lock.NONE || pin.isPresent();
    }
}
