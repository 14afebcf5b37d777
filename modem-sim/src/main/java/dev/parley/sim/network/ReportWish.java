package dev.parley.sim.network;

/// Which outcomes the sender wants to hear of.
///
/// @param intermediate that the recipient could not be reached yet
public record ReportWish(boolean success, boolean failure, boolean intermediate) {
    public static final ReportWish NONE = new ReportWish(false, false, false);
    public static final ReportWish ALL = new ReportWish(true, true, false);

    public boolean any() {
        return success || failure || intermediate;
    }

    /// @param status TP-ST of a final outcome
    boolean wants(int status) {
        return status < FAILED ? success : failure;
    }

    /// 3GPP TS 23.040 §9.2.3.15.
    private static final int FAILED = 0x40;
}
