/// The durable send queue: what conversations want sent, one row a part, until the network has it and says what
/// became of it.
///
/// ```
/// scheduled ─▶ waiting ─▶ queued ◀──▶ held            waiting, queued, held, scheduled ─▶ withdrawn | failed
///                           │  ▲
///                           ▼  │ postponed, not handed over
///                        submitting ─────▶ accepted ─▶ delivered | failed
///                           │                 ▲
///                           ▼                 │ a report proves it
///                        uncertain ───────────┘
///                           └──▶ queued, when the grace period passes without one
/// ```
///
/// **Lanes.** The parts of one lane have places in it, in the order in which their deliveries were put here. Of each
/// lane at most one part, its *head*, is `queued`, `held`, `submitting` or `uncertain`; the others are `waiting`. The
/// next becomes head when the head is accepted, failed or withdrawn, in the same transaction. So a retry lets nothing
/// overtake, an uncertain part keeps its own lane waiting (order could not be held otherwise) and no other, and
/// what a claim reads is exactly what may be sent. A delivery with `notBefore` takes its place in the lane when that
/// comes: until then it keeps nobody waiting. The row of the lane is the lock for all its parts: whoever moves a
/// part locks it first; only the step to `submitting` goes by the part's own row.
///
/// **Handing over.** One virtual thread for each place in a link's window. `submitting` is committed before the link
/// is called; what the link answers is committed by a conditional update from `submitting`. Both go through one
/// group commit, so that a full window shares its flushes. A start turns each `submitting` part of its links into
/// `uncertain`. Each write for a link checks the epoch of the link's lease and locks it for the transaction: a process
/// that has lost its lease, even one that sleeps between the two commits, can write nothing more.
///
/// **Which link.** Links with a weight take turns ([Shares]), each as long as it is ready, its circuit is closed, its
/// limits leave something and its window has room: a slow one passes its turns on, so that it holds up nobody. Where
/// none has a weight, or none of those takes parts now, it is the first of the others, in order of preference, that
/// is ready and whose circuit is closed. The later parts of a text follow the first, as long as its link takes parts.
/// A circuit opens on hand-overs that the link itself spoils, and closes when one part, the probe, gets
/// through.
/// A part whose hand-over got no answer goes to no link, neither this nor another, before its grace period is over.
///
/// **Reports.** A part's end is never taken back: `delivered` after `failed`, or `failed` after `delivered`, is
/// counted as a duplicate and changes nothing, because the people who watch have been told the first. Reports that
/// belong to nothing are parked, and tried again whenever a part of their link and recipient gets its reference or
/// becomes uncertain. Links of one SMPP account are one in this: its SMSC gives receipts to any of its sessions.
///
/// The package knows links by their interface, and of conversations what `conversation.Outbox` and
/// `conversation.DeliveryProgress` say.
@NullMarked
package dev.parley.queue;

import org.jspecify.annotations.NullMarked;
