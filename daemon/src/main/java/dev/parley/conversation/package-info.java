/// Conversations: groups, what is said in them, its way to each participant, who is blocked, labels. What people
/// text is read and decided by `reply`, which knows this package and is not known here.
///
/// What is said is a [dev.parley.conversation.Message]; each way of it to one participant is a
/// [dev.parley.conversation.Delivery], which goes to the [dev.parley.conversation.Outbox] in the
/// transaction that makes it. The queue tells [dev.parley.conversation.Deliveries] what becomes of it.
///
/// Locks are taken in this order, so that nothing is decided on what is about to change: the line
/// (creation of groups: tags), the conversation (what is said in it keeps its order), its participants
/// (whoever sends locks them shared; whoever blocks a number, by opt-out or Do Not Disturb, locks all
/// of its participants exclusively first, so that no text slips out beside it).
///
/// The package knows users and contacts, and of links only their failure codes.
@NullMarked
package dev.parley.conversation;

import org.jspecify.annotations.NullMarked;
