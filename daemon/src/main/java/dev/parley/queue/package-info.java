/// The durable send queue: what conversations want sent, one row a part, until the network has it and
/// says what became of it.
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
/// **Lanes.** The parts of one lane have places in it, in the order in which their deliveries were put
/// here. Of each lane only the first, its *head*, may be handed over: it is `queued`, `held`,
/// `submitting` or `uncertain`. The others are `waiting`; in the table these two are `queued` parts,
/// told apart by their place and by `held`. The next becomes head when the head is accepted, failed or
/// withdrawn, in the same transaction. So a retry lets nothing overtake, and an uncertain part keeps
/// its own lane waiting (order could not be held otherwise) and no other. A delivery with `notBefore`
/// takes its place in the lane when that comes: until then it keeps nobody waiting.
///
/// **Memory and table.** The difficulty is to be quick without trusting memory. All is changed by
/// works of the store's one writer: they change the lanes in memory ([LineDesk]) and add the rows that
/// say the same, one statement for each kind of move in a transaction. What is rare (failures, holds,
/// taking back, reports that memory does not know) is done by SQL, and the lanes that it touched are
/// read again. A transaction that comes to nothing, or whose end nobody knows, has memory forgotten
/// and read again. So memory never says what the table does not, and of a long backlog only the
/// beginning is in memory.
///
/// **Handing over.** Before each commit, parts that are due go to links with places in their windows,
/// those made in the same transaction too: they are inserted as `submitting`. When that is durable the
/// links are called, which return at once; what they answer is the next work. Nobody asks the table
/// for work, and nothing wakes while there is nothing to do. A start turns each `submitting` part of
/// its links into `uncertain`. Each transaction with moves of a link checks the epoch of the link's
/// lease and locks it: a process that has lost its lease, even one that sleeps between the two
/// commits, can write nothing more.
///
/// **Uncertain parts.** The grace period ends only where the report could have come: with the link, or
/// another of its account, ready for a settling time, and every report that came before processed.
///
/// **Which link.** Links with a weight take turns ([Shares]), each as long as it is ready, its circuit
/// is closed, its limits leave something and its window has room: a slow one passes its turns on, so
/// that it holds up nobody. Where none has a weight, or none of those takes parts now, it is the first
/// of the others, in order of preference, that is ready and whose circuit is closed. The later parts
/// of a text follow the first, as long as its link takes parts. A circuit opens on hand-overs that the
/// link itself spoils, and closes when one part, the probe, gets through. A part whose hand-over got
/// no answer goes to no link, neither this nor another, before its grace period is over.
///
/// **Reports.** A part's end is never taken back: `delivered` after `failed`, or `failed` after
/// `delivered`, is counted as a duplicate and changes nothing, because the people who watch have been
/// told the first. Reports that belong to nothing are parked, and tried again whenever a part of their
/// link and recipient gets its reference or becomes uncertain. Links of one SMPP account are one in
/// this: its SMSC gives receipts to any of its sessions.
///
/// The package knows links by their interface, and of conversations what `conversation.Outbox` and
/// `conversation.DeliveryProgress` say.
@NullMarked
package dev.parley.queue;

import org.jspecify.annotations.NullMarked;
