package dev.parley.sim.network;

import java.time.Instant;

/// What the SMSC hands to a [Station].
public sealed interface Parcel {

    /// The message that this is, or is about.
    ShortMessage message();

    /// A text on its way to its recipient.
    record Text(ShortMessage message) implements Parcel {}

    /// What became of a message, for its sender.
    ///
    /// @param status TP-ST (3GPP TS 23.040 §9.2.3.15)
    record Report(ShortMessage message, int status, Instant at) implements Parcel {

        /// TP-ST: received by the recipient.
        public static final int DELIVERED = 0x00;

        /// TP-ST: no response from the recipient, the SMSC still tries.
        public static final int STILL_TRYING = 0x22;

        /// TP-ST: connection rejected by the recipient, for good.
        public static final int REJECTED = 0x42;

        /// TP-ST: the validity period is over.
        public static final int EXPIRED = 0x46;

        /// TP-ST: deleted by its sender.
        public static final int DELETED = 0x48;

        /// Whether the SMSC has ended its tries (§9.2.3.15: 0x20 to 0x3F are still trying).
        public boolean isFinal() {
            return status < 0x20 || status > 0x3F;
        }
    }
}
