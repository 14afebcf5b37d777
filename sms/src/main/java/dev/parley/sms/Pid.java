package dev.parley.sms;

import java.util.OptionalInt;

/// The values of TP-PID that matter (3GPP TS 23.040 §9.2.3.9).
public final class Pid {

    /// To be acknowledged and not to be shown.
    public static final int TYPE_ZERO = 0x40;

    /// Replace short message type 1, the first of seven.
    private static final int REPLACE_1 = 0x41;

    private static final int REPLACE_7 = 0x47;

    /// The first of the four that are for the phone or its SIM.
    static final int ANSI_136 = 0x7C;

    static final int SIM_DATA_DOWNLOAD = 0x7F;

    private Pid() {}

    /// A later message of the same type, sender and SMSC replaces the earlier one.
    ///
    /// @return 1 to 7
    public static OptionalInt replaceType(int pid) {
        return pid >= REPLACE_1 && pid <= REPLACE_7 ? OptionalInt.of(pid - REPLACE_1 + 1) : OptionalInt.empty();
    }
}
