package dev.parley.sms;

import java.util.Optional;

/// What came out of decoding a PDU.
public sealed interface Decoded {

    /// A PDU that can be read.
    ///
    /// @param smsc empty where the PDU has none (`00`), or none in front
    record Ok(Optional<Address> smsc, Tpdu tpdu) implements Decoded {}

    /// A PDU that cannot be read.
    ///
    /// @param field the field as the specification spells it: `TP-UDL`
    /// @param offset of the octet where it begins or is missing, counted from the beginning of what was
    /// given
    /// @param why what is wrong with it, as a part of a sentence
    record Malformed(String field, int offset, String why) implements Decoded {}
}
