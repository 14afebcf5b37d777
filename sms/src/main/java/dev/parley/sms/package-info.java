/// The SMS codec: text to TPDU and back. Pure functions over values, no I/O, no dependencies.
///
/// | from | by | to |
/// |---|---|---|
/// | a text | [Segmenter] | [Segment]s, one a part |
/// | a segment and an address | [Submit#of], [Deliver#of] | a [Tpdu] |
/// | a TPDU | [Tpdu#encode] | octets |
/// | octets | [Pdu] | [Decoded]: a TPDU, or what is malformed and where |
///
/// [Description] names the fields of what was decoded, [Reassembly] puts parts together.
///
/// Specifications: 3GPP TS 23.038 (alphabets, TP-DCS), TS 23.040 (TPDUs), TS 24.011 and TS 27.005 (the
/// SMSC's address in front of them). Whatever octets come, decoding ends with a value, in time and
/// memory bounded by their number.
@NullMarked
package dev.parley.sms;

import org.jspecify.annotations.NullMarked;
