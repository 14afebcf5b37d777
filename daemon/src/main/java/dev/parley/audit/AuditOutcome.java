package dev.parley.audit;

import java.util.Locale;

/// How far what somebody asked for had come when the entry was written.
public enum AuditOutcome {
    /// It was about to be done. Written before what is no transaction of ours, such as a command to a modem: another
    /// entry says how it ended, unless the program ended first.
    BEGUN,
    /// Committed together with the entry, or done before it was written.
    DONE,
    /// Nothing was done.
    REFUSED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static AuditOutcome ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
