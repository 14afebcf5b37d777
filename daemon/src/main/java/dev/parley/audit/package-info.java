/// Who did what, from where: an append-only log of what admins answer for. It is not the event log: it
/// names who did it and from which address, is kept for `retention.audit`, and is read by admins alone.
///
/// It promises that
///
/// * what is done in a transaction of ours has its entry in that transaction: neither stands without the
///   other;
/// * what is not, such as a command to a modem, has an entry that it begins before it does, and one of how
///   it ended; what is refused has one of its own. Both are committed before whoever asked gets the answer;
/// * nothing here changes an entry, and nothing deletes one but its age;
/// * no entry holds a text, a password, a token's secret or what a password manager would keep.
///
/// The package knows no user and no HTTP: what stands in an entry is the caller's to say.
@NullMarked
package dev.parley.audit;

import org.jspecify.annotations.NullMarked;
