/// What is kept about a person, who is known by a number: all of it in one answer, and its erasure.
///
/// The difficulty is that everybody keeps something: each feature has rows of its own, copies of texts and numbers lie
/// in events and remembered answers, and memory holds what rows said. So each feature says what it has as a
/// [dev.parley.person.Holding], and [dev.parley.person.People] goes through all of them.
///
/// **Erasing** begins with one transaction that closes the doors: the contact goes, the person's place in conversations
/// is taken by a pseudonym, what waits is taken back, opt-outs become hashes ([dev.parley.person.NumberHash]), and
/// memory is read again. From then on nothing new is written about the number, unless it texts again: then it is
/// somebody new. What is left goes a bite at a time, so that nobody else waits long; whoever reads meanwhile sees
/// some texts still and others not any more, and never one under a wrong name. The row of the erasure keeps the number
/// until the last bite, so that a restart goes on.
///
/// Texts of others that mention the person stay: they are theirs. So do titles of groups.
///
/// The package knows no feature.
@NullMarked
package dev.parley.person;

import org.jspecify.annotations.NullMarked;
