package dev.parley.at;

import java.util.Locale;
import java.util.Optional;

/// What the SIM wants before it lets anybody send (`+CPIN`, TS 27.007 §8.3).
public enum SimState {
    READY("the SIM is ready"),
    NEEDS_PIN("the SIM asks for its PIN"),
    NEEDS_PUK("the SIM is blocked and asks for its PUK; unblock it in a phone"),
    NO_SIM("there is no SIM in the modem"),
    WRONG_PIN("the SIM refused the PIN"),
    NETWORK_LOCKED("the modem is locked to another network"),
    DEVICE_LOCKED("the modem is locked to another SIM"),
    FAILED("the SIM has failed"),
    BUSY("the SIM is not ready yet");

    private final String words;

    SimState(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /// Reads the result of `AT+CPIN?`, or of `AT+CPIN="…"` when it is an error. Empty if the modem said nothing of use;
    /// it is asked again then.
    public static Optional<SimState> of(Final result) {
        return switch (result) {
            case Final.CmeError(int code, var text) -> code == Final.NO_CODE ? worded(text) : numbered(code);
            case Final.CmsError(int code, var text) -> code == Final.NO_CODE ? worded(text) : numbered(code - 300);
            case Final.Ok _, Final.Silence _, Final.PlainError _, Final.Rebooted _ ->
                result.answers().isEmpty()
                        ? Optional.empty()
                        : named(result.answers().getLast().text());
        };
    }

    /// Whether a SIM or a modem is not done with something else: `+CMS ERROR: 314`, `+CME ERROR: 14` and 515.
    public static boolean isBusy(Final result) {
        return of(result).filter(BUSY::equals).isPresent();
    }

    /// The codes of `+CPIN: <code>`. PIN2 and PUK2 guard the fixed dialling list and cost nothing, so they count as
    /// ready.
    static Optional<SimState> named(String code) {
        var word = code.strip().toUpperCase(Locale.ROOT).replace("\"", "");
        return Optional.ofNullable(
                switch (word) {
                    case "READY", "SIM PIN2", "SIM PUK2" -> READY;
                    case "SIM PIN" -> NEEDS_PIN;
                    case "SIM PUK", "BLOCKED", "SIM BLOCKED", "PERM BLOCKED", "SIM PERM BLOCKED" -> NEEDS_PUK;
                    case "PH-SIM PIN", "PH-SIM PUK", "PH-FSIM PIN", "PH-FSIM PUK" -> DEVICE_LOCKED;
                    case "NOT READY", "SIM BUSY" -> BUSY;
                    case "NOT INSERTED", "SIM REMOVED", "SIM NOT INSERTED", "NO SIM", "SIM ABSENT", "ABSENT" -> NO_SIM;
                    case "SIM FAILURE", "SIM ERROR", "SIM WRONG" -> FAILED;
                    default -> word.startsWith("PH-") ? NETWORK_LOCKED : null;
                });
    }

    /// TS 27.007 §9.2.1; `+CMS ERROR` 310 to 318 of TS 27.005 §3.2.5 mean the same with 300 added.
    private static Optional<SimState> numbered(int code) {
        return Optional.ofNullable(
                switch (code) {
                    case 5, 6, 7 -> DEVICE_LOCKED;
                    case 10 -> NO_SIM;
                    case 11 -> NEEDS_PIN;
                    case 12 -> NEEDS_PUK;
                    case 13, 15 -> FAILED;
                    case 14, 515 -> BUSY; // 515 is Wavecom's "please wait, init in progress"
                    case 16 -> WRONG_PIN;
                    case 17, 18 -> READY;
                    case 40, 41, 42, 43, 44, 45, 46, 47 -> NETWORK_LOCKED;
                    default -> null;
                });
    }

    /// The same in words, for a modem that does not take `+CMEE=1`.
    private static Optional<SimState> worded(String text) {
        var words = text.strip().toLowerCase(Locale.ROOT).replaceAll("[.\"]+$|^\"", "");
        return Optional.ofNullable(
                switch (words) {
                    case "sim not inserted", "no sim", "sim card not inserted" -> NO_SIM;
                    case "sim pin required" -> NEEDS_PIN;
                    case "sim puk required", "sim blocked" -> NEEDS_PUK;
                    case "sim failure", "sim wrong" -> FAILED;
                    case "sim busy", "please wait, init or command processing in progress" -> BUSY;
                    case "incorrect password" -> WRONG_PIN;
                    case "sim pin2 required", "sim puk2 required" -> READY;
                    case "ph-sim pin required", "ph-fsim pin required", "ph-fsim puk required" -> DEVICE_LOCKED;
                    case "network personalisation pin required",
                            "network personalization pin required",
                            "network personalisation puk required",
                            "ph-net pin required" -> NETWORK_LOCKED;
                    default -> null;
                });
    }
}
