package dev.parley.smpp;

/// The command ids that the link itself reads or writes: SMPP v3.4 §5.1.2.1. All others are
/// jsmpp's.
final class CommandId {
    private CommandId() {}

    static final int HEADER_OCTETS = 16;

    /// The bit that makes a response of a request.
    static final int RESPONSE = 0x8000_0000;

    static final int GENERIC_NACK = 0x8000_0000;
    static final int SUBMIT_SM = 0x0000_0004;
    static final int SUBMIT_SM_RESP = SUBMIT_SM | RESPONSE;
    static final int DELIVER_SM = 0x0000_0005;
    static final int DATA_SM = 0x0000_0103;
    static final int UNBIND = 0x0000_0006;
    static final int ENQUIRE_LINK = 0x0000_0015;
    static final int ENQUIRE_LINK_RESP = ENQUIRE_LINK | RESPONSE;
}
