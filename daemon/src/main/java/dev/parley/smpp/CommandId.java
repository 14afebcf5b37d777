package dev.parley.smpp;

import org.jsmpp.SMPPConstant;

/// The command ids that the link reads or writes: SMPP v3.4 §5.1.2.1.
final class CommandId {
    private CommandId() {}

    static final int HEADER_OCTETS = 16;

    /// The bit that makes a response of a request.
    static final int RESPONSE = SMPPConstant.MASK_CID_RESP;

    static final int GENERIC_NACK = SMPPConstant.CID_GENERIC_NACK;
    static final int BIND_RECEIVER = SMPPConstant.CID_BIND_RECEIVER;
    static final int BIND_TRANSMITTER = SMPPConstant.CID_BIND_TRANSMITTER;
    static final int BIND_TRANSCEIVER = SMPPConstant.CID_BIND_TRANSCEIVER;
    static final int OUTBIND = SMPPConstant.CID_OUTBIND;
    static final int SUBMIT_SM = SMPPConstant.CID_SUBMIT_SM;
    static final int SUBMIT_SM_RESP = SMPPConstant.CID_SUBMIT_SM_RESP;
    static final int DELIVER_SM = SMPPConstant.CID_DELIVER_SM;
    static final int DATA_SM = SMPPConstant.CID_DATA_SM;
    static final int UNBIND = SMPPConstant.CID_UNBIND;
    static final int ENQUIRE_LINK = SMPPConstant.CID_ENQUIRE_LINK;
    static final int ENQUIRE_LINK_RESP = SMPPConstant.CID_ENQUIRE_LINK_RESP;
    static final int ALERT_NOTIFICATION = SMPPConstant.CID_ALERT_NOTIFICATION;
}
