package dev.parley.sms;

/// How the user data of a short message codes its text: TP-DCS, 3GPP TS 23.038 §4.
public enum Alphabet {
    GSM7("gsm7"),
    DATA8("8bit"),
    UCS2("ucs2");

    private final String label;

    Alphabet(String label) {
        this.label = label;
    }

    /// The word that the API and the command line use.
    public String label() {
        return label;
    }
}
