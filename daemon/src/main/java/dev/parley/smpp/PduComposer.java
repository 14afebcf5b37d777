package dev.parley.smpp;

import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.BindType;
import org.jsmpp.util.PDUByteBuffer;

/// Composes the PDUs that we send, one line a field in the order of the specification. jsmpp's own
/// composer is not used: it refuses a password of more than eight octets, though SMSCs issue such.
final class PduComposer {
    private PduComposer() {}

    /// SMPP v3.4 §4.1.1, §4.1.3 and §4.1.5, which differ in their command id alone.
    static byte[] bind(BindType role, int sequence, SmppSettings settings) {
        var pdu = new PDUByteBuffer(role.commandId(), 0, sequence);
        pdu.append(settings.systemId());
        pdu.append(settings.password());
        pdu.append(settings.systemType());
        octet(pdu, settings.interfaceVersion());
        octet(pdu, 0); // addr_ton: the SMSC knows our numbers
        octet(pdu, 0); // addr_npi
        pdu.append(""); // address_range
        return pdu.toBytes();
    }

    /// SMPP v3.4 §4.4.1.
    static byte[] submitSm(int sequence, SubmitSm fields) {
        var pdu = new PDUByteBuffer(SMPPConstant.CID_SUBMIT_SM, 0, sequence);
        pdu.append(""); // service_type
        octet(pdu, fields.source().ton());
        octet(pdu, fields.source().npi());
        pdu.append(fields.source().digits());
        octet(pdu, fields.destination().ton());
        octet(pdu, fields.destination().npi());
        pdu.append(fields.destination().digits());
        octet(pdu, fields.esmClass());
        octet(pdu, 0); // protocol_id
        octet(pdu, 0); // priority_flag
        pdu.append(""); // schedule_delivery_time
        pdu.append(fields.validityPeriod());
        octet(pdu, fields.registeredDelivery());
        octet(pdu, 0); // replace_if_present_flag
        octet(pdu, fields.dataCoding());
        octet(pdu, 0); // sm_default_msg_id
        octet(pdu, fields.shortMessage().length);
        pdu.append(fields.shortMessage());
        fields.parameters().forEach(pdu::append);
        return pdu.toBytes();
    }

    /// `enquire_link`, `unbind`, `generic_nack` and the responses that have no body.
    static byte[] header(int commandId, int status, int sequence) {
        return new PDUByteBuffer(commandId, status, sequence).toBytes();
    }

    /// The answer to a `deliver_sm` or `data_sm` (SMPP v3.4 §4.6.2, §4.7.2): its `message_id` is empty,
    /// and left out with the whole body where it is a refusal.
    static byte[] answer(int commandId, CommandStatus status, int sequence) {
        var pdu = new PDUByteBuffer(commandId | SMPPConstant.MASK_CID_RESP, status.number(), sequence);
        if (status == CommandStatus.ESME_ROK) {
            pdu.append("");
        }
        return pdu.toBytes();
    }

    private static void octet(PDUByteBuffer pdu, int value) {
        pdu.append((byte) value);
    }
}
