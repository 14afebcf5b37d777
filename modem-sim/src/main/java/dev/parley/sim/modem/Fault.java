package dev.parley.sim.modem;

import java.util.Optional;
import java.util.regex.Pattern;

/// What is wrong with a modem.
public sealed interface Fault {

    /// It works.
    record None() implements Fault {}

    /// The stick was pulled out: no port, nothing is received.
    record Unplugged() implements Fault {}

    /// The firmware hangs: the port is there and says nothing.
    record Hung() implements Fault {}

    /// It finds no network: nothing is sent (CMS 331) and nothing received.
    record NoNetwork() implements Fault {}

    /// The SIM wants its PIN (CMS 311) and works when it has it.
    record PinRequired() implements Fault {}

    /// The SIM has no room: nothing can be stored (CMS 322), the network keeps what comes.
    record StorageFull() implements Fault {}

    /// The network refuses every message with this cause.
    ///
    /// @param cause as in `+CMS ERROR`, 0 to 999 (3GPP TS 27.005 §3.2.5)
    record Refuse(int cause) implements Fault {}

    Pattern REFUSE = Pattern.compile("refuse:([0-9]{1,3})");

    /// The word of the control API.
    default String label() {
        return switch (this) {
            case None _ -> "none";
            case Unplugged _ -> "unplugged";
            case Hung _ -> "hung";
            case NoNetwork _ -> "no-network";
            case PinRequired _ -> "pin-required";
            case StorageFull _ -> "storage-full";
            case Refuse(int cause) -> "refuse:" + cause;
        };
    }

    static Optional<Fault> of(String label) {
        return switch (label) {
            case "none" -> Optional.of(new None());
            case "unplugged" -> Optional.of(new Unplugged());
            case "hung" -> Optional.of(new Hung());
            case "no-network" -> Optional.of(new NoNetwork());
            case "pin-required" -> Optional.of(new PinRequired());
            case "storage-full" -> Optional.of(new StorageFull());
            default -> {
                var refuse = REFUSE.matcher(label);
                yield refuse.matches() ? Optional.of(new Refuse(Integer.parseInt(refuse.group(1)))) : Optional.empty();
            }
        };
    }
}
