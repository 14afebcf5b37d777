package dev.parley.sim.modem;

/// What the commands of a stick share: what programs have set, its SIM, its radio, and its fault.
final class State {

    final SimCard sim = new SimCard();
    Settings settings = new Settings();
    Fault fault = new Fault.None();
    boolean radio = true;

    /// `AT+COPS=2` was the last word.
    boolean deregistered;

    void powerOn() {
        settings = new Settings();
        radio = true;
        deregistered = false;
    }

    boolean isCovered() {
        return !(fault instanceof Fault.NoNetwork);
    }

    /// Whether the network can reach it.
    boolean isRegistered() {
        return radio && sim.lock() == SimCard.Lock.NONE && !deregistered && isCovered();
    }
}
