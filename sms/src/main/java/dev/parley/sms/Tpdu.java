package dev.parley.sms;

/// A message between a phone and its SMSC (3GPP TS 23.040 §9.2.2), as far as a gateway meets it.
public sealed interface Tpdu permits Deliver, Submit, StatusReport {

    /// The TPDU on the wire, without the SMSC's address in front.
    byte[] encode();
}
