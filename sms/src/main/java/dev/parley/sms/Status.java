package dev.parley.sms;

/// TP-ST: what became of a message, as the SMSC says (3GPP TS 23.040 §9.2.3.15).
///
/// @param octet 0 to 255, kept as it came
public record Status(int octet) {

    /// The four ranges of §9.2.3.15, and the upper half that is none of them.
    public enum StatusClass {
        COMPLETED("completed"),
        TEMPORARY_STILL_TRYING("temporary-still-trying"),
        PERMANENT("permanent"),
        /// Called a temporary error, but the SMSC has given up.
        TEMPORARY_STOPPED("temporary-stopped"),
        /// To be read as *service rejected* (0x63).
        RESERVED("reserved");

        private final String label;

        StatusClass(String label) {
            this.label = label;
        }

        /// The word that the command line uses.
        public String label() {
            return label;
        }
    }

    /// What follows for the part.
    public enum Outcome {
        /// The phone has it, and the SMSC says so.
        DELIVERED,
        /// The SMSC still tries; another report comes.
        STILL_TRYING,
        /// The SMSC has done what it does and does not know whether the phone has it; no other report
        /// comes.
        UNCONFIRMED,
        /// The SMSC has given up for good.
        FAILED
    }

    public Status {
        if (octet < 0 || octet > 255) {
            throw new IllegalArgumentException("TP-ST " + octet + " (0 to 255)");
        }
    }

    public StatusClass statusClass() {
        return switch (octet >> 5) {
            case 0 -> StatusClass.COMPLETED;
            case 1 -> StatusClass.TEMPORARY_STILL_TRYING;
            case 2 -> StatusClass.PERMANENT;
            case 3 -> StatusClass.TEMPORARY_STOPPED;
            default -> StatusClass.RESERVED;
        };
    }

    /// Only 0x00 says that the phone has it. A replaced message (0x02) never arrives.
    public Outcome outcome() {
        return switch (statusClass()) {
            case COMPLETED ->
                switch (octet) {
                    case 0x00 -> Outcome.DELIVERED;
                    case 0x02 -> Outcome.FAILED;
                    default -> Outcome.UNCONFIRMED;
                };
            case TEMPORARY_STILL_TRYING -> Outcome.STILL_TRYING;
            case PERMANENT, TEMPORARY_STOPPED, RESERVED -> Outcome.FAILED;
        };
    }

    /// Whether no other report is to be expected.
    public boolean isFinal() {
        return statusClass() != StatusClass.TEMPORARY_STILL_TRYING;
    }

    public boolean delivered() {
        return octet == 0x00;
    }

    /// A sentence for a person.
    public String sentence() {
        return switch (statusClass()) {
            case COMPLETED -> completed();
            case TEMPORARY_STILL_TRYING -> "Not delivered yet, the network keeps trying: " + error() + ".";
            case PERMANENT -> "Not delivered: " + permanent() + ".";
            case TEMPORARY_STOPPED -> "Not delivered, and the network has stopped trying: " + error() + ".";
            case RESERVED ->
                "Not delivered: the network gave a status that the standard does not define (0x%02X).".formatted(octet);
        };
    }

    private String completed() {
        return switch (octet) {
            case 0x00 -> "Delivered to the phone.";
            case 0x01 -> "Forwarded, but the network cannot confirm that the phone got it.";
            case 0x02 -> "Replaced at the network by a later message before it was delivered.";
            default ->
                "Completed, the network does not say how (0x%02X); it is not known whether the phone got it."
                        .formatted(octet);
        };
    }

    private String error() {
        return switch (octet & 0x1F) {
            case 0x00 -> "it is congested";
            case 0x01 -> "the phone is busy";
            case 0x02 -> "the phone does not answer; it may be off or out of reach";
            case 0x03 -> "the service was rejected";
            case 0x04 -> "the quality of service is not available";
            case 0x05 -> "the phone reported an error";
            default -> "a reason of the network's own (0x%02X)".formatted(octet);
        };
    }

    private String permanent() {
        return switch (octet) {
            case 0x40 -> "the networks could not talk to each other (remote procedure error)";
            case 0x41 -> "the destination cannot take this kind of message";
            case 0x42 -> "the recipient's phone or network rejected the connection";
            case 0x43 -> "the number cannot be reached by SMS";
            case 0x44 -> "the quality of service is not available";
            case 0x45 -> "there is no connection to the recipient's network";
            case 0x46 -> "its validity ended before the phone could be reached";
            case 0x47 -> "it was deleted by its sender";
            case 0x48 -> "it was deleted by the network's operator";
            case 0x49 -> "the network does not know this message any more";
            default -> "a reason of the network's own (0x%02X)".formatted(octet);
        };
    }
}
