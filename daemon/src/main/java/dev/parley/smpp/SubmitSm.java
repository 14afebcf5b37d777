package dev.parley.smpp;

import java.util.List;
import org.jsmpp.bean.OptionalParameter;

/// What a `submit_sm` says (SMPP v3.4 §4.4.1), as far as a text of ours says anything.
///
/// @param validityPeriod empty leaves it to the SMSC
@SuppressWarnings("ArrayRecordComponent") // on its way to the wire, compared by nobody
record SubmitSm(
        Address source,
        Address destination,
        int esmClass,
        String validityPeriod,
        int registeredDelivery,
        int dataCoding,
        byte[] shortMessage,
        List<OptionalParameter> parameters) {

    /// Type of number, numbering plan and address (§5.2.5, §5.2.6).
    record Address(int ton, int npi, String digits) {}
}
