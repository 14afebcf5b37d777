package dev.parley.link;

/// Why a delivery failed, as the API says it: stable codes, each with a sentence that a person can act on. The
/// network's own number stands beside it.
public enum FailureCode {
    UNKNOWN_NUMBER("unknown-number", "The network does not know this number."),
    BARRED("barred", "The network does not let this SIM or account send to this number."),
    UNREACHABLE("unreachable", "The phone could not be reached: switched off, out of coverage, or its memory is full."),
    REJECTED_BY_RECIPIENT("rejected-by-recipient", "The phone refused the message."),
    REFUSED_BY_NETWORK("refused-by-network", "The network refused the message."),
    REFUSED_BY_MODEM("refused-by-modem", "The modem refused the message."),
    NETWORK_TROUBLE("network-trouble", "The network is in trouble or overloaded."),
    NO_CREDIT("no-credit", "The account or SIM has no credit left."),
    EXPIRED("expired", "It could not be delivered within its validity."),
    NO_LINK("no-link", "No link of this line was ready within the validity of the message."),
    NO_ANSWER(
            "no-answer",
            "It was handed to the network as often as is permitted, and no answer and no report ever came; it may have"
                    + " arrived."),
    RETRIES_USED_UP("retries-used-up", "All attempts to hand it to the network failed."),
    DELETED_BY_NETWORK("deleted-by-network", "The message was deleted at the SMSC before it was delivered."),
    UNKNOWN("unknown", "The network reported a failure without a reason.");

    private final String label;
    private final String sentence;

    FailureCode(String label, String sentence) {
        this.label = label;
        this.sentence = sentence;
    }

    /// The stable code of the API.
    public String label() {
        return label;
    }

    public String sentence() {
        return sentence;
    }
}
