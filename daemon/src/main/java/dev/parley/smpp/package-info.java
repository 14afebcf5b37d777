/// The SMPP link: an ESME by SMPP v3.4 (Issue 1.2; a v5.0 SMSC is understood too).
///
/// A pure core reads what an SMSC writes: [MessagePdu] the octets of a `deliver_sm` or `data_sm`,
/// [Receipt] what such a PDU says of a message of ours, [MessageIds] whether two spellings of a
/// `message_id` mean the same, [CommandStatus] what an error number means for the part. Around it
/// is a blocking shell: [SmppLink] keeps a number of sessions bound, each with its window, and
/// [SmppDecoder] gives the inbox the pure core.
///
/// It promises: an unanswered `submit_sm` is *uncertain* and never failed, also when the session
/// drops with a full window; a `deliver_sm` is acknowledged only after the listener has returned,
/// and always answered; no octets from the SMSC crash it, hang it, or make it allocate more than
/// 64 KiB for a PDU.
///
/// jsmpp composes PDUs, binds and keeps the session alive. Two things are ours, because
/// there it is wrong or wasteful: reading (jsmpp allocates whatever `command_length` says, loses
/// the framing when a read times out within a PDU, and its receipt parser throws at a quarter of
/// the real receipts), and waiting for responses (jsmpp lets every submit of a dropped session,
/// and its unbind, wait until the time is out).
///
/// It knows nothing of the database, the queue or conversations.
@NullMarked
package dev.parley.smpp;

import org.jspecify.annotations.NullMarked;
