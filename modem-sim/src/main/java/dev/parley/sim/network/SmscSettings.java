package dev.parley.sim.network;

import java.time.Duration;

/// How the SMSC behaves. Everything may change while it runs.
///
/// @param latency how long a `submit_sm` waits for its response
/// @param throttlePerSecond how many submits a second an SMPP system may make; 0 for no limit
/// @param receiptDelay from the outcome to its report
/// @param receiptFormat how a receipt looks over SMPP
/// @param receiptBeforeResponse whether a report may overtake the answer to its own submission
/// @param temporaryReports whether the sender hears that the SMSC is still trying (TP-ST 0x22)
/// @param validityMax how long the SMSC keeps any message, whatever its sender asked for
public record SmscSettings(
        Duration latency,
        int throttlePerSecond,
        Duration receiptDelay,
        String receiptFormat,
        boolean receiptBeforeResponse,
        boolean temporaryReports,
        Duration validityMax) {

    /// As long as most networks keep a message.
    private static final Duration VALIDITY_MAX = Duration.ofDays(3);

    public static final SmscSettings USUAL =
            new SmscSettings(Duration.ZERO, 0, Duration.ZERO, "text", false, false, VALIDITY_MAX);
}
