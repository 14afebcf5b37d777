/// MariaDB itself: the connection pool, the embedded server, the migrations, transactions with their retries,
/// and the writer that commits small writes of many threads together.
///
/// The package knows no feature: no table of anybody's. It promises that
///
/// * a [dev.parley.store.Store#transaction] is committed and durable when it returns, and left no trace when
///   it throws, with the one exception that no database can rule out: when the connection is lost during
///   `COMMIT`, the outcome is unknown and reported as [dev.parley.store.StoreUnavailable];
/// * only deadlocks and lock waits (MariaDB 1213 and 1205; on a Galera cluster a conflict at commit is a
///   1213) are tried again, a bounded number of times: whatever runs in a transaction must be safe to run
///   twice;
/// * trouble with the database itself is always [dev.parley.store.StoreUnavailable], within a few seconds,
///   and the pool heals by itself. Any other SQL error is a mistake of ours and an `IllegalStateException`.
///
/// Times are `DATETIME(6)` in UTC, bound and read through [dev.parley.store.Times]. Row counts are the rows
/// that matched. Migrations lie in `db/migration`, forward only, one number range for each feature.
@NullMarked
package dev.parley.store;

import org.jspecify.annotations.NullMarked;
