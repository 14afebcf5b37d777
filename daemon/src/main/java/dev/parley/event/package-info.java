/// The append-only log of facts: written in the transaction of the fact, read by cursor. The live stream, the
/// webhooks and every other node read the same log.
///
/// It promises that ids are in the order in which the facts were committed: a reader that has seen id `n` has
/// seen every event with a smaller id that there will ever be. Ids follow each other without a gap, and each
/// node hands them out from memory at the end of its transactions. Two nodes that take the same id meet at the
/// primary key: the later one waits there for the other's commit and then does its transaction again, behind
/// it. So a commit that appends an event tells a node, too, that nobody else has appended one since its last:
/// what it holds in memory is still true of everything whose change is an event.
///
/// The latest events of a node are kept in memory, so that readers who keep up cost the database nothing.
///
/// It knows what an access rule needs to know of an event ([dev.parley.event.Scope]) and nothing of who may
/// see it, nor what the payloads say.
@NullMarked
package dev.parley.event;

import org.jspecify.annotations.NullMarked;
