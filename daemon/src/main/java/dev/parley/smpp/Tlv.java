package dev.parley.smpp;

/// The tags of the optional parameters that matter here: SMPP v3.4 §5.3.2.
enum Tlv {
    RECEIPTED_MESSAGE_ID(0x001E),
    SAR_MSG_REF_NUM(0x020C),
    SAR_TOTAL_SEGMENTS(0x020E),
    SAR_SEGMENT_SEQNUM(0x020F),
    NETWORK_ERROR_CODE(0x0423),
    MESSAGE_PAYLOAD(0x0424),
    MESSAGE_STATE(0x0427);

    final int tag;

    Tlv(int tag) {
        this.tag = tag;
    }
}
