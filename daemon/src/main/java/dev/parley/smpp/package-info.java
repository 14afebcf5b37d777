/// The SMPP link: an ESME by SMPP v3.4 (Issue 1.2; a v5.0 SMSC is understood too).
///
/// A pure core reads what an SMSC writes: [MessagePdu] the octets of a `deliver_sm` or `data_sm`,
/// [Receipt] what such a PDU says of a message of ours, [MessageIds] which of them a `message_id` in
/// whatever spelling means, [CommandStatus] what an error number means for the part, [Tolerance] what
/// is left out of a `submit_sm` that the SMSC refused. Around it is a shell: [SmppLink] spreads submits
/// over its sessions, a [Binder] keeps each [SmppSession] bound, a [Reception] commits and acknowledges,
/// and [SmppDecoder] gives the inbox the pure core.
///
/// ```
/// Binder: connect → bind_* → bind_*_resp, status 0 → bound → (lasted 20 s: waits are short again) →
/// end → wait → …
/// submit: window place → turn of the rate → written with what lies ready → response | response
/// timeout | session's end
/// ```
///
/// It promises: an unanswered `submit_sm` is *uncertain* and never failed, also when the session
/// drops with a full window, and what was not written is *not handed over*; a `deliver_sm` is
/// acknowledged only after the listener has returned, and always answered; no octets from the SMSC
/// crash it, hang it, or make it allocate more than 64 KiB for a PDU; an SMSC that serves nothing is
/// bound ever more seldom, at most once a minute in the end.
///
/// The session is ours. jsmpp has one part in it: its vocabulary (command ids, kinds of bind, optional
/// parameters) and its PDU buffer. Its own session is not used: it reads whatever length
/// `command_length` claims, ends at versions that it does not know, and lets every submit of a dropped
/// session wait until the time is out.
///
/// It knows nothing of the database, the queue or conversations.
@NullMarked
package dev.parley.smpp;

import org.jspecify.annotations.NullMarked;
