/// What the queue knows of a link: one way onto the network for a line.
///
/// A link takes one part at a time per place in its window ([Link#submit]) and answers with an outcome that is a
/// value ([SubmitOutcome]); what comes from the network (texts, status reports) and what becomes of the link itself
/// goes to a [LinkListener]. The two promises on which everything above stands are made here and kept by each kind of
/// link:
///
/// * a text or a report is taken off the modem, or acknowledged to the SMSC, only after the listener has returned,
///   that is after the fact is committed;
/// * "no answer came" is [SubmitOutcome.Uncertain] and never a failure: such a part may be on the air.
///
/// What is peculiar to a kind of link is said by its [LinkKind], which is implemented in the kind's
/// own room: which part a report means, which octets are a repetition, how long a part usually
/// takes. What a person may ask its device is a [Console]. Nothing above asks which kind a link is.
///
/// The package knows no modem, no SMPP, no database and no conversation.
@NullMarked
package dev.parley.link;

import org.jspecify.annotations.NullMarked;
