package dev.parley.smpp;

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
/// @param shortMessage the text: `short_message`, or `message_payload` where that is empty, blank, or
/// the
/// payload's beginning, or there is none (`data_sm`)
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

    /// Bits 5 to 2 of `esm_class`, the message type: §5.2.12.
    private static final int TYPE = 0x3C;

    private static final int UDHI = 0x40;

    static Read read(byte[] pdu) {
        if (pdu.length < SMPPConstant.PDU_HEADER_LENGTH) {
            return new Read.Malformed(CommandStatus.ESME_RINVCMDLEN, "a PDU of " + pdu.length + " octets");
        }
        try {
            int commandId = new OctetReader(pdu, 4, 8).fourOctets("command_id");
            var in = new OctetReader(pdu, SMPPConstant.PDU_HEADER_LENGTH, pdu.length);
            return switch (commandId) {
                case SMPPConstant.CID_DELIVER_SM -> new Read.Ok(deliverSm(in));
                case SMPPConstant.CID_DATA_SM -> new Read.Ok(dataSm(in));
                default ->
                    new Read.Malformed(
                            CommandStatus.ESME_RINVCMDID, "command_id %08X carries no message".formatted(commandId));
            };
        } catch (OctetReader.Truncated e) {
            return new Read.Malformed(
                    CommandStatus.ESME_RINVMSGLEN, e.field + " at offset " + e.offset + " " + e.getMessage());
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
    /// not used: with a
    /// blank, a NUL, or as much of the payload as it holds.
    private static boolean isBesidePayload(byte[] shortMessage, byte[] payload) {
        if (payload.length == 0) {
            return false;
        }
        boolean blank = true;
        for (byte octet : shortMessage) {
            blank &= octet == 0 || octet == ' ' || octet == '\r' || octet == '\n';
        }
        return blank
                || (shortMessage.length <= payload.length
                        && Arrays.equals(shortMessage, 0, shortMessage.length, payload, 0, shortMessage.length));
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
            // One claims more than is left. What stands before it is sound, and the mandatory fields
            // are.
            return tlvs;
        }
        return tlvs;
    }

    Optional<byte[]> tlv(Tag tag) {
        return Optional.ofNullable(tlvs.get(tag.code()));
    }

    /// The value of an optional parameter as a number, however many octets it was given: some SMSCs
    /// take two for one,
    /// and one for two.
    Optional<Integer> numberOf(Tag tag) {
        return tlv(tag).filter(value -> value.length >= 1 && value.length <= Integer.BYTES)
                .map(value -> {
                    int number = 0;
                    for (byte octet : value) {
                        number = (number << 8) | (octet & 0xFF);
                    }
                    return number;
                });
    }

    Type type() {
        return switch (esmClass & TYPE) {
            case 0x00 -> Type.MESSAGE;
            case 0x04 -> Type.RECEIPT;
            case 0x08 -> Type.DELIVERY_ACKNOWLEDGEMENT;
            case 0x10 -> Type.USER_ACKNOWLEDGEMENT;
            case 0x18 -> Type.CONVERSATION_ABORT;
            case 0x20 -> Type.INTERMEDIATE_NOTIFICATION;
            // Reserved, but the receipt bit stands: better read as a receipt than a person's text to
            // be relayed.
            case 0x24 -> Type.RECEIPT;
            default -> Type.RESERVED;
        };
    }

    boolean udhi() {
        return (esmClass & UDHI) != 0;
    }

    /// What a PDU is, whatever its mode and GSM bits say besides (§5.2.12).
    enum Type {
        MESSAGE,
        RECEIPT,
        DELIVERY_ACKNOWLEDGEMENT,
        USER_ACKNOWLEDGEMENT,
        CONVERSATION_ABORT,
        INTERMEDIATE_NOTIFICATION,
        RESERVED
    }
}
