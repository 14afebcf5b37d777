package dev.parley.smpp;

import org.jsmpp.bean.OptionalParameter.Tag;

/// The optional parameters that matter here, by their tags: SMPP v3.4 §5.3.2.
enum Tlv {
    RECEIPTED_MESSAGE_ID(Tag.RECEIPTED_MESSAGE_ID),
    SAR_MSG_REF_NUM(Tag.SAR_MSG_REF_NUM),
    SAR_TOTAL_SEGMENTS(Tag.SAR_TOTAL_SEGMENTS),
    SAR_SEGMENT_SEQNUM(Tag.SAR_SEGMENT_SEQNUM),
    NETWORK_ERROR_CODE(Tag.NETWORK_ERROR_CODE),
    MESSAGE_PAYLOAD(Tag.MESSAGE_PAYLOAD),
    MESSAGE_STATE(Tag.MESSAGE_STATE);

    final int tag;

    Tlv(Tag tag) {
        this.tag = Short.toUnsignedInt(tag.code());
    }
}
