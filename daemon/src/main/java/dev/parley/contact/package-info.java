/// People and their numbers: contacts, how numbers are read and shown, search, import and export.
///
/// It promises that
///
/// * a stored number is E.164 with `+`, whatever spelling it came in ([dev.parley.contact.Numbers]);
/// * each change appends `contact.updated` and tells the [dev.parley.contact.ContactListener]s, in the transaction
/// of
///   the change;
/// * a deleted contact keeps its row, its numbers, its assignment and its Do Not Disturb, which still holds: only
/// the
///   latter can be changed then;
/// * a number may belong to several contacts (a family's phone). Where one is asked for, the order is: those that
/// have it as
///   primary number first, then the older contact;
/// * an import happens whole or not at all.
///
/// The package knows users and what they may see, and nothing of conversations.
@NullMarked
package dev.parley.contact;

import org.jspecify.annotations.NullMarked;
