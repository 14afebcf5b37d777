/// What the links receive, from the octets to the text that a conversation gets and the report that the
/// queue settles.
///
/// A link's copy is stored raw, read, put together with its siblings and given on in one transaction,
/// and only then may the link delete or acknowledge it. A message is known by its TPDU with the SCTS in
/// it, wherever a copy lies and however often it comes ([CopyKey]); where there is no such time (SMPP, a
/// modem's odd PDU) by its place and octets. Parts under one reference are one text only while their
/// SCTS lie together ([PartTimes]). What nobody can read, what is not for people, and what met a mistake
/// of ours is kept raw with the reason, and stands in nobody's way.
///
/// The package knows no PDU (it asks the [dev.parley.link.Decoder] of the link's kind) and no rule of
/// conversations.
@NullMarked
package dev.parley.inbox;

import org.jspecify.annotations.NullMarked;
