/// MariaDB itself: the connection pool, the embedded server, the migrations, and the writer: one
/// thread that runs all transactions of this node, several in one commit where they come together.
///
/// The package knows no feature: no table of anybody's. It promises that
///
/// * a [dev.parley.store.Store#transaction] is committed and durable when it returns, and left no
///   trace when it throws, with the one exception that no database can rule out: when the connection
///   is lost during
///   `COMMIT`, the outcome is unknown and reported as [dev.parley.store.StoreUnavailable];
/// * only deadlocks and lock waits (MariaDB 1213 and 1205; on a Galera cluster a conflict at commit is
///   a 1213) are tried again, a bounded number of times: whatever runs in a transaction must be safe
///   to run twice;
/// * trouble with the database itself is always [dev.parley.store.StoreUnavailable], within a few
///   seconds, and the pool heals by itself; the same is said to a caller whose work does not get its
///   turn, because the writer stands. Any other SQL error is a mistake of ours and an
///   `IllegalStateException`.
///
/// For the daemon, which has the database for its [own use][dev.parley.store.SoleUse], a transaction that only adds
/// rows is one row of a journal, and the rows are in their tables a fifth of a second later, see
/// [dev.parley.store.WriteBehind]. No reader of the house sees the difference; whoever reads the tables otherwise, such
/// as a program of somebody's own, sees them as they were that long ago.
///
/// A work may keep facts in memory beside their rows: it changes them on the writer's thread, and
/// names with [dev.parley.store.Tx#onRollback] what undoes the change. What many works write goes
/// through [dev.parley.store.Tx#add], one statement for all of them; ids come from
/// [dev.parley.store.Ids].
///
/// Every statement of the house goes through [dev.parley.store.Sql], or [dev.parley.store.Tx] in a
/// work: values in their order, one reader for a row.
///
/// Times are `DATETIME(6)` in UTC, bound and read through [dev.parley.store.Times]. Row counts are the
/// rows that matched. Migrations lie in `db/migration`, forward only, one number range for each
/// feature.
@NullMarked
package dev.parley.store;

import org.jspecify.annotations.NullMarked;
