package dev.parley.at;

import java.util.Arrays;
import java.util.Optional;

/// Registration in the network (`+CREG`, TS 27.007 §7.2).
public enum Creg {
    NOT_SEARCHING(0, "not registered, and not searching for a network"),
    HOME(1, "registered"),
    SEARCHING(2, "searching for a network"),
    DENIED(3, "the network denied registration; is the SIM active?"),
    UNKNOWN(4, "registration unknown; out of coverage"),
    ROAMING(5, "registered, roaming"),
    HOME_SMS_ONLY(6, "registered for SMS only"),
    ROAMING_SMS_ONLY(7, "registered for SMS only, roaming"),
    EMERGENCY_ONLY(8, "emergency calls only"),
    HOME_NO_FALLBACK(9, "registered"),
    ROAMING_NO_FALLBACK(10, "registered, roaming");

    private final int stat;
    private final String words;

    Creg(int stat, String words) {
        this.stat = stat;
        this.words = words;
    }

    /// True where SMS can be sent.
    public boolean registered() {
        return switch (this) {
            case HOME, ROAMING, HOME_SMS_ONLY, ROAMING_SMS_ONLY, HOME_NO_FALLBACK, ROAMING_NO_FALLBACK -> true;
            case NOT_SEARCHING, SEARCHING, DENIED, UNKNOWN, EMERGENCY_ONLY -> false;
        };
    }

    public String words() {
        return words;
    }

    /// The answer to `AT+CREG?`, in the form of an answer or of a URC; empty if there was none (GenPro
    /// E10 sends it after the `OK`, as a URC).
    public static Optional<Creg> of(Final result) {
        return result.answers().stream()
                .flatMap(answer -> ofUrc(answer.text()).stream())
                .reduce((_, last) -> last);
    }

    /// A URC has `<stat>[,<lac>,<ci>…]`, an answer `<n>,<stat>[,…]`. Both carry the same name, so what
    /// tells them apart is the second field: a short bare number is a `<stat>`, whereas a `<lac>` is
    /// quoted or has four digits.
    static boolean isAnswer(String value) {
        var fields = value.split(",", 3);
        return fields.length > 1
                && fields[1].strip().length() <= 2
                && Lines.number(fields[1]).isPresent();
    }

    static Optional<Creg> ofUrc(String value) {
        return Lines.number(Lines.field(Lines.fields(value), isAnswer(value) ? 1 : 0))
                .flatMap(stat -> Arrays.stream(values())
                        .filter(status -> status.stat == stat)
                        .findFirst());
    }
}
