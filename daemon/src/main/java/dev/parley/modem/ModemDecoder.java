package dev.parley.modem;

import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.Received;

/// Reads what a modem received: SMS-DELIVER and SMS-STATUS-REPORT with the SMSC's address in front (3GPP TS 27.005
/// §3.1, `<pdu>`).
public final class ModemDecoder implements Decoder {
    @Override
    public Received decode(Inbound inbound) {
        return new Received.Unreadable("not read yet");
    }
}
