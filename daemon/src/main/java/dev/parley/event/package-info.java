/// The append-only log of facts: written in the transaction of the fact, read by cursor. The live stream, the
/// webhooks and every other node read the same log.
///
/// It promises that ids are in the order in which the facts were committed: a reader that has seen id `n` has
/// seen every event with a smaller id that there will ever be. The price is one counter row that each
/// transaction with events locks last, directly before its commit; InnoDB lets go of it before the flush to
/// the disk, so that commits still share flushes.
///
/// It knows what an access rule needs to know of an event ([dev.parley.event.Scope]) and nothing of who may
/// see it, nor what the payloads say.
@NullMarked
package dev.parley.event;

import org.jspecify.annotations.NullMarked;
