/// What people text: whose reply it is, what it asks for, and to whom it goes on.
///
/// The difficulty is that an SMS carries no thread: a private text must never reach the wrong group, and a STOP must
/// never be talked over. [Keywords] reads words and freer wording (data in `words`), [ReplyRouting] decides by evidence
/// and in doubt not at all, [Replies] does what they say, [LoopGuard] keeps machines from answering each other,
/// [MessageMoves] lets a user place what was left open, [OptOuts] keeps who wants no more.
///
/// It knows the conversations and what they are made of; they do not know it.
@NullMarked
package dev.parley.reply;

import org.jspecify.annotations.NullMarked;
