package dev.parley.smpp;

import java.nio.charset.StandardCharsets;
import org.jsmpp.SMPPConstant;

/// What tests look at in a `submit_sm` (SMPP v3.4 §4.4.1).
record SubmitFields(String destination, String validity, int dataCoding, String text) {

    static SubmitFields of(TestSmsc.Pdu pdu) {
        try {
            var in = new OctetReader(pdu.octets(), SMPPConstant.PDU_HEADER_LENGTH);
            in.cString("service_type");
            in.twoOctets("source_addr_ton, source_addr_npi");
            in.cString("source_addr");
            in.twoOctets("dest_addr_ton, dest_addr_npi");
            var destination = in.cString("destination_addr");
            in.octets("esm_class, protocol_id, priority_flag", 3);
            in.cString("schedule_delivery_time");
            var validity = in.cString("validity_period");
            in.twoOctets("registered_delivery, replace_if_present_flag");
            int dataCoding = in.octet("data_coding");
            in.octet("sm_default_msg_id");
            var message = in.octets("short_message", in.octet("sm_length"));
            return new SubmitFields(
                    destination, validity, dataCoding, new String(message, StandardCharsets.ISO_8859_1));
        } catch (OctetReader.Truncated e) {
            throw new AssertionError(e);
        }
    }
}
