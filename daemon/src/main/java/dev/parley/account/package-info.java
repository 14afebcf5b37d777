/// Who uses Parley and what they may see: users, their passwords, sessions and tokens, and the access rule.
///
/// It promises that
///
/// * no secret can be read back from the database: passwords are Argon2id hashes, session and token secrets SHA-256
///   digests of 256 random bits;
/// * guessing is slow ([dev.parley.account.SignIn]) and hashing cannot take all memory or all cores
///   ([dev.parley.account.Passwords]);
/// * there is always an admin, once there was one;
/// * a deleted user can do nothing from the moment of the commit: its sessions and tokens end in the same transaction.
///   Its name stays with what it wrote and is free for another user; contacts that were assigned to it become
///   unassigned;
/// * what a user may see is decided in [dev.parley.account.Access] and nowhere else, as a condition for lists and as a
///   predicate for one object, which agree.
///
/// The package knows no HTTP, no cookie and no conversation; the access rule names the tables of contacts and
/// participants, because it is there to keep that knowledge in one place.
@NullMarked
package dev.parley.account;

import org.jspecify.annotations.NullMarked;
