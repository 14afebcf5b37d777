package dev.parley.smpp;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.OptionalParameter.Tag;

/// A `deliver_sm` (SMPP v3.4 §4.6.1) or `data_sm` (§4.7.1) as its octets say it.
///
/// The mandatory fields must all be there. The optional parameters are read as far as they make
/// sense: of a repeated one the first counts, and one that claims more octets than are left (real
/// SMSCs send such) ends the reading.
///
/// @param shortMessage the text: `short_message`, or `message_payload` where that is empty, blank,
/// or the payload's beginning, or there is none (`data_sm`)
@SuppressWarnings("ArrayRecordComponent") // lives within one decode; nobody writes to it or compares it
record MessagePdu(
        Party source,
        Party destination,
        int esmClass,
        int protocolId,
        int dataCoding,
        byte[] shortMessage,
        Map<Short, byte[]> tlvs) {

    /// Who sends or receives: type of number, numbering plan (§5.2.5, §5.2.6), and the address as it
    /// stands there.
    record Party(int ton, int npi, String address) {
        private static Party read(OctetReader in, String name) throws OctetReader.Truncated {
            return new Party(in.octet(name + "_ton"), in.octet(name + "_npi"), in.cString(name));
        }
    }

    sealed interface Read {
        record Ok(MessagePdu pdu) implements Read {}

        /// The octets are no such PDU.
        ///
        /// @param status what to answer: the SMSC should not send it again as it is
        record Malformed(CommandStatus status, String why) implements Read {}
    }

    /// The message type of an intermediate notification.
    static final int INTERMEDIATE = 0x20;

    private static final int UDHI = 0x40;

    static Read read(byte[] pdu) {
        if (pdu.length < SMPPConstant.PDU_HEADER_LENGTH) {
            return new Read.Malformed(CommandStatus.ESME_RINVCMDLEN, "a PDU of " + pdu.length + " octets");
        }
        try {
            int commandId = ByteBuffer.wrap(pdu).getInt(4);
            var in = new OctetReader(pdu, SMPPConstant.PDU_HEADER_LENGTH);
            return switch (commandId) {
                case SMPPConstant.CID_DELIVER_SM -> new Read.Ok(deliverSm(in));
                case SMPPConstant.CID_DATA_SM -> new Read.Ok(dataSm(in));
                default ->
                    new Read.Malformed(
                            CommandStatus.ESME_RINVCMDID, "command_id %08X carries no message".formatted(commandId));
            };
        } catch (OctetReader.Truncated e) {
            return new Read.Malformed(CommandStatus.ESME_RINVMSGLEN, String.valueOf(e.getMessage()));
        }
    }

    private static MessagePdu deliverSm(OctetReader in) throws OctetReader.Truncated {
        in.cString("service_type");
        var source = Party.read(in, "source_addr");
        var destination = Party.read(in, "dest_addr");
        int esmClass = in.octet("esm_class");
        int protocolId = in.octet("protocol_id");
        in.octet("priority_flag");
        in.cString("schedule_delivery_time");
        in.cString("validity_period");
        in.octet("registered_delivery");
        in.octet("replace_if_present_flag");
        int dataCoding = in.octet("data_coding");
        in.octet("sm_default_msg_id");
        var shortMessage = in.octets("short_message", in.octet("sm_length"));
        var tlvs = tlvs(in);
        return new MessagePdu(
                source,
                destination,
                esmClass,
                protocolId,
                dataCoding,
                isBesidePayload(shortMessage, payload(tlvs)) ? payload(tlvs) : shortMessage,
                tlvs);
    }

    private static MessagePdu dataSm(OctetReader in) throws OctetReader.Truncated {
        in.cString("service_type");
        var source = Party.read(in, "source_addr");
        var destination = Party.read(in, "dest_addr");
        int esmClass = in.octet("esm_class");
        in.octet("registered_delivery");
        int dataCoding = in.octet("data_coding");
        var tlvs = tlvs(in);
        return new MessagePdu(source, destination, esmClass, 0, dataCoding, payload(tlvs), tlvs);
    }

    /// The specification wants only one of the two (§5.3.2.32), and some SMSCs fill the field that is
    /// not used: with a blank, a NUL, or as much of the payload as it holds.
    private static boolean isBesidePayload(byte[] shortMessage, byte[] payload) {
        if (payload.length == 0) {
            return false;
        }
        boolean blank = true;
        for (byte octet : shortMessage) {
            blank &= octet == 0 || octet == ' ' || octet == '\r' || octet == '\n';
        }
        int shared = Math.min(shortMessage.length, payload.length);
        return blank || Arrays.equals(shortMessage, 0, shortMessage.length, payload, 0, shared);
    }

    private static byte[] payload(Map<Short, byte[]> tlvs) {
        return tlvs.getOrDefault(Tag.MESSAGE_PAYLOAD.code(), new byte[0]);
    }

    private static Map<Short, byte[]> tlvs(OctetReader in) {
        var tlvs = new HashMap<Short, byte[]>();
        try {
            while (in.left() >= 4) {
                short tag = (short) in.twoOctets("tag");
                tlvs.putIfAbsent(tag, in.octets("value", in.twoOctets("length")));
            }
        } catch (OctetReader.Truncated _) {
            // One claims more than is left. What stands before it is sound, and the mandatory fields are.
        }
        return tlvs;
    }

    Optional<byte[]> tlv(Tag tag) {
        return Optional.ofNullable(tlvs.get(tag.code()));
    }

    /// The value of an optional parameter as a number, however many octets it was given: some SMSCs
    /// take two for one, and one for two.
    Optional<Integer> numberOf(Tag tag) {
        return tlv(tag).filter(value -> value.length >= 1 && value.length <= Integer.BYTES)
                .map(value -> new BigInteger(1, value).intValue());
    }

    /// What it is, whatever its mode and GSM bits say besides: bits 5 to 2 of `esm_class` (§5.2.12).
    int messageType() {
        return esmClass & 0x3C;
    }

    boolean udhi() {
        return (esmClass & UDHI) != 0;
    }
}
