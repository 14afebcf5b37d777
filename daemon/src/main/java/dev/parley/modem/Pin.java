package dev.parley.modem;

/// The PIN of a SIM. Does not show itself.
///
/// @param digits four to eight decimal digits (3GPP TS 31.101 §9.5.1)
public record Pin(String digits) {
    public Pin {
        if (!digits.matches("[0-9]{4,8}")) {
            throw new IllegalArgumentException("a PIN has 4 to 8 digits");
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
