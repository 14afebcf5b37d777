/// Webhooks: readers of the event log that post what they read to somebody's server, signed as Standard
/// Webhooks
/// 1.0 say, at least once and in order.
///
/// ```
///            a try fails                        tries used up, or 410 Gone
///   active ────────────────▶ active, waiting ─────────────────────────────▶ dead
///     ▲      2xx ◀──────────────┘                                             │
///     └──────────────────────── resume, replay ───────────────────────────────┘
/// ```
///
/// Each endpoint has a cursor of its own, moved in the database only after a 2xx answer: a crash repeats the
/// last
/// event (with the same `webhook-id`) and skips none. An event that fails holds back those behind it, and no
/// other
/// endpoint. What the owner may not see when the event is read is passed over.
///
/// The package knows the event log and the access rule, and nothing of what the payloads say.
@NullMarked
package dev.parley.webhook;

import org.jspecify.annotations.NullMarked;
